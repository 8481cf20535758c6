// SOCKS 4, 4a and 5: recognised by the proxy's reply; what follows is detected anew.
import type { Bytes } from '../../../base/bytes.ts';
import { FrameSession, needMore, notThis } from '../../stream/frame-session.ts';
import type { Analyzer, Verdict } from '../analyzer.ts';

/** Longest request: SOCKS 4a with two names. */
const longestMessage = 1024;
const version5 = 5;

/** What a SOCKS 5 side says next. RFC 1928 §3 to §6, RFC 1929. */
type Step = 'methods' | 'login' | 'address';

/** Length of a SOCKS 5 address with port that begins with its type at `at`; 0 when it is cut, -1 when the type is unknown. */
function addressLength(bytes: Bytes, at: number, end: number): number {
  if (at >= end) return needMore;
  const type = bytes.u8[at];
  if (type === 1) return 7;
  if (type === 4) return 19;
  if (type !== 3) return notThis;
  return at + 1 < end ? 4 + (bytes.u8[at + 1] ?? 0) : needMore;
}

class SocksSession extends FrameSession {
  #client: Step = 'methods';
  #server: Step = 'methods';
  #loginMethod = 0;

  protected frameLength(fromClient: boolean, bytes: Bytes, start: number, end: number): number {
    const first = bytes.u8[start];
    if (fromClient && first === 4) return this.#length4(bytes, start, end);
    if (!fromClient && first === 0 && this.#server === 'methods') return 8;
    const step = fromClient ? this.#client : this.#server;
    if (step === 'login') return this.#lengthOfLogin(fromClient, bytes, start, end);
    if (first !== version5) return notThis;
    if (step === 'address') {
      const length = addressLength(bytes, start + 3, end);
      return length > 0 ? 3 + length : length;
    }
    if (!fromClient) return 2;
    return start + 1 < end ? 2 + (bytes.u8[start + 1] ?? 0) : needMore;
  }

  /** Command, port, address, user name; with address 0.0.0.x a host name too. */
  #length4(bytes: Bytes, start: number, end: number): number {
    const userEnd = bytes.u8.indexOf(0, start + 8);
    if (userEnd < 0 || userEnd >= end) return needMore;
    if (bytes.view.getUint32(start + 4) > 0xff) return userEnd + 1 - start;
    const nameEnd = bytes.u8.indexOf(0, userEnd + 1);
    return nameEnd < 0 || nameEnd >= end ? needMore : nameEnd + 1 - start;
  }

  /** User name and password; other methods are opaque. */
  #lengthOfLogin(fromClient: boolean, bytes: Bytes, start: number, end: number): number {
    if (this.#loginMethod !== 2) return end - start;
    if (!fromClient) return 2;
    if (start + 2 > end) return needMore;
    const passwordAt = start + 2 + (bytes.u8[start + 1] ?? 0);
    return passwordAt < end ? passwordAt + 1 + (bytes.u8[passwordAt] ?? 0) - start : needMore;
  }

  protected frame(fromClient: boolean, bytes: Bytes, start: number, _end: number): void {
    if (fromClient) {
      if (this.#client === 'address' && bytes.u8[start + 2] !== 0) this.refuse('reserved field set');
      if (this.#client === 'login') this.#client = 'address';
      return;
    }
    const isReply = bytes.u8[start] === 0 || this.#server === 'address';
    if (isReply) {
      this.flow.confirm();
      this.yieldTo(undefined);
    } else if (this.#server === 'login') this.#server = 'address';
    else this.#choose(bytes.u8[start + 1] ?? 0);
  }

  #choose(method: number): void {
    this.#loginMethod = method;
    const next = method === 0 || method === 0xff ? 'address' : 'login';
    this.#client = next;
    this.#server = next;
  }
}

/** A user name that long is believed without its end. */
const longestUser = 32;

/** Version 4 with a known command and a short user name, or version 5 with a usual first method. */
function probeRequest({ u8 }: Bytes, start: number, end: number): Verdict {
  if (end - start < 3) return u8[start] === 4 || u8[start] === version5 ? 'more' : 'no';
  const second = u8[start + 1] ?? 0;
  if (u8[start] === version5) return (u8[start + 2] ?? 0) <= 2 ? 'yes' : 'no';
  if (u8[start] !== 4 || (second !== 1 && second !== 2)) return 'no';
  const zero = u8.indexOf(0, start + 2);
  if (zero >= 0 && zero < Math.min(end, start + 3 + longestUser)) return 'yes';
  return end - start < 3 + longestUser ? 'more' : 'no';
}

/** Version 4's code of success or failure, or the choice of a usual method. */
function probeReply({ u8 }: Bytes, start: number, end: number): Verdict {
  const second = u8[start + 1] ?? 0;
  if (end - start < 2) return u8[start] === 0 || u8[start] === version5 ? 'more' : 'no';
  if (u8[start] === 0) return second >= 0x5a && second <= 0x5d ? 'yes' : 'no';
  return u8[start] === version5 && second <= 2 ? 'yes' : 'no';
}

/** SOCKS proxy protocol. */
export const socks: Analyzer = {
  name: 'socks',
  transports: ['tcp'],
  ports: { tcp: [1080] },
  spec: 'RFC 1928, RFC 1929; SOCKS 4A',
  bothSides: true,
  probe: (fromClient, bytes, start, end) => (fromClient ? probeRequest : probeReply)(bytes, start, end),
  open: (flow) => new SocksSession(flow, longestMessage),
};
