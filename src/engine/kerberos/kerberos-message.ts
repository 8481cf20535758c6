// A Kerberos message, wherever it is carried. RFC 4120 §5.
import type { Bytes } from '../../base/bytes.ts';
import { BerReader, berInteger } from '../asn1/ber.ts';

const sequence = 0x30;
const integer = 0x02;
const protocolVersion = 5;
/** Requests to the key distribution centre number their first field 1, the other messages 0. */
const requests = new Set([0x6a, 0x6c]);
const others = new Set([0x6b, 0x6d, 0x6e, 0x6f, 0x74, 0x75, 0x76, 0x7e]);
const error = 0x7e;
const ber = new BerReader();

/** Whether `[start, end)` holds one whole Kerberos 5 message. */
export function isKerberosMessage(bytes: Bytes, start: number, end: number): boolean {
  const tag = start < end ? (bytes.u8[start] ?? 0) : 0;
  if (!requests.has(tag) && !others.has(tag)) return false;
  if (!ber.expect(tag, bytes, start, end) || !ber.expect(sequence, bytes, ber.start, ber.end)) return false;
  const versionTag = requests.has(tag) ? 0xa1 : 0xa0;
  if (!ber.read(bytes, ber.start, ber.end) || ber.end > end) return false;
  // Errors are seen without version.
  if (ber.tag !== versionTag) return tag === error && (ber.tag & 0xe0) === versionTag;
  return ber.expect(integer, bytes, ber.start, ber.end) && berInteger(bytes, ber.start, ber.end) === protocolVersion;
}
