// D33: a port that promises one protocol carries another, or a remote-control protocol hides on an odd port.
import type { EpochMicros } from '../../../base/units.ts';
import type { Severity } from '../../../model/finding.ts';
import type { ConnRecord } from '../../../model/records/conn.ts';
import { type DetectionHost, defineDetector } from '../../detector.ts';
import type { RowEnds } from '../../ends/row-ends.ts';
import { type ConnEnds, connEnds } from '../../stats/conn-ends.ts';
import { day } from '../../stats/record-clock.ts';
import { clientSubject } from '../../stats/scan-finding.ts';
import { appended } from '../../stats/short-list.ts';

const maxEdges = 10_000;
const maxUids = 100;

/** Services that a port stands for; anything else there is a mismatch. Ports of the IANA registry. */
const promised: ReadonlyMap<number, readonly string[]> = new Map([
  [22, ['ssh']],
  [25, ['smtp', 'ssl']],
  [53, ['dns']],
  [80, ['http', 'websocket', 'ssl']],
  [443, ['ssl', 'quic', 'http', 'websocket']],
  [853, ['ssl']],
  [993, ['ssl', 'imap']],
  [995, ['ssl', 'pop3']],
]);

/** Protocols that give control or carry others, with the ports where they are expected. */
const atHome: Readonly<Record<string, readonly number[]>> = {
  ssh: [22, 2222, 830],
  socks: [1080, 9050, 9150],
  rdp: [3389],
  rfb: [5900, 5901, 5902],
  irc: [6660, 6661, 6662, 6663, 6664, 6665, 6666, 6667, 6668, 6669, 6697, 7000],
  ssl: [
    25, 110, 143, 389, 443, 465, 563, 587, 636, 853, 989, 990, 993, 995, 1194, 3269, 3389, 4443, 5061, 5222, 5223, 5228, 5349, 5432, 5671,
    5986, 6443, 6697, 7443, 8080, 8443, 8883, 9443,
  ],
};

/** What is odd about a connection; undefined when nothing is. */
export interface Mismatch {
  readonly what: string;
  readonly severity: Severity;
  readonly confidence: number;
}

/** Judges one answered connection by its server port and what was recognised in it. */
export function mismatchOf(port: number, services: readonly string[]): Mismatch | undefined {
  const expected = promised.get(port);
  if (expected !== undefined && !services.some((service) => expected.includes(service))) {
    const found = services.length === 0 ? 'no recognised protocol' : services.join(', ');
    return {
      what: `port ${port} stands for ${expected[0]} but carries ${found}`,
      severity: 'low',
      confidence: services.length === 0 ? 0.45 : 0.55,
    };
  }
  for (const service of services) {
    const home = atHome[service];
    if (home !== undefined && expected === undefined && !home.includes(port)) {
      return { what: `${service} on port ${port}`, severity: 'low', confidence: service === 'ssl' ? 0.3 : 0.5 };
    }
  }
  return undefined;
}

interface Edge {
  readonly row: ConnEnds;
  readonly mismatch: Mismatch;
  count: number;
  bytes: number;
  firstAt: number;
  lastAt: number;
  uids: string[];
}

export const protocolMismatch = defineDetector({
  id: 'D33-protocol-mismatch',
  title: 'Protocol does not fit its port',
  attack: ['T1571', 'T1001.003'],
  reads: ['conn'],
  finds: 'A connection from a machine of ours whose server port stands for another protocol than the one spoken.',
  misses: [
    'Protocols that are not recognised by content.',
    'Connections whose beginning is outside the capture.',
    'What goes on after a day of silence is another finding.',
  ],
  benign: ['Administrators who moved SSH.', 'A VPN or a proprietary client that uses 443 to get through firewalls.'],
  investigate: ['Read the conn rows of the pair in the 24 hours before firstSeen: is the edge new?'],
  sources: ['https://attack.mitre.org/techniques/T1571/', 'IANA service names and port numbers'],
  tunables: {
    minBytes: { default: 32, unit: 'payload bytes each way', min: 0, max: 1e6, why: 'Less is a greeting or a probe.' },
  },
  start(tune, host) {
    const edges = host.newEndsMap<Edge>(maxEdges, { afterSeconds: day, onForget: (edge) => raiseMismatch(host, edge, tune) });
    return {
      conn(row, ends) {
        if (!isJudged(ends, row, tune.minBytes)) return;
        const mismatch = mismatchOf(row['id.resp_p'], row.service?.split(',') ?? []);
        if (mismatch === undefined) return;
        const { client, server, service } = ends;
        const edge = edges.get(client, server, service) ?? edges.set(newEdge(row, mismatch), client, server, service);
        edge.count++;
        edge.bytes += (row.orig_bytes ?? 0) + (row.resp_bytes ?? 0);
        edge.firstAt = Math.min(edge.firstAt, row.ts);
        edge.lastAt = Math.max(edge.lastAt, row.ts + (row.duration ?? 0) * 1e6);
        if (edge.uids.length < maxUids) edge.uids = appended(edge.uids, row.uid);
      },
      finish() {
        for (const edge of edges.values()) raiseMismatch(host, edge, tune);
      },
    };
  },
});

const newEdge = (row: ConnRecord, mismatch: Mismatch): Edge => ({
  row: connEnds(row),
  mismatch,
  count: 0,
  bytes: 0,
  firstAt: row.ts,
  lastAt: row.ts,
  uids: [],
});

/** Whole, answered TCP connections of ours: content can only be judged where it was seen from the start. */
const isJudged = (ends: RowEnds, row: ConnRecord, minBytes: number): boolean =>
  row.carrier !== true &&
  row.proto === 'tcp' &&
  row.history?.startsWith('Sh') === true &&
  ends.isClientOurs &&
  row.missed_bytes === 0 &&
  (row.orig_bytes ?? 0) >= minBytes &&
  (row.resp_bytes ?? 0) >= minBytes;

function raiseMismatch(host: DetectionHost, edge: Edge, tune: { readonly minBytes: number }): void {
  const { row, mismatch, count, bytes, firstAt, lastAt, uids } = edge;
  const [client, server, port] = [row['id.orig_h'], row['id.resp_h'], row['id.resp_p']];
  const known = host.knownAs(server) ?? host.knownAs(client);
  host.raise({
    key: `${server}|${port}`,
    severity: known === undefined ? mismatch.severity : 'info',
    confidence: mismatch.confidence,
    subject: clientSubject(row),
    peers: [{ address: server, port }],
    firstSeen: firstAt as EpochMicros,
    lastSeen: lastAt as EpochMicros,
    count,
    summary: `${client} spoke to ${server}: ${mismatch.what} (${count} connection${count === 1 ? '' : 's'}, ${bytes} bytes)${known === undefined ? '' : ` (known: ${known})`}`,
    evidence: { port, service: row.service ?? null, connections: count, bytes, thresholds: { ...tune } },
    records: uids,
  });
}
