// Text of hardware addresses of six or eight bytes.
import { type Bytes, latin1 } from './bytes.ts';
import { hexDigits } from './escaped-text.ts';

const colon = 0x3a;
/** Eight groups; written here and read as one piece. */
const room = new Uint8Array(24).fill(colon);

/** `00:11:22:33:44:55`; eight groups when bytes seven and eight are not zero; '' for a length that is no address. */
export function formatMac(bytes: Bytes, at: number, length: number): string {
  const { u8 } = bytes;
  if (length < 8 && length !== 6) return '';
  const groups = length === 6 || (u8[at + 6] === 0 && u8[at + 7] === 0) ? 6 : 8;
  for (let i = 0; i < groups; i++) {
    const byte = u8[at + i] ?? 0;
    room[3 * i] = hexDigits[byte >> 4] ?? 0;
    room[3 * i + 1] = hexDigits[byte & 0x0f] ?? 0;
  }
  return latin1(room, 0, 3 * groups - 1);
}
