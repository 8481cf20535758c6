// Records as detectors read them, in few words: connections by their outcome, name look-ups and ARP messages.

import { type Cidr, parseCidr } from '../../src/base/ip.ts';
import { type EpochMicros, epochMicros } from '../../src/base/units.ts';
import type { ArpRecord } from '../../src/model/records/arp.ts';
import type { ConnRecord } from '../../src/model/records/conn.ts';
import type { DnsRecord } from '../../src/model/records/dns.ts';
import type { RecordName, RecordRow } from '../../src/model/records/index.ts';

/** One row of one log. */
export interface LogRow<N extends RecordName = RecordName> {
  readonly log: N;
  readonly row: RecordRow<N>;
}

const startSeconds = 1_700_000_000;

/** So many seconds after the beginning of all test traffic. */
export const secondsIn = (seconds: number): EpochMicros => epochMicros(Math.round((startSeconds + seconds) * 1e6));

/** An address with a port, as in `10.0.0.7:40000` or `[2001:db8::1]:443`. */
function endOf(text: string): readonly [address: string, port: number] {
  const colon = text.lastIndexOf(':');
  return [text.slice(0, colon).replace(/^\[|\]$/g, ''), Number(text.slice(colon + 1))];
}

/** What came of a connection: the columns that tell. Counts are those of Linux with Zeek watching. */
const outcomes = {
  /** No answer to the SYN. */
  silent: { conn_state: 'S0', history: 'S', orig_pkts: 1, orig_ip_bytes: 60, resp_pkts: 0, resp_ip_bytes: 0 },
  /** RST in answer to the SYN. */
  refused: { conn_state: 'REJ', history: 'Sr', orig_pkts: 1, orig_ip_bytes: 60, resp_pkts: 1, resp_ip_bytes: 40 },
  /** SYN-ACK, which a scanner's own kernel resets. */
  probe: { conn_state: 'RSTO', history: 'ShR', orig_pkts: 2, orig_ip_bytes: 100, resp_pkts: 1, resp_ip_bytes: 44 },
  /** A request and its answer. */
  answered: {
    conn_state: 'SF',
    history: 'ShADadFf',
    duration: 0.5,
    orig_bytes: 700,
    resp_bytes: 4000,
    orig_pkts: 9,
    orig_ip_bytes: 1100,
    resp_pkts: 9,
    resp_ip_bytes: 4400,
  },
  /** A lone SYN-ACK: the answer to somebody's forged SYN. The one who sent it is the server, so the client sent nothing. */
  backscatter: { conn_state: 'OTH', history: '^h', orig_pkts: 0, orig_ip_bytes: 0, resp_pkts: 1, resp_ip_bytes: 44 },
} as const satisfies Readonly<Record<string, Partial<ConnRecord>>>;

/** How a connection went. */
export type Outcome = keyof typeof outcomes;

const isPrivate = (address: string): boolean => /^(10|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(address);

/** A TCP connection; `values` changes what it names. The uid tells ends and time, so that equal input gives equal rows. */
export function conn(seconds: number, from: string, to: string, outcome: Outcome, values: Partial<ConnRecord> = {}): LogRow<'conn'> {
  const [client, clientPort] = endOf(from);
  const [server, serverPort] = endOf(to);
  return {
    log: 'conn',
    row: {
      ts: secondsIn(seconds),
      uid: `C${seconds}-${from}-${to}`,
      'id.orig_h': client,
      'id.orig_p': clientPort,
      'id.resp_h': server,
      'id.resp_p': serverPort,
      proto: 'tcp',
      local_orig: isPrivate(client),
      local_resp: isPrivate(server),
      missed_bytes: 0,
      ip_proto: 6,
      ...outcomes[outcome],
      ...values,
    },
  };
}

/** A UDP flow of `packets` each way. */
export function udpFlow(
  seconds: number,
  from: string,
  to: string,
  packets: readonly [sent: number, received: number],
  values: Partial<ConnRecord> = {},
): LogRow<'conn'> {
  const [sent, received] = packets;
  return conn(seconds, from, to, 'silent', {
    proto: 'udp',
    ip_proto: 17,
    conn_state: received > 0 ? 'SF' : 'S0',
    history: received > 0 ? 'Dd' : 'D',
    orig_pkts: sent,
    orig_ip_bytes: sent * 100,
    orig_bytes: sent * 72,
    resp_pkts: received,
    resp_ip_bytes: received * 100,
    resp_bytes: received * 72,
    ...values,
  });
}

/** Echo requests to one host. */
export function echoes(
  seconds: number,
  client: string,
  server: string,
  packets: readonly [sent: number, received: number],
): LogRow<'conn'> {
  return udpFlow(seconds, `${client}:8`, `${server}:0`, packets, { proto: 'icmp', ip_proto: 1, history: undefined, conn_state: 'OTH' });
}

/** A query and its answers, each with its seconds to live. */
export function dns(
  seconds: number,
  client: string,
  query: string,
  answers: readonly (readonly [answer: string, ttl: number])[],
  values: Partial<DnsRecord> = {},
): LogRow<'dns'> {
  return {
    log: 'dns',
    row: {
      ts: secondsIn(seconds),
      uid: `D${seconds}-${client}-${query}`,
      'id.orig_h': client,
      'id.orig_p': 40_053,
      'id.resp_h': '10.0.0.2',
      'id.resp_p': 53,
      proto: 'udp',
      trans_id: 1,
      query,
      rejected: false,
      ...(answers.length > 0 && { rcode: 0, answers: answers.map(([answer]) => answer), TTLs: answers.map(([, ttl]) => ttl) }),
      ...values,
    },
  };
}

const mac = (address: string): string => `fa:16:3e:00:00:${(Number(address.split('.').at(-1)) % 256).toString(16).padStart(2, '0')}`;

/** An ARP message. */
export function arp(
  seconds: number,
  operation: 'request' | 'reply',
  sender: string,
  target: string,
  values: Partial<ArpRecord> = {},
): LogRow<'arp'> {
  return {
    log: 'arp',
    row: {
      ts: secondsIn(seconds),
      operation,
      sender_mac: mac(sender),
      sender_addr: sender,
      target_mac: operation === 'reply' ? mac(target) : '00:00:00:00:00:00',
      target_addr: target,
      gratuitous: sender === target,
      ...values,
    },
  };
}

/** So many rows, made from their number. */
export const rowsOf = (count: number, make: (i: number) => LogRow | readonly LogRow[]): LogRow[] =>
  Array.from({ length: count }, (_, i) => make(i)).flat() as LogRow[];

/** Ranges from their texts; a typing error is one for the test. */
export function ranges(...texts: readonly string[]): readonly Cidr[] {
  return texts.map((text) => {
    const range = parseCidr(text);
    if (range === undefined) throw new Error(`${text} is no range`);
    return range;
  });
}

/** Ends that the operator vouches for. */
export const knownEnds = (label: string, ...texts: readonly string[]): readonly { readonly label: string; readonly range: Cidr }[] =>
  ranges(...texts).map((range) => ({ label, range }));

/** The same rows, but taken in two networks by turns: the traffic of two tenants with the same addresses. */
export const ofTwoTenants = (rows: readonly LogRow[]): LogRow[] =>
  rows.map(({ log, row }, i) => ({ log, row: { ...row, context: `vxlan:${11 + (i % 2)}` } }));
