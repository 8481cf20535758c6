// Replies of a Redis server, value by value. https://redis.io/docs/reference/protocol-spec
import type { Bytes } from '../../../base/bytes.ts';
import { CarryOver } from '../../stream/carry-over.ts';

/** Longest line and most values that are believed. */
const longestLine = 1 << 16;
const mostValues = 1 << 20;
const lineFeed = 10;
const carriageReturn = 13;
/** Values that are one line, that announce a length in bytes, that announce a count of values or of pairs. */
const simple = new Set([...'+-:_#,('].map((type) => type.charCodeAt(0)));
const sized = new Set([...'$!='].map((type) => type.charCodeAt(0)));
const counted = new Set([...'*~>'].map((type) => type.charCodeAt(0)));
const pairs = '%'.charCodeAt(0);

/** Reads the first whole reply. */
export class RespReader {
  readonly #unread = new CarryOver(longestLine);
  /** Values that the reply still lacks. */
  #missing = 1;
  /** Bytes of a sized value that are still to come, line end included. */
  #toSkip = 0;

  /** @returns whether the reply is whole, is none, or goes on. */
  read(bytes: Bytes, start: number, end: number): 'yes' | 'no' | 'more' {
    const unread = this.#unread;
    unread.open(bytes, start, end);
    let fits = true;
    while (fits && this.#missing + this.#toSkip > 0 && unread.position < unread.end) {
      const skipped = Math.min(this.#toSkip, unread.end - unread.position);
      this.#toSkip -= skipped;
      unread.position += skipped;
      if (unread.position === unread.end) break;
      const stop = unread.bytes.u8.indexOf(lineFeed, unread.position);
      if (stop < 0 || stop >= unread.end) break;
      fits = this.#value(unread.bytes, unread.position, stop);
      unread.position = stop + 1;
    }
    if (!unread.close() || !fits) return 'no';
    return this.#missing === 0 && this.#toSkip === 0 ? 'yes' : 'more';
  }

  /** The line that begins a value. */
  #value(bytes: Bytes, start: number, stop: number): boolean {
    if (bytes.u8[stop - 1] !== carriageReturn) return false;
    const type = bytes.u8[start] ?? 0;
    this.#missing--;
    if (simple.has(type)) return true;
    const text = bytes.latin1(start + 1, Math.min(stop - 1, start + 12));
    if (!/^-?\d{1,10}$/.test(text)) return false;
    const number = Number(text);
    if (sized.has(type)) this.#toSkip = number < 0 ? 0 : number + 2;
    else if (counted.has(type)) this.#missing += Math.max(0, number);
    else if (type === pairs) this.#missing += Math.max(0, 2 * number);
    else return false;
    return this.#missing <= mostValues;
  }
}
