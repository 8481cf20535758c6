// The finding that a payload ran: in which words, how grave, how sure.
import { type EpochMicros, formatInstant } from '../../../base/units.ts';
import type { Evidence, FindingDraft, Severity } from '../../../model/finding.ts';
import type { CallbackKind } from '../../payload/sign.ts';
import { spell } from '../../stats/scan-finding.ts';
import type { Match } from './join.ts';
import type { Attempt, Machine, NamedEnd } from './named-ends.ts';
import { type Session, uidsOf } from './outbound-sessions.ts';

const maxListed = 20;

/** What the call proves. */
const proofs: Readonly<Record<CallbackKind, { readonly title: string; readonly attack: readonly string[] }>> = {
  shell: { title: 'Reverse shell called for by a request', attack: ['T1190', 'T1059'] },
  'look-up': { title: 'Look-up injected by a request', attack: ['T1190', 'T1059'] },
  download: { title: 'Download called for by a request', attack: ['T1190', 'T1105'] },
  fetch: { title: 'Server made to fetch by a request', attack: ['T1190'] },
  ping: { title: 'Ping called for by a request', attack: ['T1190', 'T1059'] },
  name: { title: 'Name looked up because of a request', attack: ['T1190'] },
};

/** A file that the machine fetched meanwhile. */
export interface Fetched {
  readonly at: number;
  readonly what: string;
  readonly mime: string;
}

export interface CallbackFacts {
  readonly machine: Machine;
  readonly end: NamedEnd;
  readonly match: Match;
  readonly fetched: readonly Fetched[];
  /** About somebody else's machine a claim is never high. */
  readonly ours: boolean;
  /** Label of the called end or of all attackers, where the operator vouches for them. */
  readonly known: string | undefined;
  readonly minutes: number;
}

const endTextOf = ({ remote, port, proto }: Match): string =>
  proto === 'icmp' ? remote : `${remote.includes(':') ? `[${remote}]` : remote}:${port}`;

const isConversation = (sessions: readonly Session[]): boolean =>
  sessions.some(({ answered, sentBytes, receivedBytes }) => answered && sentBytes > 0 && receivedBytes > 0);

function severityOf({ end, match, known, ours }: CallbackFacts): Severity {
  if (known !== undefined) return 'info';
  // It spoke with that end before: the attacker may have named a partner of the machine.
  if (!ours || match.knownBefore || end.callback.kind === 'fetch') return 'medium';
  return end.callback.kind === 'shell' && isConversation(match.sessions) ? 'critical' : 'high';
}

function confidenceOf({ match, end }: CallbackFacts): number {
  if (match.knownBefore) return 0.5;
  if (end.callback.kind === 'ping') return 0.93;
  if (!match.portNamed) return 0.9;
  return match.byName ? 0.95 : 0.97;
}

const roundSeconds = (seconds: number): number => Math.round(seconds * 1e6) / 1e6;

const sessionEvidence = (session: Session): Evidence => ({
  at: formatInstant(session.at as EpochMicros),
  machinePort: session.machinePort,
  seconds: roundSeconds(session.seconds),
  state: session.state,
  sentBytes: session.sentBytes,
  receivedBytes: session.receivedBytes,
  uids: uidsOf(session).slice(0, 5),
});

const attemptEvidence = ({ at, uid, attacker, status, responseBytes }: Attempt): Evidence => ({
  at: formatInstant(at as EpochMicros),
  attacker,
  status: status ?? null,
  responseBytes: responseBytes ?? null,
  uid,
});

function evidenceOf(facts: CallbackFacts): FindingDraft['evidence'] {
  const { machine, end, match, fetched, minutes } = facts;
  const { sessions } = match;
  const attempts = end.attempts.toSorted((a, b) => a.at - b.at);
  const [top] = [...end.endpoints.values()].sort((a, b) => b.count - a.count);
  return {
    verdict: 'attempt and call-back',
    callback: endTextOf(match),
    callbackKind: end.callback.kind,
    named: end.callback.host,
    attempts: end.count,
    attackers: [...end.attackers.keys()],
    endpoint: top?.path ?? null,
    parameter: top?.parameter ?? null,
    technique: end.technique,
    payload: end.payload,
    decoding: [...end.steps],
    sessions: sessions.length,
    totalSeconds: roundSeconds(sessions.reduce((sum, { seconds }) => sum + seconds, 0)),
    sentBytes: sessions.reduce((sum, { sentBytes }) => sum + sentBytes, 0),
    receivedBytes: sessions.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0),
    answered: sessions.some(({ answered }) => answered),
    secondsFromFirstAttemptToFirstSession: roundSeconds(((sessions[0]?.at ?? 0) - end.firstAt) / 1e6),
    spokeWithThatEndBefore: match.knownBefore,
    sessionList: sessions.slice(0, maxListed).map(sessionEvidence),
    attemptList: attempts.slice(0, maxListed).map(attemptEvidence),
    fetchedMeanwhile: fetched.slice(0, maxListed).map(({ at, what, mime }) => ({ at: formatInstant(at as EpochMicros), what, mime })),
    forgottenSessions: match.forgotten,
    endsNotFollowed: machine.dropped,
    thresholds: { minutes },
  };
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

function summaryOf({ machine, end, match, known }: CallbackFacts): string {
  const { sessions } = match;
  const [top] = [...end.endpoints.values()].sort((a, b) => b.count - a.count);
  const where = top === undefined ? '' : ` to ${top.path}${top.parameter === undefined ? '' : ` (${top.parameter})`}`;
  const did =
    match.proto === 'icmp'
      ? 'pinged it'
      : sessions.some(({ answered }) => answered)
        ? `connected to it in ${plural(sessions.length, 'session')} of ${spell(sessions.reduce((sum, { seconds }) => sum + seconds, 0))} in all`
        : `tried ${plural(sessions.length, 'time')} to connect to it; nobody answered, but the payload ran`;
  const who = [...end.attackers.keys()].slice(0, 2).join(' and ');
  return `${plural(end.count, 'request')} of ${who}${where} named ${endTextOf(match)}, and ${machine.address} ${did}${known === undefined ? '' : ` (known: ${known})`}`;
}

/** The draft of the finding about a machine that did as a payload told it. */
export function callbackFinding(facts: CallbackFacts): FindingDraft {
  const { machine, end, match } = facts;
  const { sessions } = match;
  const last = Math.max(end.lastAt, ...sessions.map(({ at, seconds }) => at + seconds * 1e6));
  return {
    key: `${match.remote}|${match.port}|${end.callback.kind}`,
    title: proofs[end.callback.kind].title,
    attack: proofs[end.callback.kind].attack,
    severity: severityOf(facts),
    confidence: confidenceOf(facts),
    subject: { address: machine.address, ...(machine.context !== undefined && { context: machine.context }) },
    peers: [
      { address: match.remote, ...(match.proto !== 'icmp' && { port: match.port }), ...(match.byName && { name: end.callback.host }) },
      ...[...end.attackers.keys()].filter((address) => address !== match.remote).map((address) => ({ address })),
    ],
    firstSeen: Math.min(end.firstAt, ...sessions.map(({ at }) => at)) as EpochMicros,
    lastSeen: last as EpochMicros,
    count: sessions.length,
    summary: summaryOf(facts),
    evidence: evidenceOf(facts),
    records: [...sessions.flatMap(uidsOf), ...end.attempts.map(({ uid }) => uid)],
  };
}

/** The draft where only the name was looked up: weaker, for many a program looks at names that it is shown. */
export function lookedUpFinding(
  machine: Machine,
  end: NamedEnd,
  asked: { readonly at: number; readonly uid: string },
  minutes: number,
): FindingDraft {
  return {
    key: `name|${end.callback.host}`,
    title: proofs.name.title,
    attack: proofs.name.attack,
    severity: 'medium',
    confidence: 0.75,
    subject: { address: machine.address, ...(machine.context !== undefined && { context: machine.context }) },
    peers: [...end.attackers.keys()].map((address) => ({ address })),
    firstSeen: Math.min(end.firstAt, asked.at) as EpochMicros,
    lastSeen: Math.max(end.lastAt, asked.at) as EpochMicros,
    count: end.count,
    summary: `${plural(end.count, 'request')} named ${end.callback.host}, and ${machine.address} looked the name up`,
    evidence: {
      verdict: 'attempt, and the name was looked up',
      named: end.callback.host,
      callbackKind: end.callback.kind,
      attempts: end.count,
      attackers: [...end.attackers.keys()],
      payload: end.payload,
      thresholds: { minutes },
    },
    records: [asked.uid, ...end.attempts.map(({ uid }) => uid)],
    benign: ['Filters and log viewers look up names that they are shown.'],
  };
}
