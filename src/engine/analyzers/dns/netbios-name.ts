// NetBIOS names inside DNS labels: each byte as two letters A to P. RFC 1001 §14.1.

import { Bytes } from '../../../base/bytes.ts';
import { Memo } from '../../../base/memo.ts';

const ENCODED_LENGTH = 32;
const A = 0x61;
const P = 0x70;
/** Most names whose text is kept for the next time. */
const KEPT_NAMES = 1024;

const decoded = new Bytes(new Uint8Array(ENCODED_LENGTH / 2));

/** Printable, or one of the low bytes that browsers of a network put at the start of their name. */
const isShown = (byte: number): boolean => (byte >= 0x20 && byte < 0x7f) || byte < 3;

/**
 * Decodes the text of a first label (lower case, as the name reader gives it). The last byte, the kind of service, is left out.
 * '' when it is not an encoded name, or one of spaces alone.
 */
export function decodeNetbiosName(name: string): string {
  if (name.length !== ENCODED_LENGTH) return '';
  const { u8 } = decoded;
  let length = 0;
  let open = true;
  for (let i = 0; i < 16 && open; i++) {
    const high = name.charCodeAt(2 * i);
    const low = name.charCodeAt(2 * i + 1);
    if (high < A || high > P || low < A || low > P) return '';
    const byte = ((high - A) << 4) | (low - A);
    u8[i] = byte;
    open = isShown(byte);
    if (open) length++;
  }
  if (length === 16) length = 15;
  while (length > 0 && (u8[length - 1] === 0x20 || u8[length - 1] === 0)) length--;
  return decoded.text(0, length);
}

/** Decoded names by encoded ones; constant size. A name that is not encoded stands for itself. */
export class NetbiosNames {
  readonly #known = new Memo<string, string>(KEPT_NAMES);

  text(name: string): string {
    return this.#known.get(name) ?? this.#known.set(name, decodeNetbiosName(name) || name);
  }
}
