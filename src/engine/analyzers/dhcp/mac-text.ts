// Text of hardware addresses of six or eight bytes.
import type { Bytes } from '../../../base/bytes.ts';

/** `00:11:22:33:44:55`; eight groups when bytes seven and eight are not zero; '' for a length that is no address. */
export function formatMac(bytes: Bytes, at: number, length: number): string {
  const { u8 } = bytes;
  if (length < 8 && length !== 6) return '';
  const groups = length === 6 || (u8[at + 6] === 0 && u8[at + 7] === 0) ? 6 : 8;
  let text = '';
  for (let i = at; i < at + groups; i++) {
    const byte = u8[i] ?? 0;
    text += `${i === at ? '' : ':'}${byte < 16 ? '0' : ''}${byte.toString(16)}`;
  }
  return text;
}
