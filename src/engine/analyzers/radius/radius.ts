// RADIUS at its port: recognised by a whole message.
import type { Bytes } from '../../../base/bytes.ts';
import { DatagramSession } from '../../stream/datagram-session.ts';
import type { Analyzer } from '../analyzer.ts';

/** Code, identifier, length, authenticator. RFC 2865 §3. */
const headerLength = 20;

/** Header, then attributes of type, length and value that fill the announced length. */
function isMessage(bytes: Bytes, start: number, end: number): boolean {
  if (end - start < headerLength) return false;
  const messageEnd = start + bytes.view.getUint16(start + 2);
  if (bytes.u8[start] === 0 || messageEnd > end || messageEnd < start + headerLength) return false;
  let at = start + headerLength;
  while (at + 2 <= messageEnd) {
    const length = bytes.u8[at + 1] ?? 0;
    if (length < 2) return false;
    at += length;
  }
  return at === messageEnd;
}

/** Remote Authentication Dial-In User Service. */
export const radius: Analyzer = {
  name: 'radius',
  transports: ['udp'],
  ports: { udp: [1812] },
  spec: 'RFC 2865',
  probe: () => 'no',
  open: (flow) => new DatagramSession(flow, (_fromClient, bytes, start, end) => (isMessage(bytes, start, end) ? 'yes' : 'no')),
};
