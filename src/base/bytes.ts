// One buffer seen three ways: bytes, integers, text. The engine passes (bytes, start, end) and never copies.

type Latin1Slice = (this: Uint8Array, start: number, end: number) => string;

/** The runtime's native decoder where there is one (Node); text of a packet is short, so the loop is a fair stand-in. */
const nativeLatin1 = (globalThis as { Buffer?: { prototype: { latin1Slice?: Latin1Slice } } }).Buffer?.prototype.latin1Slice;

const loopLatin1: Latin1Slice = function (this: Uint8Array, start, end) {
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(this[i] ?? 0);
  return text;
};

const latin1Slice: Latin1Slice = nativeLatin1 ?? loopLatin1;

/** One character per byte (ISO 8859-1) of bytes that have no `Bytes` around them. */
export const latin1 = (u8: Uint8Array, start: number, end: number): string => latin1Slice.call(u8, start, end);

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** `\x00` to `\xff`. */
const escapes = Array.from({ length: 256 }, (_, byte) => `\\x${byte.toString(16).padStart(2, '0')}`);
const escaped = (byte: number): string => escapes[byte] ?? '';

/** Bytes of a UTF-8 sequence by its first byte; 0 for a byte that cannot begin one of two to four. */
const sequenceLength = (lead: number): number => (lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0);

/** Bounds of the second byte where they are narrower than 80..BF: no overlong forms, no surrogates. RFC 3629 §4. */
const secondByteFloor = new Map([
  [0xe0, 0xa0],
  [0xf0, 0x90],
]);
const secondByteCeiling = new Map([
  [0xed, 0x9f],
  [0xf4, 0x8f],
]);

/** Length of the valid UTF-8 sequence at `i`, or 0. */
function utf8SequenceLength(view: DataView, i: number, end: number): number {
  const lead = view.getUint8(i);
  const length = sequenceLength(lead);
  if (length === 0 || i + length > end) return 0;
  for (let k = 1; k < length; k++) if ((view.getUint8(i + k) & 0xc0) !== 0x80) return 0;
  const second = view.getUint8(i + 1);
  return second < (secondByteFloor.get(lead) ?? 0x80) || second > (secondByteCeiling.get(lead) ?? 0xbf) ? 0 : length;
}

function isValidUtf8(view: DataView, start: number, end: number): boolean {
  for (let i = start; i < end; ) {
    const length = view.getUint8(i) < 0x80 ? 1 : utf8SequenceLength(view, i, end);
    if (length === 0) return false;
    i += length;
  }
  return true;
}

/** Whether four bytes are printable ASCII without a backslash: each test sets the top bit of the lowest byte that fails it. */
function isPlain(word: number): boolean {
  const fromBackslash = word ^ 0x5c5c5c5c;
  return (((word - 0x20202020) | (word + 0x01010101) | word | (fromBackslash - 0x01010101)) & 0x80808080) === 0;
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
    return latin1Slice.call(this.u8, start, end);
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

  /** Piece by piece between backslashes: so Zeek judges whether a text is UTF-8. */
  #escapedText(start: number, end: number): string {
    const { u8 } = this;
    let text = '';
    for (let from = start; from <= end; ) {
      let to = from;
      while (to < end && u8[to] !== 0x5c) to++;
      text += this.#escapedPiece(from, to);
      if (to < end) text += '\\\\';
      from = to + 1;
    }
    return text;
  }

  /** A single byte that is not UTF-8 takes the meaning from all others: what looks like a character there is chance. */
  #escapedPiece(start: number, end: number): string {
    const { view } = this;
    const isUtf8 = isValidUtf8(view, start, end);
    let text = '';
    for (let i = start; i < end; ) {
      const byte = view.getUint8(i);
      const length = byte < 0x80 || !isUtf8 ? 1 : sequenceLength(byte);
      if (length > 1) text += utf8.decode(this.u8.subarray(i, i + length));
      else text += byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : escaped(byte);
      i += length;
    }
    return text;
  }
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Where the first CR or LF of `[start, end)` is; `end` without one. Passes over four bytes at once where none of them is below 0E. */
export function findLineEnd({ u8, view }: Bytes, start: number, end: number): number {
  let at = start;
  while (at < end) {
    if (at + 4 <= end) {
      const word = view.getInt32(at, true);
      // Subtracting borrows from the top bit of the bytes below 0E, and of some above the first of them.
      if (((word - 0x0e0e0e0e) & ~word & 0x80808080) === 0) {
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
