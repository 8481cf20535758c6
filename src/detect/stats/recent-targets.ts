// Different targets contacted within a sliding window, and how the first contact with each went.
import { DistinctCount } from './distinct-count.ts';

interface Contact {
  at: number;
  failed: boolean;
  uid: string;
}

/** Uids and targets that are kept as samples. */
const sampleSize = 50;

/**
 * Sliding window over distinct targets, which ends at the newest contact. Before the threshold it holds at most `threshold` young
 * targets; afterwards it only counts (constant memory) for as long as contacts keep coming within the window. After a pause the
 * threshold must be passed again; then the same episode goes on, so that what is known only grows.
 * Times are microseconds since the epoch and may arrive in any order; what is older than the window is not counted.
 */
export class RecentTargets {
  readonly #windowMicros: number;
  readonly #threshold: number;
  readonly #failedShare: number;
  readonly #young = new Map<string, Contact>();
  #episode: Episode | undefined;
  #isPassed = false;
  #newest = Number.NEGATIVE_INFINITY;

  constructor(windowMicros: number, threshold: number, failedShare: number) {
    this.#windowMicros = windowMicros;
    this.#threshold = threshold;
    this.#failedShare = failedShare;
  }

  /** @returns the episode while the threshold is passed, else undefined */
  add(target: string, at: number, failed: boolean, uid: string): Episode | undefined {
    if (this.#episode !== undefined && this.#isPassed) {
      if (at - this.#episode.lastAt <= this.#windowMicros) {
        this.#episode.add(target, at, failed, uid);
        return this.#episode;
      }
      this.#isPassed = false;
    }
    this.#newest = Math.max(this.#newest, at);
    const known = this.#young.get(target);
    if (known !== undefined) {
      known.at = Math.max(known.at, at);
      known.failed &&= failed;
      return undefined;
    }
    this.#young.set(target, { at, failed, uid });
    return this.#young.size < this.#threshold ? undefined : this.#check();
  }

  /** What passed the threshold so far, in all episodes; undefined before it was passed. */
  get episode(): Episode | undefined {
    return this.#episode;
  }

  #check(): Episode | undefined {
    let failed = 0;
    for (const [target, contact] of this.#young) {
      if (contact.at < this.#newest - this.#windowMicros) this.#young.delete(target);
      else if (contact.failed) failed++;
    }
    const size = this.#young.size;
    if (size < this.#threshold) return undefined;
    if (failed / size < this.#failedShare) {
      // Busy but successful: forget the oldest so that the window stays bounded.
      for (const target of this.#young.keys()) {
        this.#young.delete(target);
        break;
      }
      return undefined;
    }
    const episode = this.#episode ?? new Episode();
    for (const [target, contact] of this.#young) episode.add(target, contact.at, contact.failed, contact.uid);
    this.#young.clear();
    this.#episode = episode;
    this.#isPassed = true;
    return episode;
  }
}

/** What happened since the threshold was passed, the contacts that led to it included. */
export class Episode {
  firstAt = Number.POSITIVE_INFINITY;
  lastAt = Number.NEGATIVE_INFINITY;
  contacts = 0;
  failed = 0;
  readonly targets = new DistinctCount(4096);
  readonly uids: string[] = [];
  /** Contacts at which the finding was last raised; next at the next power of two. */
  #raisedAt = 0;

  add(target: string, at: number, failed: boolean, uid: string): void {
    this.firstAt = Math.min(this.firstAt, at);
    this.lastAt = Math.max(this.lastAt, at);
    this.contacts++;
    if (failed) this.failed++;
    this.targets.add(target);
    if (this.uids.length < sampleSize && uid !== '') this.uids.push(uid);
  }

  /** Share of contacts without success. */
  get failedShare(): number {
    return this.failed / this.contacts;
  }

  /** True when the episode doubled since it last said so: keeps raising cheap and alerts few. */
  get grew(): boolean {
    if (this.contacts < this.#raisedAt * 2) return false;
    this.#raisedAt = this.contacts;
    return true;
  }
}
