// One header field, read in place. As lenient as Zeek: white space and comments around the name, anything in the value.

/** Headers that mean something here. The order is nothing but an index. */
const names = [
  'host',
  'referer',
  'user-agent',
  'origin',
  'range',
  'authorization',
  'proxy-authorization',
  'connection',
  'upgrade',
  'expect',
  'content-length',
  'content-range',
  'content-type',
  'content-disposition',
  'content-encoding',
  'content-transfer-encoding',
  'transfer-encoding',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-from',
  'client-ip',
  'via',
  'xroxy-connection',
  'proxy-connection',
] as const;

export type HeaderName = (typeof names)[number];

/** Headers that name a proxy: Zeek's `HTTP::proxy_headers`. */
export const proxyHeaders: ReadonlySet<HeaderName> = new Set([
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-from',
  'client-ip',
  'via',
  'xroxy-connection',
  'proxy-connection',
]);

/** Length and first letter (in any case) pick the names worth comparing: nearly always none or one. */
const shapeOf = (length: number, first: number): number => (length << 5) | (first & 0x1f);
const maxShapedLength = 32;
const namesByShape: (readonly HeaderName[] | undefined)[] = new Array(shapeOf(maxShapedLength, 0)).fill(undefined);
for (const name of names) {
  const shape = shapeOf(name.length, name.charCodeAt(0));
  namesByShape[shape] = [...(namesByShape[shape] ?? []), name];
}

const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x09;
const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
const colon = 0x3a;
const isNameByte = (byte: number): boolean => byte > 0x20 && byte < 0x7f && byte !== colon;
/** RFC 2045 §5.1: what is neither control, space nor `()<>@,;:\"/[]?=`. */
const tokenBytes = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte > 0x20 && byte < 0x7f && !'()<>@,;:\\"/[]?='.includes(String.fromCharCode(byte)) ? 1 : 0,
);

/** Behind white space and comments in parentheses (RFC 5322 §3.2.2). */
export function skipComments(u8: Uint8Array, start: number, end: number): number {
  let at = start;
  let depth = 0;
  for (; at < end; at++) {
    const byte = u8[at] ?? 0;
    if (byte === 0x28) depth++;
    else if (depth === 0) {
      if (!isBlank(byte)) return at;
    } else if (byte === 0x29) depth--;
    else if (byte === 0x5c) at++;
  }
  return Math.min(at, end);
}

/** Whether `[start, end)` is `text`, letters in any case; `text` is in lower case. */
export function isText(u8: Uint8Array, start: number, end: number, text: string): boolean {
  if (end - start !== text.length) return false;
  for (let i = 0; i < text.length; i++) {
    const byte = u8[start + i] ?? 0;
    if ((byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) !== text.charCodeAt(i)) return false;
  }
  return true;
}

/** A header field as positions. One object serves all; valid until the next `read`. */
export class HeaderLine {
  nameStart = 0;
  nameEnd = 0;
  valueStart = 0;
  valueEnd = 0;
  /** First token of the value, after `readToken`. */
  tokenStart = 0;
  tokenEnd = 0;

  /** Points at the field in `[start, end)`; false when it is none. */
  read(u8: Uint8Array, start: number, end: number): boolean {
    let at = skipComments(u8, start, end);
    while (at < end && !isNameByte(u8[at] ?? 0)) at = Math.max(at + 1, skipComments(u8, at, end));
    if (at >= end) return false;
    this.nameStart = at;
    while (at < end && isNameByte(u8[at] ?? 0)) at++;
    this.nameEnd = at;
    if (u8[at] !== colon) at = skipComments(u8, at, end);
    if (at >= end || u8[at] !== colon) return false;
    at++;
    while (at < end && isSpace(u8[at] ?? 0)) at++;
    this.valueStart = at;
    this.valueEnd = end;
    return true;
  }

  /** Which of the headers that matter it is; undefined for any other. */
  known(u8: Uint8Array): HeaderName | undefined {
    const length = this.nameEnd - this.nameStart;
    if (length >= maxShapedLength) return undefined;
    const candidates = namesByShape[shapeOf(length, u8[this.nameStart] ?? 0)];
    if (candidates === undefined) return undefined;
    for (const name of candidates) if (isText(u8, this.nameStart, this.nameEnd, name)) return name;
    return undefined;
  }

  /** Finds the first token of the value; false, and empty, when there is none. */
  readToken(u8: Uint8Array): boolean {
    const end = this.valueEnd;
    let at = skipComments(u8, this.valueStart, end);
    while (at < end && tokenBytes[u8[at] ?? 0] === 0) at = Math.max(at + 1, skipComments(u8, at, end));
    this.tokenStart = at;
    while (at < end && tokenBytes[u8[at] ?? 0] === 1) at++;
    this.tokenEnd = at;
    return at > this.tokenStart;
  }
}

const noDigit = 255;
/** Value of each hexadecimal digit. */
const digitValues = new Uint8Array(256).fill(noDigit);
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  digitValues[digit.charCodeAt(0)] = value;
  digitValues[digit.toUpperCase().charCodeAt(0)] = value;
}

/** A decimal or hexadecimal number that text begins with, as C reads it; NaN when there is no digit. Capped at 2^53 - 1. */
export function leadingNumber(u8: Uint8Array, start: number, end: number, base: 10 | 16): number {
  let at = start;
  const isNegative = u8[at] === 0x2d && at < end;
  if (isNegative) at++;
  const first = at;
  let value = 0;
  for (; at < end; at++) {
    const digit = digitValues[u8[at] ?? 0] ?? noDigit;
    if (digit >= base) break;
    value = Math.min(Number.MAX_SAFE_INTEGER, value * base + digit);
  }
  if (at === first) return Number.NaN;
  return isNegative ? -value : value;
}
