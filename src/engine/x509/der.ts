// A bounded reader of ASN.1 in its distinguished encoding. ITU-T X.690 §8.1, §10.1. Reads in place, never throws.

/** Universal tags (X.680 §8.4) and the context tags of X.509, as identifier octets with the constructed bit. */
export const DerTag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Longest object identifier in bytes and in text that is spelled out; real ones have fewer than 20 bytes. */
const maxIdentifierBytes = 64;

/**
 * Walks the elements between two positions, one after the other. Nested elements are read by a second reader over
 * `[contentStart, contentEnd)` of the first. Lengths of more than four bytes, the indefinite form and tags above 30 end the walk.
 */
export class DerReader {
  readonly bytes: Uint8Array;
  /** Identifier octet of the current element. */
  tag = 0;
  /** Where the current element (tag included) begins. */
  elementStart = 0;
  contentStart = 0;
  /** Exclusive; also where the next element begins. */
  contentEnd = 0;
  #next: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes;
    this.#next = start;
    this.#end = Math.min(end, bytes.length);
  }

  /** Moves to the next element; false at the end or when what follows is damaged. */
  next(): boolean {
    const { bytes } = this;
    const start = this.#next;
    if (start + 2 > this.#end) return false;
    const tag = bytes[start] ?? 0;
    if ((tag & 0x1f) === 0x1f) return false;
    let at = start + 2;
    let length = bytes[start + 1] ?? 0;
    if (length > 0x7f) {
      const octets = length & 0x7f;
      if (octets === 0 || octets > 4 || at + octets > this.#end) return false;
      length = 0;
      for (let i = 0; i < octets; i++) length = length * 256 + (bytes[at++] ?? 0);
    }
    if (length > this.#end - at) return false;
    this.tag = tag;
    this.elementStart = start;
    this.contentStart = at;
    this.contentEnd = at + length;
    this.#next = this.contentEnd;
    return true;
  }

  /** Moves to the next element and says whether it has this tag; on false the walk should end. */
  expect(tag: number): boolean {
    return this.next() && this.tag === tag;
  }

  /** A reader over the content of the current element. */
  inner(): DerReader {
    return new DerReader(this.bytes, this.contentStart, this.contentEnd);
  }

  /** Length of the content in bytes. */
  get length(): number {
    return this.contentEnd - this.contentStart;
  }

  get atEnd(): boolean {
    return this.#next >= this.#end;
  }

  /** Dotted form of the current object identifier; empty when it is damaged. X.690 §8.19. */
  objectIdentifier(): string {
    return dottedIdentifier(this.bytes, this.contentStart, this.contentEnd);
  }

  /** The current INTEGER or ENUMERATED as a number; NaN when it has more than six bytes. */
  smallInteger(): number {
    const length = this.length;
    if (length === 0 || length > 6) return Number.NaN;
    let value = (this.bytes[this.contentStart] ?? 0) > 0x7f ? -1 : 0;
    for (let i = this.contentStart; i < this.contentEnd; i++) value = value * 256 + (this.bytes[i] ?? 0);
    return value;
  }
}

function dottedIdentifier(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > maxIdentifierBytes || end === start || (bytes[end - 1] ?? 0) > 0x7f) return '';
  let text = '';
  let arc = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    arc = arc * 128 + (byte & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER) return '';
    if (byte > 0x7f) continue;
    if (text === '') {
      const root = Math.min(2, Math.floor(arc / 40));
      text = `${root}.${arc - root * 40}`;
    } else text += `.${arc}`;
    arc = 0;
  }
  return text;
}

const hexDigits = '0123456789ABCDEF';

/** Upper-case hexadecimal of `[start, end)`. */
export function upperHex(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    text += (hexDigits[byte >> 4] ?? '') + (hexDigits[byte & 15] ?? '');
  }
  return text;
}

/**
 * An INTEGER as OpenSSL's `i2a_ASN1_INTEGER` prints it: magnitude in upper-case hexadecimal bytes without leading zero bytes,
 * `00` for zero, a minus sign before a negative one.
 */
export function integerHex(bytes: Uint8Array, start: number, end: number): string {
  if (start >= end) return '00';
  if ((bytes[start] ?? 0) > 0x7f) return `-${negatedHex(bytes, start, end)}`;
  let from = start;
  while (from < end - 1 && bytes[from] === 0) from++;
  return upperHex(bytes, from, end);
}

/** Hexadecimal of the two's complement of a negative number. */
function negatedHex(bytes: Uint8Array, start: number, end: number): string {
  const magnitude = new Uint8Array(end - start);
  let carry = 1;
  for (let i = end - 1; i >= start; i--) {
    const value = (~(bytes[i] ?? 0) & 0xff) + carry;
    magnitude[i - start] = value & 0xff;
    carry = value >> 8;
  }
  let from = 0;
  while (from < magnitude.length - 1 && magnitude[from] === 0) from++;
  return upperHex(magnitude, from, magnitude.length);
}

/** Significant bits of a non-negative INTEGER. */
export function integerBits(bytes: Uint8Array, start: number, end: number): number {
  let from = start;
  while (from < end && bytes[from] === 0) from++;
  return from === end ? 0 : (end - from - 1) * 8 + (32 - Math.clz32(bytes[from] ?? 0));
}

/** Largest INTEGER in bytes that is printed as a decimal number: public exponents are short, and the conversion is quadratic. */
const maxDecimalBytes = 512;

/** Decimal digits of a non-negative INTEGER; undefined when it is absurdly long. */
export function integerDecimal(bytes: Uint8Array, start: number, end: number): string | undefined {
  if (start >= end || end - start > maxDecimalBytes) return undefined;
  return BigInt(`0x${upperHex(bytes, start, end)}`).toString();
}
