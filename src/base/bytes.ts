// One buffer seen three ways: bytes, integers, text. The engine passes (bytes, start, end) and never copies.
import { TextEscaper } from './escaped-text.ts';

type IndexOf = (this: Uint8Array, byte: number) => number;
type Latin1Slice = (this: Uint8Array, start: number, end: number) => string;

/** The runtime's native decoder where there is one (Node); text of a packet is short, so the loop is a fair stand-in. */
const native = (globalThis as { Buffer?: { prototype: { latin1Slice?: Latin1Slice; indexOf?: IndexOf } } }).Buffer?.prototype;
const nativeLatin1 = native?.latin1Slice;
/** The search of the C library, ten times as fast as a loop over many bytes. */
const nativeIndexOf = native?.indexOf;

const loopLatin1: Latin1Slice = function (this: Uint8Array, start, end) {
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(this[i] ?? 0);
  return text;
};

const latin1Slice: Latin1Slice = nativeLatin1 ?? loopLatin1;

/** Sessions by keyboard come byte by byte, and the native decoder is dear for one. */
const characters = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));

/** One character per byte (ISO 8859-1) of bytes that have no `Bytes` around them. */
export const latin1 = (u8: Uint8Array, start: number, end: number): string => latin1Slice.call(u8, start, end);

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const escaper = new TextEscaper();

/** Of each byte in a word. */
const topBits = 0x80808080 | 0;

/** Whether four bytes are printable ASCII without a backslash: each test sets the top bit of the lowest byte that fails it. */
function isPlain(word: number): boolean {
  const belowSpace = (word - 0x20202020) | 0;
  const aboveTilde = (word + 0x01010101) | 0;
  const backslash = ((word ^ 0x5c5c5c5c) - 0x01010101) | 0;
  return ((belowSpace | aboveTilde | word | backslash) & topBits) === 0;
}

/**
 * A buffer with its views. Valid until the capture buffer is reused: who keeps bytes past the call copies them.
 * All positions are byte offsets into the buffer; `end` is exclusive.
 */
export class Bytes {
  readonly u8: Uint8Array;
  readonly view: DataView;

  constructor(u8: Uint8Array) {
    this.u8 = u8;
    this.view = new DataView(u8.buffer, u8.byteOffset, u8.byteLength);
  }

  /** One character per byte (ISO 8859-1), nothing escaped: for parsing, never for a record. */
  latin1(start: number, end: number): string {
    return end - start === 1 ? (characters[this.u8[start] ?? 0] ?? '') : latin1Slice.call(this.u8, start, end);
  }

  /**
   * Text fit for a record, as Zeek prints it: UTF-8 stays where the whole text is UTF-8; control characters and, in other
   * texts, each byte above 7E become `\xNN` (lower case); a backslash is doubled. The wire's bytes are made harmless here and nowhere else.
   */
  text(start: number, end: number): string {
    const { u8, view } = this;
    for (let i = start; i < end; ) {
      if (i + 4 <= end && isPlain(view.getInt32(i, true))) {
        i += 4;
        continue;
      }
      const byte = u8[i++] ?? 0;
      if (byte < 0x20 || byte > 0x7e || byte === 0x5c) return this.#escapedText(start, end);
    }
    return latin1Slice.call(u8, start, end);
  }

  #escapedText(start: number, end: number): string {
    escaper.write(this.u8, start, end);
    const { room, length } = escaper;
    return escaper.isAscii ? latin1Slice.call(room, 0, length) : utf8.decode(room.subarray(0, length));
  }
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Lines are short: so many bytes are looked at before the native search is asked, if at least `nativeLength` are left then. */
const nativeAfter = 64;
const nativeLength = 192;

/** Where the first CR or LF of `[start, end)` is; `end` without one. */
export function findLineEnd(bytes: Bytes, start: number, end: number): number {
  const near = nativeIndexOf === undefined || end - start < nativeAfter + nativeLength ? end : start + nativeAfter;
  const at = scanForLineEnd(bytes, start, near);
  return at < near || near === end ? at : searchLineEnd(bytes.u8.subarray(near, end), near);
}

/** @param offset added to the place found, or to the length without one */
function searchLineEnd(rest: Uint8Array, offset: number): number {
  const feed = nativeIndexOf?.call(rest, lineFeed) ?? -1;
  const before = feed < 0 ? rest : rest.subarray(0, feed);
  const found = nativeIndexOf?.call(before, carriageReturn) ?? -1;
  return offset + (found < 0 ? before.length : found);
}

/** Passes over four bytes at once where none of them is below 0E. */
function scanForLineEnd({ u8, view }: Bytes, start: number, end: number): number {
  let at = start;
  while (at < end) {
    if (at + 4 <= end) {
      const word = view.getInt32(at, true);
      // Subtracting borrows from the top bit of the bytes below 0E, and of some above the first of them.
      if ((((word - 0x0e0e0e0e) | 0) & ~word & topBits) === 0) {
        at += 4;
        continue;
      }
    }
    const byte = u8[at];
    if (byte === lineFeed || byte === carriageReturn) return at;
    at++;
  }
  return end;
}

/** A `Bytes` over ISO 8859-1 characters, for tests and for text that was decoded already. */
export function bytesOfLatin1(text: string): Bytes {
  const u8 = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) u8[i] = text.charCodeAt(i) & 0xff;
  return new Bytes(u8);
}
