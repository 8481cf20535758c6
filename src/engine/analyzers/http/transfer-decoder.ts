// Undoes Content-Transfer-Encoding of parts of a multipart body. RFC 2045 §6.7 and §6.8.

const hexDigit = (byte: number): number => {
  const digit = Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(digit) ? -1 : digit;
};

/** Value of each base64 character, 64 for the padding, 255 for any other byte. */
const base64Values = new Uint8Array(256).fill(255);
for (const [value, character] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/='].entries()) {
  base64Values[character.charCodeAt(0)] = value;
}

/** A running base64 decoder; groups may be cut anywhere. Bytes outside the alphabet are skipped. */
export class Base64Decoder {
  #bits = 0;
  #count = 0;
  #ended = false;

  decode(u8: Uint8Array, start: number, end: number): Uint8Array {
    const output = new Uint8Array(Math.ceil(((end - start + this.#count) * 3) / 4) + 3);
    let written = 0;
    for (let at = start; at < end && !this.#ended; at++) {
      const value = base64Values[u8[at] ?? 0] ?? 255;
      if (value === 255) continue;
      if (value === 64) {
        written = this.#finish(output, written);
        break;
      }
      this.#bits = (this.#bits << 6) | value;
      if (++this.#count < 4) continue;
      output[written++] = this.#bits >> 16;
      output[written++] = this.#bits >> 8;
      output[written++] = this.#bits;
      this.#bits = 0;
      this.#count = 0;
    }
    return output.subarray(0, written);
  }

  /** What an incomplete last group holds. */
  end(): Uint8Array {
    const output = new Uint8Array(3);
    return output.subarray(0, this.#finish(output, 0));
  }

  #finish(output: Uint8Array, from: number): number {
    let written = from;
    if (this.#count === 2) output[written++] = this.#bits >> 4;
    if (this.#count === 3) {
      output[written++] = this.#bits >> 10;
      output[written++] = this.#bits >> 2;
    }
    this.#count = 0;
    this.#bits = 0;
    this.#ended = true;
    return written;
  }
}

/** Value of `=XX` at `at`, or -1. */
function escapedByte(u8: Uint8Array, at: number, end: number): number {
  if (at + 2 >= end) return -1;
  const high = hexDigit(u8[at + 1] ?? 0);
  const low = hexDigit(u8[at + 2] ?? 0);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/** One line of quoted-printable text with its line end, if it has one. */
export function decodeQuotedPrintable(u8: Uint8Array, start: number, end: number): Uint8Array {
  let last = end;
  while (last > start && (u8[last - 1] === 0x20 || u8[last - 1] === 0x09)) last--;
  const output = new Uint8Array(last - start + 2);
  let written = 0;
  for (let at = start; at < last; at++) {
    const byte = u8[at] ?? 0;
    if (byte !== 0x3d) {
      output[written++] = byte;
      continue;
    }
    if (at === last - 1) return output.subarray(0, written); // soft line break
    const value = escapedByte(u8, at, end);
    output[written++] = value < 0 ? byte : value;
    if (value >= 0) at += 2;
  }
  output[written++] = 0x0d;
  output[written++] = 0x0a;
  return output.subarray(0, written);
}
