// What a connection record says about an attempt to reach somebody: the common ground of scan detectors.
import type { ConnRecord } from '../../model/records/conn.ts';

/** ICMP types of an echo request, IPv4 (RFC 792) and IPv6 (RFC 4443). */
const echoRequests = new Set([8, 128]);

export type Method = 'syn' | 'connect' | 'fin' | 'null' | 'udp' | 'icmp-echo';

/** silent, refused, a handshake without data (probe), or a real answer. */
type Outcome = 'silent' | 'refused' | 'probe' | 'answered';

/** One attempt: how, and whether the target answered with anything but a refusal. */
export interface Attempt {
  readonly method: Method;
  readonly outcome: Outcome;
}

const each = (method: Method): Readonly<Record<Outcome, Attempt>> => ({
  silent: { method, outcome: 'silent' },
  refused: { method, outcome: 'refused' },
  probe: { method, outcome: 'probe' },
  answered: { method, outcome: 'answered' },
});

/** Every attempt that there can be, made once. */
const attempts = {
  syn: each('syn'),
  connect: each('connect'),
  fin: each('fin'),
  null: each('null'),
  udp: each('udp'),
  'icmp-echo': each('icmp-echo'),
} satisfies Readonly<Record<Method, unknown>>;

/** Flags that the client sent without ever sending SYN: probes of RFC 793 closed-port behaviour. Never the tail of a connection, which carries ACK. */
function flagProbe(row: ConnRecord, history: string): Attempt | undefined {
  if (/[hHdD]/.test(history) || row.orig_pkts > 3) return undefined;
  const sent = history.replace(/[^A-Z]/g, '');
  const outcome = history.includes('r') ? 'refused' : 'silent';
  if (sent === '') return attempts.null[outcome];
  if (sent === 'F') return attempts.fin[outcome];
  return undefined;
}

function tcpAttempt(row: ConnRecord): Attempt | undefined {
  const history = row.history ?? '';
  if (row.orig_pkts === 0 || history.startsWith('^')) return undefined;
  if (!history.includes('S')) return flagProbe(row, history);
  const outcomes = history.includes('A') ? attempts.connect : attempts.syn;
  if (row.conn_state === 'REJ') return outcomes.refused;
  if (!history.includes('h')) return history.includes('r') ? outcomes.refused : outcomes.silent;
  const payload = (row.orig_bytes ?? 0) + (row.resp_bytes ?? 0);
  return payload === 0 ? outcomes.probe : outcomes.answered;
}

/**
 * The attempt behind a conn row; undefined when it is none: carriers, replies, backscatter, flipped and mid-stream rows.
 * Only what the client side itself sent counts, so a SYN-ACK never makes its sender a scanner.
 */
export function attemptOf(row: ConnRecord): Attempt | undefined {
  if (judged.row !== row) {
    judged.attempt = judge(row);
    judged.row = row;
  }
  return judged.attempt;
}

/** The last row: detectors ask for the same one after the other. */
const judged: { row: ConnRecord | undefined; attempt: Attempt | undefined } = { row: undefined, attempt: undefined };

function judge(row: ConnRecord): Attempt | undefined {
  if (row.carrier === true) return undefined;
  if (row.proto === 'tcp') return tcpAttempt(row);
  if (row.orig_pkts === 0) return undefined;
  if (row.proto === 'udp') {
    if (row.resp_pkts > 0) return attempts.udp.answered;
    return row.icmp_unreachable === undefined ? attempts.udp.silent : attempts.udp.refused;
  }
  if (row.proto === 'icmp' && echoRequests.has(row['id.orig_p'])) {
    return row.resp_pkts > 0 ? attempts['icmp-echo'].answered : attempts['icmp-echo'].silent;
  }
  return undefined;
}
