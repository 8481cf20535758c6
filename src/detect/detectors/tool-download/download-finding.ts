// The finding about what a machine received from one place: how grave, how sure, in which words.
import { type EpochMicros, formatInstant } from '../../../base/units.ts';
import type { Evidence, FindingDraft, Severity } from '../../../model/finding.ts';
import type { Fetched } from './fetched.ts';

const maxListed = 20;

/** Everything that one machine received from one place. */
export interface Place {
  /** The gravest files, at most `maxFiles`. */
  readonly files: Fetched[];
  count: number;
  /** A finding was raised. */
  raised: boolean;
}

/** An attack on the machine shortly before. */
export interface Cause {
  readonly secondsAfter: number;
  /** The file came from the attacker, or from an end that the attack named. */
  readonly isLinked: boolean;
}

/** A file, what it weighs, and the attack that it may follow from. */
export interface Judged {
  readonly fetched: Fetched;
  readonly severity: Severity;
  readonly cause: Cause | undefined;
}

/** What a file weighs by itself: a command-line client alone says little. */
function ownSeverity({ kind, traits }: Fetched, strong: number): Severity | undefined {
  if (kind === 'program') return strong >= 1 ? 'medium' : traits.length > 0 ? 'low' : undefined;
  return strong >= 2 || (strong >= 1 && traits.length >= 2) ? 'low' : undefined;
}

/** What a file weighs: more when the machine was just attacked, most when the attack had to do with the place. */
export function severityOf(fetched: Fetched, cause: Cause | undefined): Severity | undefined {
  const strong = fetched.traits.filter(({ isStrong }) => isStrong).length;
  if (cause?.isLinked === true) return 'high';
  if (fetched.packageSite && strong === 0) return undefined;
  if (cause === undefined || fetched.traits.length === 0) return ownSeverity(fetched, strong);
  return strong > 0 ? 'high' : 'medium';
}

const confidences: Readonly<Partial<Record<Severity, number>>> = { high: 0.9, medium: 0.6 };

function sentenceOf({ fetched, cause }: Judged, more: number, known: string | undefined): string {
  const { client, what, mime, bytes, server, port, traits } = fetched;
  const others = more === 0 ? '' : ` and ${more} more`;
  const why = traits.length === 0 ? '' : `, ${traits.map(({ text }) => text).join(', ')}`;
  const named = cause?.isLinked === true ? ' that had to do with that place' : '';
  const after = cause === undefined ? '' : `, ${cause.secondsAfter} s after an attack on it${named}`;
  return `${client} fetched ${what} (${mime}${bytes === undefined ? '' : `, ${bytes} bytes`})${others} from ${server}:${port}${why}${after}${known === undefined ? '' : ` (known: ${known})`}`;
}

export interface DownloadFacts {
  /** The files worth a word, gravest first; at least one. */
  readonly judged: readonly [Judged, ...Judged[]];
  /** All files of the place. */
  readonly count: number;
  readonly ours: boolean;
  readonly known: string | undefined;
  /** SHA-256 by identifier in files.log. */
  readonly hashOf: (fuid: string) => string | undefined;
  readonly thresholds: { readonly [key: string]: Evidence };
}

/** A claim about a machine that is not known to be ours is never high, and a vouched-for server is only noted. */
function severityFor({ judged: [first], ours, known }: DownloadFacts): Severity {
  if (known !== undefined) return 'info';
  return first.severity === 'high' && !ours ? 'medium' : first.severity;
}

const fileEvidence = ({ fetched, cause }: Judged, hashOf: DownloadFacts['hashOf']): Evidence => ({
  at: formatInstant(fetched.at as EpochMicros),
  what: fetched.what,
  mime: fetched.mime,
  bytes: fetched.bytes ?? null,
  sha256: (fetched.fuid === undefined ? undefined : hashOf(fetched.fuid)) ?? null,
  traits: fetched.traits.map(({ text }) => text),
  secondsAfterAttack: cause?.secondsAfter ?? null,
});

/** The draft of the finding. */
export function downloadFinding(facts: DownloadFacts): FindingDraft {
  const { judged, count, known, hashOf, thresholds } = facts;
  const [{ fetched, severity, cause }] = judged;
  const { client, context, server, port, what, mime, bytes, traits } = fetched;
  const times = judged.map((one) => one.fetched.at);
  return {
    key: `${server}|${port}`,
    severity: severityFor(facts),
    confidence: cause?.isLinked === true ? 0.95 : (confidences[severity] ?? 0.4),
    subject: { address: client, ...(context !== undefined && { context }) },
    peers: [{ address: server, port }],
    firstSeen: Math.min(...times) as EpochMicros,
    lastSeen: Math.max(...times) as EpochMicros,
    count,
    summary: sentenceOf(judged[0], count - 1, known),
    evidence: {
      what,
      mime,
      bytes: bytes ?? null,
      traits: traits.map(({ text }) => text),
      secondsAfterAttack: cause?.secondsAfter ?? null,
      attackNamedThatPlace: cause?.isLinked ?? false,
      files: judged.slice(0, maxListed).map((one) => fileEvidence(one, hashOf)),
      thresholds,
    },
    records: [...new Set(judged.map((one) => one.fetched.uid))].filter((uid) => uid !== ''),
  };
}
