// Percent-decoding of request targets as Zeek logs them: once, `%uXXXX` too, `+` stays. RFC 3986 §2.1.
import { Bytes } from '../../../base/bytes.ts';

const percent = 0x25;
const letterU = 0x75;

/** Value of a hexadecimal digit, or -1. */
function hexValue(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** Value of two hexadecimal digits at `at`, or -1. */
function hexByte(u8: Uint8Array, at: number, end: number): number {
  if (at + 1 >= end) return -1;
  const high = hexValue(u8[at] ?? 0);
  const low = hexValue(u8[at + 1] ?? 0);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

let room = new Uint8Array(1024);

/** Decodes into `room`; one for all, since decoding ends before the next begins. */
class Decoder {
  written = 0;

  put(byte: number): void {
    room[this.written++] = byte;
  }

  /** @returns position behind the escape */
  escape(u8: Uint8Array, at: number, end: number, weird: (name: string) => void): number {
    const next = at + 1;
    if (next === end) {
      weird('illegal_%_at_end_of_URI');
      this.put(percent);
      return end;
    }
    if (next + 1 === end) {
      weird('partial_escape_at_end_of_URI');
      this.put(percent);
      this.put(u8[next] ?? 0);
      return end;
    }
    if (u8[next] === percent) {
      weird('double_%_in_URI');
      return next; // the first of the two says nothing
    }
    const byte = hexByte(u8, next, end);
    if (byte >= 0) {
      this.put(byte);
      return next + 2;
    }
    const high = u8[next] === letterU ? hexByte(u8, next + 1, end) : -1;
    const low = high < 0 ? -1 : hexByte(u8, next + 3, end);
    if (low >= 0) {
      if (high > 0) this.put(high);
      this.put(low);
      return next + 5;
    }
    weird('unescaped_%_in_URI');
    this.put(percent);
    this.put(u8[next] ?? 0);
    return next + 1;
  }
}

const decoder = new Decoder();

/**
 * The target decoded, as text fit for a record.
 * @param weird told of escapes that are none
 */
export function unescapeUri(bytes: Bytes, start: number, end: number, weird: (name: string) => void): string {
  const { u8 } = bytes;
  let at = start;
  while (at < end && u8[at] !== percent) at++;
  if (at === end) return bytes.text(start, end);
  if (end - start > room.length) room = new Uint8Array((end - start) * 2);
  room.set(u8.subarray(start, at), 0);
  decoder.written = at - start;
  while (at < end) {
    const byte = u8[at] ?? 0;
    if (byte === percent) at = decoder.escape(u8, at, end, weird);
    else {
      decoder.put(byte);
      at++;
    }
  }
  return new Bytes(room.subarray(0, decoder.written)).text(0, decoder.written);
}
