// A detector's claim about a machine or address, with what a person needs to disagree with it.
import { type EpochMicros, formatInstant } from '../base/units.ts';
import { type FindingAttribution, findingAttributionJson } from './attribution.ts';

/** Ascending. `high` and `critical` with one of ours as subject mean: this machine is compromised or attacks others. */
export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** Whether `severity` is at least `floor`. */
export const atLeast = (severity: Severity, floor: Severity): boolean => severities.indexOf(severity) >= severities.indexOf(floor);

/** Whom a finding is about: the machine that does it; for an inbound attack the attacker. */
export interface Subject {
  readonly address: string;
  /** Names of the cloud, once attributed. */
  readonly machine?: string;
  readonly project?: string;
  /** Network context, where addresses of tenants may overlap. */
  readonly context?: string;
}

export interface Peer {
  readonly address: string;
  readonly port?: number;
  readonly name?: string;
}

/** Values of `evidence`: plain JSON, so that a finding can be stored, sent and compared byte for byte. */
export type Evidence = string | number | boolean | null | readonly Evidence[] | { readonly [key: string]: Evidence };

/** What a detector raises. Everything else of a finding comes from its metadata. */
export interface FindingDraft {
  /** Tells findings of one detector about one subject apart (a window, a peer); raising the same key again replaces the finding. */
  readonly key: string;
  readonly severity: Severity;
  /** 0 to 1, before the discount for capture loss. */
  readonly confidence: number;
  readonly subject: Subject;
  /** At most 100 are kept; the evidence tells how many there were. */
  readonly peers: readonly Peer[];
  readonly firstSeen: EpochMicros;
  readonly lastSeen: EpochMicros;
  /** How often it happened, in the unit that `summary` names. */
  readonly count: number;
  /** One sentence with the measured values, for a person. */
  readonly summary: string;
  /** Measured values and the thresholds in force. */
  readonly evidence: { readonly [key: string]: Evidence };
  /** Connection uids behind it; at most 100 are kept. */
  readonly records: readonly string[];
  /** Innocent explanations beyond the detector's own, blind spots beyond the detector's own. */
  readonly benign?: readonly string[];
  readonly blindSpots?: readonly string[];
  /** Replaces the detector's title or techniques where a variant has its own. */
  readonly title?: string;
  readonly attack?: readonly string[];
}

export interface Finding extends Omit<FindingDraft, 'key' | 'title' | 'attack' | 'benign' | 'blindSpots'> {
  readonly schema: 1;
  /** Stable across replays of the same input. */
  readonly id: string;
  /** `D<nn>-<slug>`. */
  readonly detector: string;
  readonly title: string;
  /** MITRE ATT&CK technique ids. */
  readonly attack: readonly string[];
  readonly benign: readonly string[];
  readonly blindSpots: readonly string[];
  /** Whose its ends were, where there is an inventory. */
  readonly attribution?: FindingAttribution;
}

/** The line of findings.ndjson: fixed key order, times in ISO 8601 UTC with microseconds. */
export function findingJson(finding: Finding): string {
  const {
    schema,
    id,
    detector,
    title,
    severity,
    confidence,
    subject,
    peers,
    count,
    summary,
    evidence,
    attack,
    benign,
    blindSpots,
    records,
  } = finding;
  const firstSeen = formatInstant(finding.firstSeen);
  const lastSeen = formatInstant(finding.lastSeen);
  return JSON.stringify({
    schema,
    id,
    detector,
    title,
    severity,
    confidence,
    subject,
    peers,
    firstSeen,
    lastSeen,
    count,
    summary,
    evidence,
    attack,
    benign,
    blindSpots,
    records,
    ...(finding.attribution !== undefined && { attribution: findingAttributionJson(finding.attribution) }),
  });
}
