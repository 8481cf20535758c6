// One question to one port with the sockets of the operating system: no root, no raw packets.
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import type { PortState } from '../../model/exposure.ts';
import { udpPayload } from './udp-payloads.ts';

export interface PortAnswer {
  readonly state: PortState;
  /** nmap's word where it has one. */
  readonly reason: string;
}

const refused: PortAnswer = { state: 'closed', reason: 'conn-refused' };
const silent: PortAnswer = { state: 'filtered', reason: 'no-response' };

const reasons: Readonly<Record<string, string>> = {
  EHOSTUNREACH: 'host-unreach',
  ENETUNREACH: 'net-unreach',
  EACCES: 'admin-prohibited',
  EPERM: 'admin-prohibited',
  ETIMEDOUT: 'no-response',
};

/** What an error says of the port; undefined when it says something of us (no sockets left). */
function answerOf(code: string | undefined): PortAnswer | undefined {
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET') return refused;
  const reason = code === undefined ? undefined : reasons[code];
  return reason === undefined ? undefined : { state: 'filtered', reason };
}

/** Opens and closes one connection. */
export function tryTcp(address: string, port: number, timeoutMs: number, signal: AbortSignal): Promise<PortAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port });
    const end = (answer: PortAnswer): void => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(answer);
    };
    const onAbort = (): void => end(silent);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.setTimeout(timeoutMs, () => end(silent));
    socket.once('connect', () => end({ state: 'open', reason: 'syn-ack' }));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const answer = answerOf(error.code);
      if (answer !== undefined) end(answer);
      else {
        signal.removeEventListener('abort', onAbort);
        reject(error);
      }
    });
  });
}

/** Sends one datagram and waits for an answer, or for the ICMP error that says the port is closed. */
export function tryUdp(address: string, port: number, timeoutMs: number): Promise<PortAnswer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    const end = (answer: PortAnswer): void => {
      clearTimeout(timer);
      socket.close();
      resolve(answer);
    };
    const timer = setTimeout(() => end({ state: 'open|filtered', reason: 'no-response' }), timeoutMs);
    socket.once('message', () => end({ state: 'open', reason: 'udp-response' }));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const answer = answerOf(error.code);
      if (answer !== undefined) end(answer);
      else {
        clearTimeout(timer);
        reject(error);
      }
    });
    socket.connect(port, address, () => socket.send(udpPayload(port)));
  });
}
