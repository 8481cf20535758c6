// What one side of a TCP connection left unread: a message may end in a later segment than it began in.
import { Bytes } from '../../base/bytes.ts';

const NOTHING = new Bytes(new Uint8Array(0));
/** A leftover this small is not worth giving back: most messages that straddle segments are smaller. */
const KEPT_CAPACITY = 512;

/**
 * A window over unread bytes. `open` puts new bytes behind the leftover; the reader then moves `position` over what it
 * understood and calls `close`. Without a leftover nothing is copied: the window is the caller's buffer itself.
 */
export class CarryOver {
  /** Valid between `open` and `close`. */
  bytes: Bytes = NOTHING;
  /** Next unread byte. */
  position = 0;
  /** Exclusive. */
  end = 0;
  readonly #limit: number;
  #own = NOTHING;
  #length = 0;

  /** @param limit most bytes that may wait for the rest of their message. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes that wait for more. */
  get waiting(): number {
    return this.#length;
  }

  open(bytes: Bytes, start: number, end: number): void {
    if (this.#length === 0) {
      this.bytes = bytes;
      this.position = start;
      this.end = end;
      return;
    }
    this.#store(bytes, start, end, this.#length);
    this.bytes = this.#own;
    this.position = 0;
    this.end = this.#length;
  }

  /** Keeps what was not read. @returns false when that is more than the limit; it is dropped then. */
  close(): boolean {
    const { bytes, position, end } = this;
    this.bytes = NOTHING;
    this.#length = 0;
    if (position >= end) {
      if (this.#own.u8.length > KEPT_CAPACITY) this.#own = NOTHING;
      return true;
    }
    if (end - position > this.#limit) {
      this.#own = NOTHING;
      return false;
    }
    if (bytes === this.#own) {
      if (position > 0) bytes.u8.copyWithin(0, position, end);
      this.#length = end - position;
    } else this.#store(bytes, position, end, 0);
    return true;
  }

  /** Instead of `close`: keeps nothing of what was not read. */
  drop(): void {
    this.bytes = NOTHING;
    this.#length = 0;
    if (this.#own.u8.length > KEPT_CAPACITY) this.#own = NOTHING;
  }

  #store(bytes: Bytes, start: number, end: number, at: number): void {
    const length = at + end - start;
    if (length > this.#own.u8.length) {
      const grown = new Uint8Array(Math.max(length, this.#own.u8.length * 2, 64));
      grown.set(this.#own.u8.subarray(0, at));
      this.#own = new Bytes(grown);
    }
    this.#own.u8.set(bytes.u8.subarray(start, end), at);
    this.#length = length;
  }
}
