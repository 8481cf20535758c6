// D34: connections to an address that no DNS answer named.
import { parseAddress } from '../../../base/ip.ts';
import type { EpochMicros } from '../../../base/units.ts';
import type { ConnRecord } from '../../../model/records/conn.ts';
import { type DetectionHost, defineDetector } from '../../detector.ts';
import type { RowEnds } from '../../ends/row-ends.ts';
import { type ConnEnds, connEnds } from '../../stats/conn-ends.ts';
import { day } from '../../stats/record-clock.ts';
import { clientSubject, spell } from '../../stats/scan-finding.ts';
import { type Few, listed, withOne } from '../../stats/short-list.ts';

const maxAnswers = 65_536;
const maxCandidates = 20_000;
const maxNamed = 20_000;
const maxResolving = 20_000;
const maxUids = 100;
/** Findings a client; beyond, the client simply works by address and single claims say nothing. */
const maxRemotes = 50;

/** Services whose servers are configured by address or found without DNS: time, name resolution itself, and their encrypted forms. */
const addressedPorts = new Set([53, 67, 68, 123, 137, 138, 500, 853, 1900, 4500, 5353, 5355]);

type Tune = Readonly<Record<'graceMinutes' | 'learnMinutes' | 'bigKilobytes', number>>;

interface Candidate {
  readonly row: ConnEnds;
  connections: number;
  bytes: number;
  seconds: number;
  firstAt: number;
  lastAt: number;
  /** The answer that named it, before or during the first connection that asked. */
  answer: Answer | undefined;
  /** A connection said a name. */
  isNamed: boolean;
  uids: Few<string>;
}

/** Until when an answer explains connections, microseconds since the epoch. */
interface Answer {
  at: number;
  until: number;
}

export const directToAddress = defineDetector({
  id: 'D34-direct-to-address',
  title: 'Connection to an address without DNS',
  attack: ['T1071'],
  reads: ['conn', 'dns', 'ssl', 'http'],
  finds: 'A machine of ours that connects to an outside address which no DNS answer, TLS server name or Host header had named to it.',
  misses: [
    'Clients whose DNS is not in view (no answer seen, DNS over TLS or HTTPS) are not judged.',
    'Answers from before the capture.',
    'An address that is used again after a day of silence is another finding.',
  ],
  benign: ['Hard-coded infrastructure addresses, NTP pools, peer-to-peer software.', 'A resolver cache filled before the capture began.'],
  investigate: ['Search http uri and post_body of inbound requests in the ten minutes before firstSeen for the address.'],
  sources: ['https://attack.mitre.org/techniques/T1071/', 'Slips: connections without DNS resolution'],
  tunables: {
    graceMinutes: {
      default: 60,
      unit: 'minutes after the TTL',
      min: 0,
      max: 10_080,
      why: 'Clients keep addresses longer than the TTL allows.',
    },
    learnMinutes: {
      default: 30,
      unit: 'minutes',
      min: 0,
      max: 1440,
      why: 'Answers from before the capture may explain what is seen early; lowers the confidence.',
    },
    bigKilobytes: {
      default: 1000,
      unit: 'kB',
      min: 1,
      max: 1e9,
      why: 'A megabyte over an unnamed address deserves a look whatever its port.',
    },
  },
  start(tune: Tune, host) {
    const answers = host.newEndsMap<Answer>(maxAnswers, { afterSeconds: day });
    /** Clients whose DNS is in view. */
    const resolving = host.newEndsMap<true>(maxResolving);
    /** Pairs of which a connection said the name of its server. */
    const named = host.newEndsMap<true>(maxNamed, { afterSeconds: day });
    /** Findings of each client. */
    const told = host.newEndsMap<number>(maxResolving);
    const judge = (candidate: Candidate): void => {
      const { row, firstAt } = candidate;
      const client = host.endOf(row['id.orig_h'], row.context);
      const server = host.endOf(row['id.resp_h'], row.context);
      const answer = candidate.answer ?? answers.peek(client, server);
      const explained = answer !== undefined && answer.at <= firstAt + 1e6 && firstAt <= answer.until;
      if (explained || candidate.isNamed || named.peek(client, server) === true || resolving.peek(client) === undefined) return;
      const count = (told.get(client) ?? 0) + 1;
      told.set(count, client);
      if (count <= maxRemotes) raiseDirect(host, candidate, tune);
    };
    const candidates = host.newEndsMap<Candidate>(maxCandidates, { afterSeconds: day, onForget: judge });
    return {
      dns(row, ends) {
        const { client } = ends;
        if (row.answers === undefined || row.answers.length === 0) return;
        resolving.set(true, client);
        for (const [i, answer] of row.answers.entries()) {
          const until = row.ts + (row.TTLs?.[i] ?? 0) * 1e6 + tune.graceMinutes * 60e6;
          const end = ends.other(answer);
          const known = answers.get(client, end);
          if (known === undefined) answers.set({ at: row.ts, until }, client, end);
          else {
            known.at = Math.min(known.at, row.ts);
            known.until = Math.max(known.until, until);
          }
        }
      },
      ssl(row, { client, server }) {
        if (row.server_name !== undefined) named.set(true, client, server);
      },
      http(row, { client, server }) {
        if (row.host !== undefined && !isAddress(row.host)) named.set(true, client, server);
      },
      conn(row, ends) {
        if (!isOutbound(ends, row) || addressedPorts.has(row['id.resp_p'])) return;
        const { client, server } = ends;
        const known = candidates.get(client, server);
        if (known !== undefined) note(known, row);
        const candidate = known ?? candidates.set(newCandidate(row), client, server);
        candidate.answer ??= answers.get(client, server);
        candidate.isNamed ||= named.get(client, server) === true;
      },
      finish() {
        for (const candidate of candidates.values()) judge(candidate);
      },
    };
  },
});

/** Whether a Host header names no host: an address, perhaps in brackets or with a port. */
function isAddress(host: string): boolean {
  const bare = host.startsWith('[') ? host.slice(1, host.indexOf(']')) : host;
  return parseAddress(bare) !== undefined || parseAddress(bare.replace(/:\d+$/, '')) !== undefined;
}

/** From ours to outside, answered, and opened by ours: a flipped row has its ends in the right order already. */
const isOutbound = (ends: RowEnds, row: ConnRecord): boolean =>
  row.carrier !== true &&
  (row.proto === 'tcp' || row.proto === 'udp') &&
  row.orig_pkts > 0 &&
  row.resp_pkts > 0 &&
  row.conn_state !== 'REJ' &&
  // A mid-stream row without handshake may be the server's side of an inbound connection.
  (row.proto === 'udp' || row.history?.includes('S') === true) &&
  ends.isClientOurs &&
  ends.isServerPublic &&
  !ends.isServerOurs;

const newCandidate = (row: ConnRecord): Candidate => ({
  row: connEnds(row),
  connections: 1,
  bytes: (row.orig_bytes ?? 0) + (row.resp_bytes ?? 0),
  seconds: row.duration ?? 0,
  firstAt: row.ts,
  lastAt: row.ts + (row.duration ?? 0) * 1e6,
  answer: undefined,
  isNamed: false,
  uids: row.uid,
});

function note(candidate: Candidate, row: ConnRecord): void {
  candidate.connections++;
  candidate.bytes += (row.orig_bytes ?? 0) + (row.resp_bytes ?? 0);
  candidate.seconds += row.duration ?? 0;
  candidate.firstAt = Math.min(candidate.firstAt, row.ts);
  candidate.lastAt = Math.max(candidate.lastAt, row.ts + (row.duration ?? 0) * 1e6);
  candidate.uids = withOne(candidate.uids, row.uid, maxUids);
}

function raiseDirect(host: DetectionHost, candidate: Candidate, tune: Tune): void {
  const { row, connections, bytes, seconds, firstAt, lastAt } = candidate;
  const [client, remote, port] = [row['id.orig_h'], row['id.resp_h'], row['id.resp_p']];
  const known = host.knownAs(remote) ?? host.knownAs(client);
  const early = firstAt - host.visibility.firstAt < tune.learnMinutes * 60e6;
  const unusual = (port !== 80 && port !== 443) || bytes >= tune.bigKilobytes * 1000;
  host.raise({
    key: remote,
    severity: known === undefined && unusual ? 'low' : 'info',
    confidence: (unusual ? 0.3 : 0.15) * (early ? 0.7 : 1),
    subject: clientSubject(row),
    peers: [{ address: remote, port }],
    firstSeen: firstAt as EpochMicros,
    lastSeen: lastAt as EpochMicros,
    count: connections,
    summary: `${client} connected ${connections} time${connections === 1 ? '' : 's'} to ${remote}:${port} (${spell(seconds)} in all, ${bytes} bytes), which no DNS answer to it had named${known === undefined ? '' : ` (known: ${known})`}`,
    evidence: {
      connections,
      bytes,
      totalSeconds: Math.round(seconds * 1e6) / 1e6,
      service: row.service ?? null,
      seenEarly: early,
      thresholds: { ...tune },
    },
    records: listed(candidate.uids),
  });
}
