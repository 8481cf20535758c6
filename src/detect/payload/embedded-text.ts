// Text hidden in text: base64 and hexadecimal tokens that decode to something readable.
import { lenientUtf8 } from './decode-text.ts';

const maxTokens = 8;
const maxTokenLength = 8192;
/** Shorter tokens decode to readable text by accident. */
const minTextLength = 6;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values = new Int8Array(128).fill(-1);
for (const [value, letter] of [...alphabet].entries()) values[letter.charCodeAt(0)] = value;
values['-'.charCodeAt(0)] = 62;
values['_'.charCodeAt(0)] = 63;
const equalsSign = 0x3d;

/** Bytes of base64 or base64url (RFC 4648 §4, §5), padding optional; undefined when it is none. */
export function base64Bytes(token: string): number[] | undefined {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (let i = 0; i < token.length; i++) {
    const letter = token.charCodeAt(i);
    if (letter === equalsSign) break;
    const value = values[letter] ?? -1;
    if (value < 0) return undefined;
    held = ((held << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
    }
  }
  return bits >= 6 ? undefined : bytes;
}

const isReadable = (byte: number): boolean => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** Text of the bytes when all but a few are printable; UTF-16 of PowerShell's encoded commands too. */
export function readableText(bytes: readonly number[]): string | undefined {
  if (bytes.length < minTextLength) return undefined;
  const wide = bytes.length % 2 === 0 && bytes.every((byte, i) => i % 2 === 0 || byte === 0);
  const narrow = wide ? bytes.filter((_, i) => i % 2 === 0) : bytes;
  let readable = 0;
  for (const byte of narrow) if (isReadable(byte)) readable++;
  return readable >= 0.95 * narrow.length && narrow.length >= minTextLength ? lenientUtf8(narrow) : undefined;
}

/** A text found inside another. */
export interface EmbeddedText {
  readonly text: string;
  readonly step: 'base64' | 'hex';
}

/** Readable texts in base64 or hexadecimal tokens of `text`, at most eight. */
export function embeddedTexts(text: string): EmbeddedText[] {
  const found: EmbeddedText[] = [];
  let tried = 0;
  for (const [token] of text.matchAll(/[A-Za-z0-9+/_-]{12,}={0,2}/g)) {
    if (tried++ >= 4 * maxTokens || found.length >= maxTokens) break;
    if (token.length > maxTokenLength) continue;
    const hex = /^(?:0x)?((?:[0-9a-f]{2}){8,})$/i.exec(token)?.[1];
    const decodedHex = hex === undefined ? undefined : readableText((hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)));
    if (decodedHex !== undefined) found.push({ text: decodedHex, step: 'hex' });
    else {
      const decoded = readable64(token);
      if (decoded !== undefined) found.push({ text: decoded, step: 'base64' });
    }
  }
  return found;
}

/** A path before the token looks like base64 too (`/Basic/Command/Base64/cGluZw`): then its last part is tried. */
function readable64(token: string): string | undefined {
  const slash = token.lastIndexOf('/');
  return textOf64(token) ?? (slash < 0 ? undefined : textOf64(token.slice(slash + 1)));
}

function textOf64(token: string): string | undefined {
  const bytes = token.length >= 8 ? base64Bytes(token) : undefined;
  return bytes === undefined ? undefined : readableText(bytes);
}
