// Lines out of segments, for protocols of text lines: CRLF, LF or a bare CR ends one.
import { type Bytes, findLineEnd } from '../../base/bytes.ts';
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
    const { bytes, end } = unread;
    const { u8 } = bytes;
    for (let from = unread.position + this.#scanned; from < end; from = unread.position) {
      const start = unread.position;
      if (this.#skipsLineFeed) {
        this.#skipsLineFeed = false;
        if (u8[from] === lineFeed) {
          unread.position = from + 1;
          continue;
        }
      }
      const at = findLineEnd(bytes, from, end);
      if (at === end) break;
      this.#scanned = 0;
      unread.position = at + 1;
      this.#skipsLineFeed = u8[at] === carriageReturn;
      if (!this.#skipsLine) {
        this.start = start;
        this.end = at;
        return true;
      }
      this.#skipsLine = false;
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
