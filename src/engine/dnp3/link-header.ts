// The link header of DNP3, the same over TCP and UDP. IEEE 1815 §9.2.
import type { Bytes } from '../../base/bytes.ts';

/** Start octets, length, control, destination, source, checksum. */
export const linkHeaderLength = 10;

/** CRC-16/DNP over the eight octets before the checksum. */
function checksum(bytes: Bytes, start: number): number {
  let crc = 0;
  for (let i = 0; i < 8; i++) {
    crc ^= bytes.u8[start + i] ?? 0;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >> 1 : (crc >> 1) ^ 0xa6bc;
  }
  return ~crc & 0xffff;
}

/** Whether a link header with a fitting checksum begins at `start`. */
export const isLinkHeader = (bytes: Bytes, start: number): boolean =>
  bytes.u8[start] === 0x05 && bytes.u8[start + 1] === 0x64 && bytes.view.getUint16(start + 8, true) === checksum(bytes, start);
