// Finger at its port: recognised by a request that names somebody, or by an answer.
import type { Bytes } from '../../../base/bytes.ts';
import { LineSession } from '../../stream/line-session.ts';
import type { Analyzer } from '../analyzer.ts';

/** Longest line that is looked at, in bytes. */
const longestLine = 1024;
/** A line of an answer that short says nothing. */
const shortestAnswer = 10;
const utf8 = new TextDecoder('utf-8', { fatal: true });

const isText = (bytes: Uint8Array): boolean => {
  try {
    utf8.decode(bytes);
    return true;
  } catch {
    return false;
  }
};

class FingerSession extends LineSession {
  protected line(fromClient: boolean, bytes: Bytes, start: number, end: number): void {
    const isTelling = fromClient ? /[^ \t]/.test(bytes.latin1(start, end)) : end - start > shortestAnswer;
    if (!isText(bytes.u8.subarray(start, end))) this.refuse('not text');
    else if (isTelling) {
      this.flow.confirm();
      this.finish();
    }
  }
}

/** Finger user information. */
export const finger: Analyzer = {
  name: 'finger',
  transports: ['tcp'],
  ports: { tcp: [79] },
  spec: 'RFC 1288',
  probe: () => 'no',
  open: (flow) => new FingerSession(flow, longestLine),
};
