// The newest state of every finding, as text: thousands of them are objects only while somebody reads them.
import { type Finding, type Severity, severities } from '../model/finding.ts';

/** Most findings of one detector: one that says much must not silence the others. What does not fit is counted. */
const maxOfDetector = 2000;

interface Kept {
  readonly text: string;
  readonly detector: string;
  readonly severity: Severity;
  readonly lastSeen: number;
}

const rankOf = ({ severity }: { readonly severity: Severity }): number => severities.indexOf(severity);

/** Bounded by detector: a graver finding takes the place of the newest of the least grave. */
export class KeptFindings {
  /** Findings that did not fit into the bound. */
  dropped = 0;
  readonly #kept = new Map<string, Kept>();
  readonly #counts = new Map<string, number>();

  has(id: string): boolean {
    return this.#kept.has(id);
  }

  /** When it was last seen; undefined where there is none of this id. */
  lastSeen(id: string): number | undefined {
    return this.#kept.get(id)?.lastSeen;
  }

  get(id: string): Finding | undefined {
    const kept = this.#kept.get(id);
    return kept && (JSON.parse(kept.text) as Finding);
  }

  /** Gravest first, then by time, detector and id. */
  sorted(): readonly Finding[] {
    return Array.from(this.#kept.values(), ({ text }) => JSON.parse(text) as Finding).sort(
      (a, b) =>
        rankOf(b) - rankOf(a) ||
        a.firstSeen - b.firstSeen ||
        (a.detector < b.detector ? -1 : a.detector > b.detector ? 1 : a.id < b.id ? -1 : 1),
    );
  }

  /** Keeps it in place of an older state. @returns false when there is no room for a new one */
  put(finding: Finding): boolean {
    const { id, detector, severity, lastSeen } = finding;
    if (!this.#kept.has(id) && !this.#makeRoom(finding)) return false;
    this.#kept.set(id, { text: JSON.stringify(finding), detector, severity, lastSeen });
    return true;
  }

  #makeRoom(finding: Finding): boolean {
    const { detector } = finding;
    const count = this.#counts.get(detector) ?? 0;
    if (count < maxOfDetector) {
      this.#counts.set(detector, count + 1);
      return true;
    }
    this.dropped++;
    const least = this.#leastGrave(detector);
    if (least === undefined || rankOf(least[1]) >= rankOf(finding)) return false;
    this.#kept.delete(least[0]);
    return true;
  }

  #leastGrave(detector: string): [id: string, kept: Kept] | undefined {
    let least: [string, Kept] | undefined;
    for (const entry of this.#kept) {
      if (entry[1].detector === detector && (least === undefined || rankOf(entry[1]) <= rankOf(least[1]))) least = entry;
    }
    return least;
  }
}
