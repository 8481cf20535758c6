// D24: connections that last for hours, alone or summed over a pair of ends.
import type { EpochMicros } from '../../../base/units.ts';
import type { Severity } from '../../../model/finding.ts';
import type { ConnRecord } from '../../../model/records/conn.ts';
import { type DetectionHost, defineDetector } from '../../detector.ts';
import type { RowEnds } from '../../ends/row-ends.ts';
import { day } from '../../stats/record-clock.ts';
import { spell } from '../../stats/scan-finding.ts';
import { type Few, listed, withOne } from '../../stats/short-list.ts';

const maxPairs = 32_768;
/** A pair that was silent for longer is added up anew. */
const silenceSeconds = 2 * day;
/** Pairs with a good part of the first tier behind them are remembered for longer. */
const maxHeavy = 5000;
const heavySilenceSeconds = 30 * day;
const heavyShare = 0.05;
const maxSessions = 200;

type Tune = Readonly<Record<'minHours' | 'longHours', number>>;

/** Seconds and bytes that were last said of an open connection. */
interface Told {
  readonly seconds: number;
  readonly bytes: number;
}

/** Sessions of one client with one server and port; keyed by uid, since an open connection is reported again when it ends. */
interface Pair {
  readonly client: string;
  readonly server: string;
  readonly port: number;
  readonly proto: string;
  readonly context: string | undefined;
  /** Of the longest. */
  service: string | undefined;
  /** Of connections that ended. */
  ended: Few<string>;
  /** Connections that were open when last told of; there hardly ever is one. */
  open: Map<string, Told> | undefined;
  connections: number;
  total: number;
  longest: number;
  bytes: number;
  firstAt: number;
  lastAt: number;
}

export const longConnection = defineDetector({
  id: 'D24-long-connection',
  title: 'Long connection',
  attack: ['T1571', 'T1095', 'T1219'],
  reads: ['conn', 'open_conn'],
  finds: 'A pair of ends that stays connected for hours, in one connection or summed over many.',
  misses: [
    'The part of a connection outside the capture.',
    'Tunnels that change their server.',
    'Connections of a pair with more than a month of silence between them (two days, as long as they add up to minutes) are not added up.',
  ],
  benign: ['Administration by SSH, VPN, websockets, database pools, message brokers.'],
  investigate: ['Compare the conn rows of the pair over the 24 hours before firstSeen: is the edge new, and who opened it?'],
  sources: ['https://attack.mitre.org/techniques/T1571/', 'RITA v5 long connection tiers (1, 4, 8, 12 hours)'],
  tunables: {
    minHours: { default: 1, unit: 'hours', min: 0.01, max: 1000, why: 'First tier of RITA v5.' },
    longHours: { default: 8, unit: 'hours', min: 0.01, max: 1000, why: 'Third tier of RITA v5: beyond a working day nobody types.' },
  },
  start(tune: Tune, host) {
    const pairs = host.newEndsMap<Pair>(maxPairs, { afterSeconds: silenceSeconds });
    const heavy = host.newEndsMap<Pair>(maxHeavy, { afterSeconds: heavySilenceSeconds });
    const see = (row: ConnRecord, ends: RowEnds, isFinal: boolean): void => {
      const { duration } = row;
      if (row.carrier === true || duration === undefined || duration <= 0 || row.proto === 'icmp') return;
      // One direction only is no connection.
      if (row.resp_pkts === 0 || ends.isServerMulticast) return;
      const { client, server, service } = ends;
      const pair =
        pairs.get(client, server, service) ?? pairs.set(heavy.peek(client, server, service) ?? newPair(row), client, server, service);
      add(pair, row, duration, isFinal);
      if (pair.total >= heavyShare * tune.minHours * 3600) heavy.set(pair, client, server, service);
      if (pair.total >= tune.minHours * 3600) raiseLong(host, pair, tune);
    };
    return { conn: (row, ends) => see(row, ends, true), open_conn: (row, ends) => see(row, ends, false) };
  },
});

const bytesOf = (row: ConnRecord): number => (row.orig_bytes ?? 0) + (row.resp_bytes ?? 0);

const newPair = (row: ConnRecord): Pair => ({
  client: row['id.orig_h'],
  server: row['id.resp_h'],
  port: row['id.resp_p'],
  proto: row.proto,
  context: row.context,
  service: row.service,
  ended: undefined,
  open: undefined,
  connections: 0,
  total: 0,
  longest: 0,
  bytes: 0,
  firstAt: row.ts,
  lastAt: row.ts,
});

/** Adds what is new: an open connection was partly told before. Beyond the bound only connections that ended count, once each. */
function add(pair: Pair, row: ConnRecord, duration: number, isFinal: boolean): void {
  const told = pair.open?.get(row.uid);
  if (told === undefined) {
    if (!isFinal && (pair.connections >= maxSessions || listed(pair.ended).includes(row.uid))) return;
    pair.connections++;
  }
  const bytes = bytesOf(row);
  if (isFinal) {
    pair.open?.delete(row.uid);
    pair.ended = withOne(pair.ended, row.uid, maxSessions);
  } else {
    pair.open ??= new Map();
    pair.open.set(row.uid, { seconds: duration, bytes });
  }
  pair.total += duration - (told?.seconds ?? 0);
  pair.bytes += bytes - (told?.bytes ?? 0);
  if (duration >= pair.longest) {
    pair.longest = duration;
    pair.service = row.service;
  }
  pair.firstAt = Math.min(pair.firstAt, row.ts);
  pair.lastAt = Math.max(pair.lastAt, row.ts + duration * 1e6);
}

/** A protocol that explains itself is a fact to know; something unrecognised that leads outside is worth a look. */
function severityOf(host: DetectionHost, { client, server, proto, service, total }: Pair, tune: Tune): Severity {
  if (host.knownAs(client) !== undefined || host.knownAs(server) !== undefined) return 'info';
  if (service !== undefined) return total >= tune.longHours * 3600 ? 'low' : 'info';
  const leadsOut = host.isOurs(client) && !host.isOurs(server);
  return leadsOut && proto === 'tcp' ? 'medium' : 'low';
}

function raiseLong(host: DetectionHost, pair: Pair, tune: Tune): void {
  const { client, server, port, proto, context, service, open, total, longest, connections, bytes } = pair;
  const known = host.knownAs(server) ?? host.knownAs(client);
  host.raise({
    key: `${server}|${proto}/${port}`,
    severity: severityOf(host, pair, tune),
    confidence: service === undefined ? 0.6 : 0.4,
    subject: { address: client, ...(context !== undefined && { context }) },
    peers: [{ address: server, port }],
    firstSeen: pair.firstAt as EpochMicros,
    lastSeen: pair.lastAt as EpochMicros,
    count: connections,
    summary: `${client} was connected to ${server}:${port} for ${spell(total)} in ${connections} connection${connections === 1 ? '' : 's'}, the longest ${spell(longest)}, ${service ?? 'no recognised protocol'}${known === undefined ? '' : ` (known: ${known})`}`,
    evidence: {
      totalSeconds: Math.round(total * 1e6) / 1e6,
      longestSeconds: Math.round(longest * 1e6) / 1e6,
      connections,
      bytes,
      service: service ?? null,
      protocol: proto,
      overlapping: total > (pair.lastAt - pair.firstAt) / 1e6,
      thresholds: { ...tune },
    },
    records: [...listed(pair.ended), ...(open?.keys() ?? [])],
  });
}
