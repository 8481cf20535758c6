// Text of the wire made harmless, written as bytes: a text joined from characters keeps every step of it alive.

/** Room that is kept for the next text; longer ones are rare. */
const keptRoom = 4096;
/** An escaped byte takes four: `\xNN`. */
const mostGrowth = 4;
const backslash = 0x5c;
const letterX = 0x78;

/** In lower case, by value. */
export const hexDigits: Readonly<Uint8Array> = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));

/** Bytes of a UTF-8 sequence by its first byte; 0 for a byte that cannot begin one of two to four. */
const sequenceLength = (lead: number): number => (lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0);

/** Whether the second byte is within bounds where they are narrower than 80..BF: no overlong forms, no surrogates. RFC 3629 §4. */
function isSecondByte(lead: number, second: number): boolean {
  if (lead === 0xe0) return second >= 0xa0;
  if (lead === 0xed) return second <= 0x9f;
  if (lead === 0xf0) return second >= 0x90;
  return lead !== 0xf4 || second <= 0x8f;
}

/** Length of the valid UTF-8 sequence at `i`, or 0. */
function utf8SequenceLength(u8: Uint8Array, i: number, end: number): number {
  const lead = u8[i] ?? 0;
  const length = sequenceLength(lead);
  if (length === 0 || i + length > end) return 0;
  for (let k = 1; k < length; k++) if (((u8[i + k] ?? 0) & 0xc0) !== 0x80) return 0;
  return isSecondByte(lead, u8[i + 1] ?? 0) ? length : 0;
}

function isValidUtf8(u8: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; ) {
    const length = (u8[i] ?? 0) < 0x80 ? 1 : utf8SequenceLength(u8, i, end);
    if (length === 0) return false;
    i += length;
  }
  return true;
}

/** Escapes one text after the other into the same room. */
export class TextEscaper {
  /** The escaped text is `[0, length)`; valid until the next `write`. */
  room = new Uint8Array(keptRoom);
  length = 0;
  /** Without UTF-8 sequences, a byte is a character. */
  isAscii = true;

  /** Piece by piece between backslashes: so Zeek judges whether a text is UTF-8. */
  write(u8: Uint8Array, start: number, end: number): void {
    const needed = (end - start) * mostGrowth;
    if (needed > this.room.length || this.room.length > keptRoom) this.room = new Uint8Array(Math.max(keptRoom, needed));
    this.length = 0;
    this.isAscii = true;
    for (let from = start; from <= end; ) {
      let to = from;
      while (to < end && u8[to] !== backslash) to++;
      this.#piece(u8, from, to);
      if (to < end) {
        this.room[this.length++] = backslash;
        this.room[this.length++] = backslash;
      }
      from = to + 1;
    }
  }

  /** A single byte that is not UTF-8 takes the meaning from all others: what looks like a character there is chance. */
  #piece(u8: Uint8Array, start: number, end: number): void {
    const { room } = this;
    const isUtf8 = isValidUtf8(u8, start, end);
    let at = this.length;
    for (let i = start; i < end; i++) {
      const byte = u8[i] ?? 0;
      if (byte >= 0x80 && isUtf8) {
        this.isAscii = false;
        room[at++] = byte;
      } else if (byte >= 0x20 && byte <= 0x7e) room[at++] = byte;
      else {
        room[at++] = backslash;
        room[at++] = letterX;
        room[at++] = hexDigits[byte >> 4] ?? 0;
        room[at++] = hexDigits[byte & 0x0f] ?? 0;
      }
    }
    this.length = at;
  }
}
