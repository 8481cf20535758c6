// Kerberos over UDP: recognised by a whole message.
import type { Bytes } from '../../../base/bytes.ts';
import { isKerberosMessage } from '../../kerberos/kerberos-message.ts';
import { DatagramSession } from '../../stream/datagram-session.ts';
import type { Analyzer } from '../analyzer.ts';

/** A long ticket request: application 12, sequence, then the version field. */
const isTicketRequest = ({ u8, view }: Bytes, start: number, end: number): boolean =>
  end - start >= 12 && u8[start] === 0x6c && u8[start + 4] === 0x30 && view.getUint32(start + 8) === 0xa1030205;

/** Kerberos 5 over UDP. */
export const krb: Analyzer = {
  name: 'krb',
  transports: ['udp'],
  ports: { udp: [88] },
  spec: 'RFC 4120',
  probe: (_fromClient, bytes, start, end) => (isTicketRequest(bytes, start, end) ? 'yes' : 'no'),
  open: (flow) => new DatagramSession(flow, (_fromClient, bytes, start, end) => (isKerberosMessage(bytes, start, end) ? 'yes' : 'no')),
};
