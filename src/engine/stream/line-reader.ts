// Lines out of segments, for protocols of text lines: CRLF, LF or a bare CR ends one.
import type { Bytes } from '../../base/bytes.ts';
import { CarryOver } from './carry-over.ts';

const lineFeed = 10;
const carriageReturn = 13;

/** One side's lines. `open`, then `next` until it says no, then `close`. A line over the limit is passed over. */
export class LineReader {
  /** The current line without its end: `[start, end)` of `bytes`. */
  start = 0;
  end = 0;
  readonly #unread: CarryOver;
  #skipsLineFeed = false;
  #skipsLine = false;
  /** Bytes of the unfinished line that were looked at already. */
  #scanned = 0;

  /** @param limit longest line that is kept, in bytes. */
  constructor(limit: number) {
    this.#unread = new CarryOver(limit);
  }

  /** Valid until `close`. */
  get bytes(): Bytes {
    return this.#unread.bytes;
  }

  open(bytes: Bytes, start: number, end: number): void {
    this.#unread.open(bytes, start, end);
  }

  /** Moves to the next complete line. */
  next(): boolean {
    const unread = this.#unread;
    const { u8 } = unread.bytes;
    const { end } = unread;
    const from = unread.position + this.#scanned;
    this.#scanned = 0;
    for (let at = from; at < end; at++) {
      const byte = u8[at];
      if (byte !== lineFeed && byte !== carriageReturn) {
        this.#skipsLineFeed = false;
        continue;
      }
      const start = unread.position;
      unread.position = at + 1;
      if (byte === lineFeed && this.#skipsLineFeed) {
        this.#skipsLineFeed = false;
        continue;
      }
      this.#skipsLineFeed = byte === carriageReturn;
      if (this.#skipsLine) {
        this.#skipsLine = false;
        continue;
      }
      this.start = start;
      this.end = at;
      return true;
    }
    this.#scanned = end - unread.position;
    return false;
  }

  /** Keeps the unfinished line, unless it is passed over. */
  close(): void {
    if (this.#skipsLine) this.#unread.drop();
    else if (this.#unread.close()) return;
    this.#skipsLine = true;
    this.#scanned = 0;
  }
}
