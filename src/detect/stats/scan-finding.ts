// What all scan findings have in common: how grave, how sure, and the measured values.
import type { Evidence, FindingDraft, Severity } from '../../model/finding.ts';
import type { Episode } from './recent-targets.ts';

export interface ScanClaim {
  readonly key: string;
  readonly subject: { readonly address: string; readonly context?: string };
  /** The scanning end is ours: then the finding says that this machine attacks others. */
  readonly ours: boolean;
  readonly known: string | undefined;
  /** Distinct targets at which the claim becomes high for one of ours. */
  readonly highAt: number;
  /** Share without success that a high claim needs; default 0.6. */
  readonly highFailedShare?: number;
  readonly episode: Episode;
  readonly summary: string;
  readonly peers: FindingDraft['peers'];
  readonly evidence: { readonly [key: string]: Evidence };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

function severityOf({ ours, known, highAt, highFailedShare = 0.6, episode }: ScanClaim): Severity {
  if (known !== undefined) return 'info';
  if (!ours) return episode.targets.size >= highAt ? 'medium' : 'low';
  return episode.targets.size >= highAt && episode.failedShare >= highFailedShare ? 'high' : 'medium';
}

/** Confidence grows with the share of failures and with the size, up to 0.99. */
const confidenceOf = ({ episode, highAt }: ScanClaim): number =>
  round(Math.min(0.99, 0.4 + 0.4 * episode.failedShare + 0.2 * Math.min(1, episode.targets.size / highAt)));

/** The draft of a scan finding. */
export function scanFinding(claim: ScanClaim): FindingDraft {
  const { episode, known } = claim;
  return {
    key: claim.key,
    severity: severityOf(claim),
    confidence: confidenceOf(claim),
    subject: claim.subject,
    peers: claim.peers,
    firstSeen: episode.firstAt as FindingDraft['firstSeen'],
    lastSeen: episode.lastAt as FindingDraft['lastSeen'],
    count: episode.contacts,
    summary: known === undefined ? claim.summary : `${claim.summary} (known: ${known})`,
    evidence: {
      ...claim.evidence,
      targets: episode.targets.size,
      targetsAreEstimated: !episode.targets.isExact,
      contacts: episode.contacts,
      withoutSuccess: episode.failed,
      withoutSuccessShare: round(episode.failedShare),
      seconds: round((episode.lastAt - episode.firstAt) / 1e6),
    },
    records: episode.uids,
  };
}

/** Subject of a record's client side, with its context where there is one. */
export const clientSubject = (row: { readonly 'id.orig_h': string; readonly context?: string | undefined }): ScanClaim['subject'] => ({
  address: row['id.orig_h'],
  ...(row.context !== undefined && { context: row.context }),
});

/** "13.2 s", "4.1 min", "2.0 h". */
export function spell(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  return seconds < 7200 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
