// The finding about a client that attacks web applications: how grave, how sure, in which words.
import type { EpochMicros } from '../../../base/units.ts';
import type { Evidence, FindingDraft, Severity } from '../../../model/finding.ts';
import type { PayloadFamily } from '../../payload/sign.ts';
import { type Attempts, type Endpoint, endText } from './attempts.ts';

/** What of a family a person should read, and the techniques of MITRE ATT&CK. */
const kinds: Readonly<Record<PayloadFamily, { readonly title: string; readonly attack: readonly string[] }>> = {
  'reverse-shell': { title: 'Command injection: reverse shell', attack: ['T1190', 'T1059'] },
  'bind-shell': { title: 'Command injection: listening shell', attack: ['T1190', 'T1059'] },
  download: { title: 'Command injection: fetch and run', attack: ['T1190', 'T1059', 'T1105'] },
  'look-up': { title: 'JNDI look-up injection', attack: ['T1190'] },
  code: { title: 'Code injection', attack: ['T1190', 'T1059'] },
  command: { title: 'Command injection', attack: ['T1190', 'T1059'] },
  'web-shell': { title: 'Web shell', attack: ['T1505.003'] },
  'external-entity': { title: 'External XML entity', attack: ['T1190'] },
  'request-forgery': { title: 'Request forgery', attack: ['T1190', 'T1552.005'] },
  sql: { title: 'SQL injection', attack: ['T1190'] },
  traversal: { title: 'Path traversal', attack: ['T1190', 'T1083'] },
  template: { title: 'Template injection', attack: ['T1190'] },
  script: { title: 'Script injection', attack: ['T1190'] },
};
const order = Object.keys(kinds) as PayloadFamily[];

export interface AttackFacts {
  readonly attempts: Attempts;
  readonly client: string;
  readonly server: string;
  readonly context: string | undefined;
  /** The attacking end is ours, and nobody behind a proxy. */
  readonly ours: boolean;
  readonly known: string | undefined;
  /** The attacked machine called back (D32). */
  readonly calledBack: boolean;
  readonly thresholds: { readonly [key: string]: Evidence };
}

/** Noise of the Internet is worth a note; a machine of ours that attacks others is compromised or abused. */
function severityOf({ attempts, ours, known, thresholds }: AttackFacts): Severity {
  if (known !== undefined) return 'info';
  const attacker = ours && attempts.forwardedFor.size === 0;
  if (attempts.strongest === 'exploit') return attacker ? 'high' : 'medium';
  if (attempts.strongest === 'probe') return 'low';
  return attempts.requests >= Number(thresholds['attacks']) ? 'medium' : 'low';
}

function confidenceOf({ attempts, calledBack }: AttackFacts): number {
  if (calledBack || attempts.output !== undefined) return 0.97;
  if (attempts.strongest === 'exploit') return attempts.callbacks.size > 0 ? 0.93 : 0.85;
  return attempts.strongest === 'attack' ? Math.min(0.9, 0.6 + 0.05 * attempts.requests) : 0.4;
}

const endpointEvidence = (endpoint: Endpoint): Evidence => ({
  method: endpoint.method,
  path: endpoint.path,
  parameter: endpoint.parameter ?? null,
  port: endpoint.port,
  attempts: endpoint.count,
  techniques: [...endpoint.techniques].slice(0, 10),
  statusCodes: Object.fromEntries(endpoint.statuses),
  responseBytes: endpoint.statuses.size === 0 ? null : { least: endpoint.leastBytes, most: endpoint.mostBytes },
  payload: endpoint.payload,
  decoding: [...endpoint.steps],
});

function summaryOf({ attempts, client, server, known, calledBack }: AttackFacts, family: PayloadFamily): string {
  const [top] = attempts.ranked;
  const where = top === undefined ? '' : ` on ${top.path}${top.parameter === undefined ? '' : ` (${top.parameter})`}`;
  const more = attempts.endpoints.size > 1 ? ` and ${attempts.endpoints.size + attempts.unlisted - 1} more` : '';
  const technique = [...attempts.techniques].sort((a, b) => b[1] - a[1])[0]?.[0] ?? family;
  const ends = [...attempts.callbacks.values()].slice(0, 3).map(endText).join(', ');
  const naming = ends === '' ? '' : `; the payload names ${ends}`;
  const result = calledBack
    ? '; the machine called back'
    : attempts.output === undefined
      ? ''
      : `; an answer shows the output of a command (${attempts.output})`;
  return `${client} tried ${kinds[family].title.toLowerCase()} on ${server}: ${attempts.requests} request${attempts.requests === 1 ? '' : 's'}${where}${more}, ${technique}${naming}${result}${known === undefined ? '' : ` (known: ${known})`}`;
}

const mainFamily = (attempts: Attempts): PayloadFamily => order.find((family) => attempts.families.has(family)) ?? 'command';

function evidenceOf({ attempts, calledBack, thresholds }: AttackFacts): FindingDraft['evidence'] {
  const [top] = attempts.ranked;
  return {
    endpoint: top?.path ?? null,
    parameter: top?.parameter ?? null,
    attempts: attempts.requests,
    verdict: calledBack
      ? 'attempt and call-back'
      : attempts.output === undefined
        ? 'attempt only'
        : 'attempt, answered with the output of a command',
    callbacks: [...attempts.callbacks.values()].map((callback) => ({ end: endText(callback), kind: callback.kind })),
    families: Object.fromEntries(attempts.families),
    techniques: Object.fromEntries(attempts.techniques),
    decodedPayloads: [...attempts.payloads],
    commandOutput: attempts.output ?? null,
    forwardedFor: [...attempts.forwardedFor],
    endpoints: attempts.ranked.slice(0, 20).map(endpointEvidence),
    requestsToUnlistedEndpoints: attempts.unlisted,
    thresholds,
  };
}

/** The draft of the finding. */
export function attackFinding(facts: AttackFacts): FindingDraft {
  const { attempts, client, server, context } = facts;
  const family = mainFamily(attempts);
  return {
    key: server,
    title: kinds[family].title,
    attack: kinds[family].attack,
    severity: severityOf(facts),
    confidence: confidenceOf(facts),
    subject: { address: client, ...(context !== undefined && { context }) },
    peers: [...attempts.ports].map((port) => ({ address: server, port })),
    firstSeen: attempts.firstAt as EpochMicros,
    lastSeen: attempts.lastAt as EpochMicros,
    count: attempts.requests,
    summary: summaryOf(facts, family),
    evidence: evidenceOf(facts),
    records: attempts.uids,
    ...(attempts.forwardedFor.size > 0 && {
      benign: ['The client is a proxy: the attacker is the address that it names in forwardedFor.'],
    }),
  };
}
