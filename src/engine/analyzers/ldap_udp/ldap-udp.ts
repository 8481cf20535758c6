// LDAP over UDP (CLDAP): recognised by a whole message.
import type { Bytes } from '../../../base/bytes.ts';
import { beginsWithRequest, ldapOperation } from '../../ldap/ldap-message.ts';
import { DatagramSession } from '../../stream/datagram-session.ts';
import type { Analyzer, Verdict } from '../analyzer.ts';

function probe(fromClient: boolean, bytes: Bytes, start: number, end: number): Verdict {
  if (!fromClient) return bytes.u8[start] === 0x30 ? 'yes' : 'no';
  return beginsWithRequest(bytes, start, end) === 'yes' ? 'yes' : 'no';
}

/** Connectionless LDAP. */
export const ldapUdp: Analyzer = {
  name: 'ldap_udp',
  transports: ['udp'],
  ports: { udp: [389] },
  spec: 'RFC 4511, [MS-ADTS] §6.3.3',
  bothSides: true,
  probe,
  open: (flow) => new DatagramSession(flow, (_fromClient, bytes, start, end) => (ldapOperation(bytes, start, end) < 0 ? 'no' : 'yes')),
};
