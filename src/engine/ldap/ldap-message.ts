// The envelope of an LDAP message, the same over TCP and UDP. RFC 4511 §4.1.1.
import type { Bytes } from '../../base/bytes.ts';
import { BerReader } from '../asn1/ber.ts';

const sequence = 0x30;
const integer = 0x02;
/** Operations by their application tag: requests a client may begin with. */
const openingRequests = new Set([0x4a, 0x60, 0x63, 0x66, 0x68, 0x6c, 0x6e, 0x77]);
const ber = new BerReader();

/** Length of the message that begins at `start`; 0 when it cannot be told yet, -1 when it is none. */
export function ldapMessageLength(bytes: Bytes, start: number, end: number): number {
  if (start < end && bytes.u8[start] !== sequence) return -1;
  if (ber.read(bytes, start, end)) return ber.end - start;
  return ber.isCut ? 0 : -1;
}

/** Tag of the operation in a whole message; -1 when the envelope is malformed. */
export function ldapOperation(bytes: Bytes, start: number, end: number): number {
  if (!ber.expect(sequence, bytes, start, end)) return -1;
  const contentEnd = ber.end;
  if (!ber.expect(integer, bytes, ber.start, contentEnd) || ber.end - ber.start > 4) return -1;
  return ber.read(bytes, ber.end, contentEnd) && (ber.tag & 0xc0) === 0x40 && ber.end <= contentEnd ? ber.tag : -1;
}

/** Whether bytes begin as a request of LDAP does: `more` when they are too few. */
export function beginsWithRequest(bytes: Bytes, start: number, end: number): 'yes' | 'no' | 'more' {
  if (start < end && bytes.u8[start] !== sequence) return 'no';
  if (!ber.read(bytes, start, end)) return ber.isCut ? 'more' : 'no';
  if (!ber.read(bytes, ber.start, end) || ber.end >= end) return ber.isCut || ber.end >= end ? 'more' : 'no';
  return ber.tag === integer && openingRequests.has(bytes.u8[ber.end] ?? 0) ? 'yes' : 'no';
}
