// PostgreSQL: recognised by the client's start-up message, or by the server's answer to the request for TLS.
import type { Bytes } from '../../../base/bytes.ts';
import { FrameSession, needMore, notThis } from '../../stream/frame-session.ts';
import type { Analyzer, Verdict } from '../analyzer.ts';

const requestLength = 8;
/** Codes that stand where a start-up message has its version. */
const tlsRequest = 80877103;
const longestStartUp = 1 << 14;
const parameter = /^[-_/A-Za-z0-9]+$/;
const value = /^[\x20-\x7e]+$/;

class PostgresqlSession extends FrameSession {
  #requestedTls = false;
  #refusedTls = false;
  #started = false;

  protected frameLength(fromClient: boolean, bytes: Bytes, start: number, end: number): number {
    if (fromClient && !this.#started) {
      if (end - start < 4) return needMore;
      const length = bytes.view.getUint32(start);
      return length < requestLength || length > longestStartUp ? notThis : length;
    }
    if (!fromClient && this.#requestedTls && !this.#refusedTls) return 1;
    if (end - start < 5) return needMore;
    const length = bytes.view.getUint32(start + 1);
    return length < 4 || length > longestStartUp ? notThis : 1 + length;
  }

  protected frame(fromClient: boolean, bytes: Bytes, start: number, end: number): void {
    if (fromClient) {
      if (!this.#started) this.#start(bytes, start, end);
    } else if (this.#requestedTls && !this.#refusedTls) this.#answerTls(bytes.u8[start]);
    // One message of the server that holds together is enough.
    else if (this.#started) this.finish();
  }

  #start(bytes: Bytes, start: number, end: number): void {
    const code = bytes.view.getUint32(start + 4);
    if (end - start === requestLength && code === tlsRequest) this.#requestedTls = true;
    else if (code >>> 16 !== 3 || !this.#hasParameters(bytes, start + 8, end)) this.refuse('malformed start-up message');
    else {
      this.#started = true;
      this.flow.confirm();
    }
  }

  /** Pairs of texts that end in a zero byte, then a zero byte. */
  #hasParameters(bytes: Bytes, start: number, end: number): boolean {
    const texts = bytes.latin1(start, end).split('\0');
    if (texts.length < 4 || texts.length % 2 !== 0) return false;
    return texts.slice(0, -2).every((text, i) => (i % 2 === 0 ? parameter : value).test(text));
  }

  #answerTls(answer: number | undefined): void {
    if (answer !== 0x53 && answer !== 0x4e) {
      this.refuse('no answer to the request for TLS');
      return;
    }
    this.flow.confirm();
    this.#refusedTls = true;
    if (answer === 0x53) this.yieldTo('ssl');
  }
}

/** How far the first parameter may be. */
const userDepth = 280;

/** The request for TLS, or a start-up message of version 3.0 with a user. */
function probeClient(bytes: Bytes, start: number, end: number): Verdict {
  if (end - start < requestLength) return 'more';
  const code = bytes.view.getUint32(start + 4);
  if (code === tlsRequest) return bytes.view.getUint32(start) === requestLength ? 'yes' : 'no';
  if (code >>> 16 !== 3) return 'no';
  const depth = Math.min(end, start + userDepth);
  if (bytes.latin1(start + 7, depth).includes('user\0')) return 'yes';
  return depth === end ? 'more' : 'no';
}

/** `S` or `N`, or a message that is shorter than 64 KiB. */
function probeServer({ u8 }: Bytes, start: number, end: number): Verdict {
  const type = u8[start] ?? 0;
  if (type === 0x53 || type === 0x4e) return 'yes';
  const isWord = (type >= 0x41 && type <= 0x5a) || (type >= 0x61 && type <= 0x7a) || (type >= 0x30 && type <= 0x39);
  if (!isWord) return 'no';
  if (end - start < 5) return 'more';
  return u8[start + 1] === 0 && u8[start + 2] === 0 ? 'yes' : 'no';
}

/** PostgreSQL frontend/backend protocol 3. */
export const postgresql: Analyzer = {
  name: 'postgresql',
  transports: ['tcp'],
  ports: { tcp: [5432] },
  spec: 'PostgreSQL 17 §53',
  bothSides: true,
  probe: (fromClient, bytes, start, end) => (fromClient ? probeClient : probeServer)(bytes, start, end),
  open: (flow) => new PostgresqlSession(flow, longestStartUp),
};
