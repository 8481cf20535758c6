// Kerberos over TCP at its port: recognised by a whole message after its length.
import type { Bytes } from '../../../base/bytes.ts';
import { isKerberosMessage } from '../../kerberos/kerberos-message.ts';
import { FrameSession, needMore, notThis } from '../../stream/frame-session.ts';
import type { Analyzer } from '../analyzer.ts';

/** Length before each message. RFC 4120 §7.2.2. */
const prefixLength = 4;
const longestMessage = 1 << 16;

class KerberosSession extends FrameSession {
  protected frameLength(_fromClient: boolean, bytes: Bytes, start: number, end: number): number {
    if (end - start < prefixLength) return needMore;
    const length = bytes.view.getUint32(start);
    return length === 0 || length > longestMessage ? notThis : prefixLength + length;
  }

  protected frame(_fromClient: boolean, bytes: Bytes, start: number, end: number): void {
    if (!isKerberosMessage(bytes, start + prefixLength, end)) this.refuse('malformed message');
    else {
      this.flow.confirm();
      this.finish();
    }
  }
}

/** Kerberos 5 over TCP. */
export const krbTcp: Analyzer = {
  name: 'krb_tcp',
  transports: ['tcp'],
  ports: { tcp: [88] },
  spec: 'RFC 4120',
  probe: () => 'no',
  open: (flow) => new KerberosSession(flow, longestMessage + prefixLength),
};
