// The part of a stream that is in memory: two buffers used in turn, so that a batch handed out stays whole while the
// other buffer is being filled.
import { Bytes } from '../../base/bytes.ts';

/** Unread bytes are `[start, end)` of `bytes`. Parsers move `start`; whoever reads the file moves `end`. */
export class ByteWindow {
  bytes: Bytes;
  start = 0;
  end = 0;
  /** No more bytes will come after `end`. */
  ended = false;
  #origin = 0;
  #spare: Bytes | null = null;
  readonly #capacity: number;

  /** @param capacity bytes of each of the two buffers; they grow when one record needs more. */
  constructor(capacity: number) {
    this.#capacity = capacity;
    this.bytes = new Bytes(new Uint8Array(capacity));
  }

  /** Offset in the (decompressed) stream of a position in `bytes`. */
  offsetOf(position: number): number {
    return this.#origin + position;
  }

  /**
   * Makes room behind `end`, so that at least `needed` unread bytes fit. Bytes that were read already are not touched:
   * when the room is short, the unread rest moves to the front of the other buffer.
   */
  makeRoom(needed: number): void {
    const unread = this.end - this.start;
    const room = this.bytes.u8.length - this.end;
    if (room >= Math.max(needed - unread, this.#capacity >> 2)) return;
    const wanted = needed > this.#capacity ? needed + this.#capacity : this.#capacity;
    const next = this.#spare !== null && this.#spare.u8.length >= wanted ? this.#spare : new Bytes(new Uint8Array(wanted));
    next.u8.set(this.bytes.u8.subarray(this.start, this.end));
    this.#spare = this.bytes;
    this.bytes = next;
    this.#origin += this.start;
    this.start = 0;
    this.end = unread;
  }
}
