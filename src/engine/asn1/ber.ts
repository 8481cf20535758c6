// Tag-length-value triples of the Basic Encoding Rules, definite lengths only. X.690 §8.1.
import type { Bytes } from '../../base/bytes.ts';

/** Longest length that is believed; more is nonsense in any protocol read here. */
const maximumLength = 1 << 24;

/** The triple last read. One object serves a whole walk. */
export class BerReader {
  /** Identifier octet of one byte: class, constructed bit, number. */
  tag = 0;
  /** Content: `[start, end)`; `end` may lie behind the bytes given when the value is cut. */
  start = 0;
  end = 0;

  /** Reads the header at `at`. @returns false when it is cut (see `isCut`) or not definite-length BER with a small tag. */
  read(bytes: Bytes, at: number, end: number): boolean {
    this.isCut = at + 2 > end;
    if (this.isCut) return false;
    const { u8 } = bytes;
    this.tag = u8[at] ?? 0;
    if ((this.tag & 0x1f) === 0x1f) return false;
    const first = u8[at + 1] ?? 0;
    this.start = at + 2;
    if (first < 0x80) {
      this.end = this.start + first;
      return true;
    }
    const octets = first & 0x7f;
    if (octets === 0 || octets > 4) return false;
    this.isCut = this.start + octets > end;
    if (this.isCut) return false;
    let length = 0;
    for (let i = 0; i < octets; i++) length = length * 256 + (u8[this.start + i] ?? 0);
    this.start += octets;
    this.end = this.start + length;
    return length <= maximumLength;
  }

  /** The last `read` failed for lack of bytes. */
  isCut = false;

  /** `read`, and the tag is this one and the value ends within the bytes. */
  expect(tag: number, bytes: Bytes, at: number, end: number): boolean {
    return this.read(bytes, at, end) && this.tag === tag && this.end <= end;
  }
}

/** Value of a non-negative INTEGER's content of up to six bytes; -1 for others. */
export function berInteger(bytes: Bytes, start: number, end: number): number {
  const length = end - start;
  if (length < 1 || length > 6 || ((bytes.u8[start] ?? 0) & 0x80) !== 0) return -1;
  let value = 0;
  for (let i = start; i < end; i++) value = value * 256 + (bytes.u8[i] ?? 0);
  return value;
}
