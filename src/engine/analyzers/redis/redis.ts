// Redis: recognised by a whole reply to a command.
import type { Bytes } from '../../../base/bytes.ts';
import { probePattern } from '../../stream/text-probe.ts';
import type { Analyzer, Flow, Session, Verdict } from '../analyzer.ts';
import { RespReader } from './resp-reader.ts';

class RedisSession implements Session {
  readonly #flow: Flow;
  readonly #reply = new RespReader();
  #asked = false;

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  onBytes(fromClient: boolean, bytes: Bytes, start: number, end: number): void {
    this.#asked ||= fromClient;
    if (fromClient || !this.#asked) return;
    const verdict = this.#reply.read(bytes, start, end);
    if (verdict === 'no') this.#flow.reject('no reply');
    if (verdict !== 'yes') return;
    this.#flow.confirm();
    this.#flow.done();
  }

  onGap(): void {
    this.#flow.done();
  }

  onClose(): void {}
}

const clientCommand = /^\*\d+\r\n\$\d+\r\n/;
const serverReply = /^(?:[-+_,][^\n]*\r\n|[:$*#(!=%`~>][+-]?[0-9]+(?:\.[0-9]*)?\r\n)/;

const asterisk = 0x2a;
/** How a reply begins. */
const replyTypes = new Uint8Array(256);
for (const character of '-+_,:$*#(!=%`~>') replyTypes[character.charCodeAt(0)] = 1;

function probe(fromClient: boolean, bytes: Bytes, start: number, end: number): Verdict {
  if (start === end) return 'more';
  const first = bytes.u8[start] ?? 0;
  if (fromClient) return first === asterisk ? probePattern(clientCommand, bytes, start, end) : 'no';
  return replyTypes[first] === 1 ? probePattern(serverReply, bytes, start, end) : 'no';
}

/** Redis serialization protocol. */
export const redis: Analyzer = {
  name: 'redis',
  transports: ['tcp'],
  ports: { tcp: [6379] },
  spec: 'RESP 2 and 3',
  bothSides: true,
  probe,
  open: (flow) => new RedisSession(flow),
};
