// The newest state of every finding, as text: thousands of them are objects only while somebody reads them.
import { type Finding, type Severity, severities } from '../model/finding.ts';

/** Most findings of one detector: one that says much must not silence the others. What does not fit is counted. */
const maxOfDetector = 2000;

/** What findings of a detector mostly have in common; not a copy for each. */
type Shared = Pick<Finding, 'title' | 'attack' | 'benign' | 'blindSpots'>;

interface Kept {
  /** JSON of everything that is not shared. */
  readonly text: string;
  readonly shared: Shared;
  readonly rank: number;
  readonly lastSeen: number;
}

const rankOf = ({ severity }: { readonly severity: Severity }): number => severities.indexOf(severity);

const findingOf = ({ text, shared }: Kept): Finding => ({ ...(JSON.parse(text) as Omit<Finding, keyof Shared>), ...shared });

/** The findings of one detector, in order of arrival, and how many there are of each severity. */
class OfDetector {
  readonly kept = new Map<string, Kept>();
  readonly #counts: number[] = severities.map(() => 0);

  /** @returns whether there is room for another one of this rank; the newest of the least grave gives way to a graver one */
  makeRoom(rank: number): boolean {
    if (this.kept.size < maxOfDetector) return true;
    const least = this.#counts.findIndex((count) => count > 0);
    if (least >= rank) return false;
    const [newest] = [...this.kept].findLast(([, kept]) => kept.rank === least) ?? [];
    if (newest !== undefined) this.#count(newest, -1);
    return newest !== undefined && this.kept.delete(newest);
  }

  set(id: string, kept: Kept): void {
    this.#count(id, -1);
    this.kept.set(id, kept);
    this.#count(id, 1);
  }

  #count(id: string, by: number): void {
    const rank = this.kept.get(id)?.rank;
    if (rank !== undefined) this.#counts[rank] = (this.#counts[rank] ?? 0) + by;
  }
}

/** Bounded by detector: a graver finding takes the place of the newest of the least grave. */
export class KeptFindings {
  /** How often a finding did not fit into the bound; one that is raised again is counted again. */
  dropped = 0;
  readonly #detectors = new Map<string, OfDetector>();

  /** When it was last seen; undefined where there is none of this id. */
  lastSeen(detector: string, id: string): number | undefined {
    return this.#detectors.get(detector)?.kept.get(id)?.lastSeen;
  }

  get(detector: string, id: string): Finding | undefined {
    const kept = this.#detectors.get(detector)?.kept.get(id);
    return kept && findingOf(kept);
  }

  /** Gravest first, then by time, detector and id. */
  sorted(): readonly Finding[] {
    return [...this.#detectors.values()]
      .flatMap(({ kept }) => Array.from(kept.values(), findingOf))
      .sort(
        (a, b) =>
          rankOf(b) - rankOf(a) ||
          a.firstSeen - b.firstSeen ||
          (a.detector < b.detector ? -1 : a.detector > b.detector ? 1 : a.id < b.id ? -1 : 1),
      );
  }

  /** Keeps it in place of an older state. @returns whether it is new, or undefined when there is no room for a new one */
  put(finding: Finding): boolean | undefined {
    const { id, detector, lastSeen } = finding;
    const rank = rankOf(finding);
    const all = this.#detectors.get(detector) ?? new OfDetector();
    this.#detectors.set(detector, all);
    const isNew = !all.kept.has(id);
    if (isNew && all.kept.size >= maxOfDetector) this.dropped++;
    if (isNew && !all.makeRoom(rank)) return undefined;
    const { title, attack, benign, blindSpots, ...own } = finding;
    all.set(id, { text: JSON.stringify(own), shared: { title, attack, benign, blindSpots }, rank, lastSeen });
    return isNew;
  }
}
