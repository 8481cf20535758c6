// What a connection record says about an attempt to reach somebody: the common ground of scan detectors.
import type { ConnRecord } from '../../model/records/conn.ts';

/** ICMP types of an echo request, IPv4 (RFC 792) and IPv6 (RFC 4443). */
const echoRequests = new Set([8, 128]);

export type Method = 'syn' | 'connect' | 'fin' | 'null' | 'udp' | 'icmp-echo';

/** One attempt: how, and whether the target answered with anything but a refusal. */
export interface Attempt {
  readonly method: Method;
  /** silent, refused, a handshake without data (probe), or a real answer. */
  readonly outcome: 'silent' | 'refused' | 'probe' | 'answered';
}

const silent = (method: Method): Attempt => ({ method, outcome: 'silent' });

/** Flags that the client sent without ever sending SYN: probes of RFC 793 closed-port behaviour. Never the tail of a connection, which carries ACK. */
function flagProbe(row: ConnRecord, history: string): Attempt | undefined {
  if (/[hHdD]/.test(history) || row.orig_pkts > 3) return undefined;
  const sent = history.replace(/[^A-Z]/g, '');
  const outcome = history.includes('r') ? 'refused' : 'silent';
  if (sent === '') return { method: 'null', outcome };
  if (sent === 'F') return { method: 'fin', outcome };
  return undefined;
}

function tcpAttempt(row: ConnRecord): Attempt | undefined {
  const history = row.history ?? '';
  if (row.orig_pkts === 0 || history.startsWith('^')) return undefined;
  if (!history.includes('S')) return flagProbe(row, history);
  const method: Method = history.includes('A') ? 'connect' : 'syn';
  if (row.conn_state === 'REJ') return { method, outcome: 'refused' };
  if (!history.includes('h')) return { method, outcome: history.includes('r') ? 'refused' : 'silent' };
  const payload = (row.orig_bytes ?? 0) + (row.resp_bytes ?? 0);
  return { method, outcome: payload === 0 ? 'probe' : 'answered' };
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
    if (row.resp_pkts > 0) return { method: 'udp', outcome: 'answered' };
    return row.icmp_unreachable === undefined ? silent('udp') : { method: 'udp', outcome: 'refused' };
  }
  if (row.proto === 'icmp' && echoRequests.has(row['id.orig_p'])) {
    return row.resp_pkts > 0 ? { method: 'icmp-echo', outcome: 'answered' } : silent('icmp-echo');
  }
  return undefined;
}
