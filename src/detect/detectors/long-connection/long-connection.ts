// D24: connections that last for hours, alone or summed over a pair of ends.
import type { EpochMicros } from '../../../base/units.ts';
import type { Severity } from '../../../model/finding.ts';
import type { ConnRecord } from '../../../model/records/conn.ts';
import { type DetectionHost, defineDetector } from '../../detector.ts';
import type { RowEnds } from '../../ends/row-ends.ts';
import { clientSubject, spell } from '../../stats/scan-finding.ts';

const maxPairs = 50_000;
const maxSessions = 200;

type Tune = Readonly<Record<'minHours' | 'longHours', number>>;

/** What was last said of one connection. */
interface Session {
  readonly uid: string;
  seconds: number;
  bytes: number;
}

/** Sessions of one client with one server and port; keyed by uid, since an open connection is reported again when it ends. */
interface Pair {
  /** Ends and service of the longest. */
  row: LongRow;
  /** A map is made for the second: most pairs have one. */
  sessions: Session | Map<string, Session> | undefined;
  connections: number;
  total: number;
  longest: number;
  bytes: number;
  firstAt: number;
  lastAt: number;
}

/** What a finding says of a connection; whole rows would be kept for nothing. */
type LongRow = Pick<ConnRecord, 'id.orig_h' | 'id.resp_h' | 'id.resp_p' | 'proto' | 'service' | 'context'>;

export const longConnection = defineDetector({
  id: 'D24-long-connection',
  title: 'Long connection',
  attack: ['T1571', 'T1095', 'T1219'],
  reads: ['conn', 'open_conn'],
  finds: 'A pair of ends that stays connected for hours, in one connection or summed over many.',
  misses: ['The part of a connection outside the capture.', 'Tunnels that change their server.'],
  benign: ['Administration by SSH, VPN, websockets, database pools, message brokers.'],
  investigate: ['Compare the conn rows of the pair over the 24 hours before firstSeen: is the edge new, and who opened it?'],
  sources: ['https://attack.mitre.org/techniques/T1571/', 'RITA v5 long connection tiers (1, 4, 8, 12 hours)'],
  tunables: {
    minHours: { default: 1, unit: 'hours', min: 0.01, max: 1000, why: 'First tier of RITA v5.' },
    longHours: { default: 8, unit: 'hours', min: 0.01, max: 1000, why: 'Third tier of RITA v5: beyond a working day nobody types.' },
  },
  start(tune: Tune, host) {
    const pairs = host.newEndsMap<Pair>(maxPairs);
    const see = (row: ConnRecord, ends: RowEnds, isFinal: boolean): void => {
      const { duration } = row;
      if (row.carrier === true || duration === undefined || duration <= 0 || row.proto === 'icmp') return;
      // One direction only is no connection.
      if (row.resp_pkts === 0 || ends.isServerMulticast) return;
      const { client, server, service } = ends;
      const pair = pairs.get(client, server, service) ?? pairs.set(newPair(row), client, server, service);
      add(pair, row, duration, isFinal);
      if (pair.total >= tune.minHours * 3600) raiseLong(host, pair, tune);
    };
    return { conn: (row, ends) => see(row, ends, true), open_conn: (row, ends) => see(row, ends, false) };
  },
});

const longRowOf = (row: ConnRecord): LongRow => ({
  'id.orig_h': row['id.orig_h'],
  'id.resp_h': row['id.resp_h'],
  'id.resp_p': row['id.resp_p'],
  proto: row.proto,
  service: row.service,
  context: row.context,
});

const newPair = (row: ConnRecord): Pair => ({
  row: longRowOf(row),
  sessions: undefined,
  connections: 0,
  total: 0,
  longest: 0,
  bytes: 0,
  firstAt: row.ts,
  lastAt: row.ts,
});

/** Adds what is new: an open connection was partly told before. Beyond the bound only connections that ended count, once each. */
function add(pair: Pair, row: ConnRecord, duration: number, isFinal: boolean): void {
  const known = knownSession(pair, row.uid);
  const session = known ?? { uid: row.uid, seconds: 0, bytes: 0 };
  if (known === undefined) {
    if (!keepSession(pair, session) && !isFinal) return;
    pair.connections++;
  }
  const bytes = (row.orig_bytes ?? 0) + (row.resp_bytes ?? 0);
  pair.total += duration - session.seconds;
  pair.bytes += bytes - session.bytes;
  session.seconds = duration;
  session.bytes = bytes;
  if (duration >= pair.longest) {
    pair.longest = duration;
    if (pair.row.service !== row.service) pair.row = longRowOf(row);
  }
  pair.firstAt = Math.min(pair.firstAt, row.ts);
  pair.lastAt = Math.max(pair.lastAt, row.ts + duration * 1e6);
}

function knownSession({ sessions }: Pair, uid: string): Session | undefined {
  if (sessions instanceof Map) return sessions.get(uid);
  return sessions?.uid === uid ? sessions : undefined;
}

/** @returns false when there are too many already */
function keepSession(pair: Pair, session: Session): boolean {
  if (pair.sessions === undefined) {
    pair.sessions = session;
    return true;
  }
  if (!(pair.sessions instanceof Map)) pair.sessions = new Map([[pair.sessions.uid, pair.sessions]]);
  if (pair.sessions.size >= maxSessions) return false;
  pair.sessions.set(session.uid, session);
  return true;
}

const uidsOf = ({ sessions }: Pair): string[] =>
  sessions instanceof Map ? [...sessions.keys()] : sessions === undefined ? [] : [sessions.uid];

/** A protocol that explains itself is a fact to know; something unrecognised that leads outside is worth a look. */
function severityOf(host: DetectionHost, { row, total }: Pair, tune: Tune): Severity {
  if (host.knownAs(row['id.orig_h']) !== undefined || host.knownAs(row['id.resp_h']) !== undefined) return 'info';
  if (row.service !== undefined) return total >= tune.longHours * 3600 ? 'low' : 'info';
  const leadsOut = host.isOurs(row['id.orig_h']) && !host.isOurs(row['id.resp_h']);
  return leadsOut && row.proto === 'tcp' ? 'medium' : 'low';
}

function raiseLong(host: DetectionHost, pair: Pair, tune: Tune): void {
  const { row, total, longest, connections, bytes } = pair;
  const [client, server, port] = [row['id.orig_h'], row['id.resp_h'], row['id.resp_p']];
  const known = host.knownAs(server) ?? host.knownAs(client);
  host.raise({
    key: `${server}|${row.proto}/${port}`,
    severity: severityOf(host, pair, tune),
    confidence: row.service === undefined ? 0.6 : 0.4,
    subject: clientSubject(row),
    peers: [{ address: server, port }],
    firstSeen: pair.firstAt as EpochMicros,
    lastSeen: pair.lastAt as EpochMicros,
    count: connections,
    summary: `${client} was connected to ${server}:${port} for ${spell(total)} in ${connections} connection${connections === 1 ? '' : 's'}, the longest ${spell(longest)}, ${row.service ?? 'no recognised protocol'}${known === undefined ? '' : ` (known: ${known})`}`,
    evidence: {
      totalSeconds: Math.round(total * 1e6) / 1e6,
      longestSeconds: Math.round(longest * 1e6) / 1e6,
      connections,
      bytes,
      service: row.service ?? null,
      protocol: row.proto,
      overlapping: total > (pair.lastAt - pair.firstAt) / 1e6,
      thresholds: { ...tune },
    },
    records: uidsOf(pair),
  });
}
