// What a notification says, before any channel gives it its form.
import type { Severity } from './finding.ts';

/** One finding of the case, as far as a message tells of it. */
export interface NotifiedFinding {
  readonly id: string;
  /** `D31-interactive-shell`. */
  readonly detector: string;
  readonly title: string;
  readonly severity: Severity;
  readonly subject: string;
  readonly summary: string;
  /** ISO 8601. */
  readonly firstSeen: string;
  readonly lastSeen: string;
}

/** A message about a case. Values may hold any text from the wire: each channel neutralises for its own format. */
export interface Notification {
  /** The same for every attempt, so that receivers can tell a repeated one. */
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly caseId: string;
  readonly status: string;
  readonly title: string;
  readonly severity: Severity;
  readonly machines: readonly string[];
  /** Gravest first; at most 50. */
  readonly findings: readonly NotifiedFinding[];
  /** All of them. */
  readonly findingCount: number;
  /** What is still open, by its title. */
  readonly open: readonly string[];
  /** What the sender adds. */
  readonly message?: string;
}
