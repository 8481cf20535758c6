// LDAP over TCP: recognised by a whole message of either side; gives way to TLS after StartTLS.
import type { Bytes } from '../../../base/bytes.ts';
import { beginsWithRequest, ldapMessageLength, ldapOperation } from '../../ldap/ldap-message.ts';
import { FrameSession } from '../../stream/frame-session.ts';
import type { Analyzer, Verdict } from '../analyzer.ts';

/** Extended request and response. RFC 4511 §4.12. */
const extendedRequest = 0x77;
const extendedResponse = 0x78;
/** RFC 4511 §4.14. */
const startTls = '1.3.6.1.4.1.1466.20037';
/** ENUMERATED 0. */
const success = '\x0a\x01\x00';

class LdapSession extends FrameSession {
  #wantsTls = false;

  protected frameLength(_fromClient: boolean, bytes: Bytes, start: number, end: number): number {
    return ldapMessageLength(bytes, start, end);
  }

  protected frame(fromClient: boolean, bytes: Bytes, start: number, end: number): void {
    const operation = ldapOperation(bytes, start, end);
    if (operation < 0) {
      this.refuse('malformed message');
      return;
    }
    this.flow.confirm();
    if (fromClient && operation === extendedRequest && bytes.latin1(start, end).includes(startTls)) this.#wantsTls = true;
    else if (!this.#wantsTls) this.finish();
    else if (!fromClient && operation === extendedResponse) this.#answer(bytes.latin1(start, Math.min(end, start + 24)));
  }

  #answer(text: string): void {
    if (text.includes(success)) this.yieldTo('ssl');
    else this.finish();
  }
}

function probe(fromClient: boolean, bytes: Bytes, start: number, end: number): Verdict {
  if (fromClient) return beginsWithRequest(bytes, start, end);
  return bytes.u8[start] === 0x30 ? 'yes' : 'no';
}

/** Lightweight Directory Access Protocol over TCP. */
export const ldapTcp: Analyzer = {
  name: 'ldap_tcp',
  transports: ['tcp'],
  ports: { tcp: [389, 3268] },
  spec: 'RFC 4511',
  bothSides: true,
  probe,
  open: (flow) => new LdapSession(flow),
};
