// Identifiers of connections: 96 bits as base62, as Zeek writes them, but derived from what the connection is.

import { bytesOfLatin1, latin1 } from '../../base/bytes.ts';

const digits = bytesOfLatin1('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz').u8;
const base = 62;
/** Two digits at once: half as many divisions of 64 bits. */
const square = base * base;
/** Both digits of a number below `square`, the lower one first. */
const digitPairs = Uint8Array.from({ length: 2 * square }, (_, i) => {
  const value = i >> 1;
  return digits[(i & 1) === 0 ? value % base : Math.floor(value / base)] ?? 0;
});
/** The prefix and 96 bits; written here and read as one piece, since a text joined from letters keeps every step of it. */
const room = new Uint8Array(32);

/** Digits of an unsigned 32-bit word pair in base 62, least significant first, as Zeek concatenates them. @returns where they end */
function base62(high: number, low: number, start: number): number {
  let at = start;
  let h = high >>> 0;
  let l = low >>> 0;
  let pair = 0;
  do {
    const above = Math.floor(h / square);
    const value = (h - above * square) * 0x100000000 + l;
    h = above;
    l = Math.floor(value / square);
    pair = value - l * square;
    room[at++] = digitPairs[2 * pair] ?? 0;
    room[at++] = digitPairs[2 * pair + 1] ?? 0;
  } while (h > 0 || l > 0);
  // The highest digit is none when it is zero.
  return pair < base ? at - 1 : at;
}

/** Finaliser of MurmurHash3: every bit of the input changes half of the output. */
function finish(word: number): number {
  let h = word ^ (word >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** A running hash of 96 bits over 32-bit words. Three lanes with different constants; not cryptographic. */
export class IdHash {
  #a = 0;
  #b = 0;
  #c = 0;

  /** Begins a new identifier. */
  reset(seed: number): void {
    this.#a = seed ^ 0x9e3779b9;
    this.#b = seed ^ 0x7f4a7c15;
    this.#c = seed ^ 0x94d049bb;
  }

  add(word: number): void {
    const a = (Math.imul(this.#a ^ word, 0xcc9e2d51) + ((this.#a << 13) | (this.#a >>> 19))) | 0;
    const b = (Math.imul(this.#b ^ word, 0x1b873593) + ((this.#b << 15) | (this.#b >>> 17))) | 0;
    const c = (Math.imul(this.#c ^ word, 0xe6546b64 | 1) + ((this.#c << 17) | (this.#c >>> 15))) | 0;
    this.#a = a ^ (c >>> 7);
    this.#b = b ^ (this.#a >>> 9);
    this.#c = c ^ (this.#b >>> 11);
  }

  addText(text: string): void {
    for (let i = 0; i < text.length; i++) this.add(text.charCodeAt(i));
    this.add(text.length);
  }

  /** Adds a number of microseconds. */
  addTime(micros: number): void {
    const high = Math.floor(micros / 0x100000000);
    this.add(high);
    this.add((micros - high * 0x100000000) | 0);
  }

  /** The identifier with its prefix: `C` for connections, `F` for files. */
  text(prefix: 'C' | 'F'): string {
    room[0] = prefix.charCodeAt(0);
    const middle = base62(finish(this.#a), finish(this.#b ^ this.#a), 1);
    return latin1(room, 0, base62(0, finish(this.#c ^ this.#b), middle));
  }
}
