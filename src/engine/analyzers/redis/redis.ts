// Redis: recognised by a reply of the server.
import type { Bytes } from '../../../base/bytes.ts';
import { LineSession } from '../../stream/line-session.ts';
import { probePattern } from '../../stream/text-probe.ts';
import type { Analyzer } from '../analyzer.ts';

/** First line of a reply: simple ones end there, the others announce a length or count. https://redis.io/docs/reference/protocol-spec */
const reply = /^(?:[-+_,][^\n]*|#[tf]|[:(][+-]?\d+|[$*!=%~>][+-]?\d+)$/;

class RedisSession extends LineSession {
  #asked = false;

  protected line(fromClient: boolean, bytes: Bytes, start: number, end: number): void {
    if (fromClient) this.#asked = true;
    else if (!reply.test(bytes.latin1(start, end))) this.refuse('no reply');
    else if (this.#asked) {
      this.flow.confirm();
      this.finish();
    }
  }
}

const serverReply = /^(?:[-+_,][^\n]*\r\n|[:$*#(!=%`~>][+-]?[0-9]+(?:\.[0-9]*)?\r\n)/;

/** Redis serialization protocol. */
export const redis: Analyzer = {
  name: 'redis',
  transports: ['tcp'],
  ports: { tcp: [6379] },
  spec: 'RESP 2 and 3',
  probe: (fromClient, bytes, start, end) => (fromClient ? 'no' : probePattern(serverReply, bytes, start, end)),
  open: (flow) => new RedisSession(flow),
};
