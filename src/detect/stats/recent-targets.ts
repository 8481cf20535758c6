// Different targets contacted within a sliding window, and how the first contact with each went.
import { DistinctCount } from './distinct-count.ts';
import { appended } from './short-list.ts';

/** The first contact with a target, renewed by later ones. */
interface Contact {
  readonly target: string;
  readonly uid: string;
  at: number;
  failed: boolean;
}

/** When contacts are many enough to count, the same for all who use it. */
export interface TargetsRule {
  readonly windowMicros: number;
  /** Distinct targets. */
  readonly threshold: number;
  /** Share of them without success, at least. */
  readonly failedShare: number;
}

/** Uids and targets that are kept as samples. */
const sampleSize = 50;
/** Shared by all who have no samples; never changed. */
const none: string[] = [];

/**
 * Sliding window over distinct targets, which ends at the newest contact. Before the threshold it holds at most `threshold` young
 * targets; afterwards it only counts (constant memory) for as long as contacts keep coming within the window. After a pause the
 * threshold must be passed again; then the same episode goes on, so that what is known only grows.
 * Times are microseconds since the epoch and may arrive in any order; what is older than the window is not counted.
 */
export class RecentTargets {
  readonly #rule: TargetsRule;
  /** A map is made for the second target: most who are followed have one. */
  #young: Contact | Map<string, Contact> | undefined;
  #episode: Episode | undefined;
  #isPassed = false;
  #newest = Number.NEGATIVE_INFINITY;

  /** @param earlier an episode that goes on when the threshold is passed again */
  constructor(rule: TargetsRule, earlier?: Episode) {
    this.#rule = rule;
    this.#episode = earlier;
  }

  /** @returns the episode while the threshold is passed, else undefined */
  add(target: string, at: number, failed: boolean, uid: string): Episode | undefined {
    if (this.#episode !== undefined && this.#isPassed) {
      if (at - this.#episode.lastAt <= this.#rule.windowMicros) {
        this.#episode.add(target, at, failed, uid);
        return this.#episode;
      }
      this.#isPassed = false;
    }
    this.#newest = Math.max(this.#newest, at);
    const known = this.#known(target);
    if (known === undefined) return this.#note({ target, uid, at, failed });
    known.at = Math.max(known.at, at);
    known.failed &&= failed;
    return undefined;
  }

  #known(target: string): Contact | undefined {
    const young = this.#young;
    if (young instanceof Map) return young.get(target);
    return young?.target === target ? young : undefined;
  }

  #note(contact: Contact): Episode | undefined {
    const { threshold } = this.#rule;
    if (this.#young === undefined && threshold > 1) {
      this.#young = contact;
      return undefined;
    }
    if (!(this.#young instanceof Map)) this.#young = new Map(this.#young && [[this.#young.target, this.#young]]);
    this.#young.set(contact.target, contact);
    return this.#young.size < threshold ? undefined : this.#check(this.#young);
  }

  /** What passed the threshold so far, in all episodes; undefined before it was passed. */
  get episode(): Episode | undefined {
    return this.#episode;
  }

  #check(young: Map<string, Contact>): Episode | undefined {
    const { windowMicros, threshold, failedShare } = this.#rule;
    let failed = 0;
    for (const [target, contact] of young) {
      if (contact.at < this.#newest - windowMicros) young.delete(target);
      else if (contact.failed) failed++;
    }
    if (young.size < threshold) return undefined;
    if (failed / young.size < failedShare) {
      // Busy but successful: forget the oldest so that the window stays bounded.
      for (const target of young.keys()) {
        young.delete(target);
        break;
      }
      return undefined;
    }
    const episode = this.#episode ?? new Episode();
    for (const { target, at, failed: withoutSuccess, uid } of young.values()) episode.add(target, at, withoutSuccess, uid);
    this.#young = undefined;
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
  #uids: string[] = none;
  /** Contacts at which the finding was last raised; next at the next power of two. */
  #raisedAt = 0;

  add(target: string, at: number, failed: boolean, uid: string): void {
    this.firstAt = Math.min(this.firstAt, at);
    this.lastAt = Math.max(this.lastAt, at);
    this.contacts++;
    if (failed) this.failed++;
    this.targets.add(target);
    if (uid !== '' && this.#uids.length < sampleSize) this.#uids = appended(this.#uids, uid);
  }

  /** Uids of the first contacts. */
  get uids(): readonly string[] {
    return this.#uids;
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
