// Reads the pieces of a hello one after the other and remembers whether they fitted. RFC 8446 §3.
import type { Bytes } from '../../base/bytes.ts';

/** A position in a handshake message that only moves forward. Reading past the end gives zero and sets `damaged`. */
export class HelloReader {
  readonly bytes: Bytes;
  at: number;
  end: number;
  damaged = false;

  constructor(bytes: Bytes, start: number, end: number) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  /** Makes sure of `count` more bytes. */
  #has(count: number): boolean {
    if (!this.damaged && count <= this.left) return true;
    this.damaged = true;
    return false;
  }

  u8(): number {
    return this.#has(1) ? this.bytes.view.getUint8(this.at++) : 0;
  }

  u16(): number {
    if (!this.#has(2)) return 0;
    this.at += 2;
    return this.bytes.view.getUint16(this.at - 2);
  }

  u24(): number {
    return this.u8() * 65536 + this.u16();
  }

  /** Moves over `count` bytes and returns where they begin. */
  skip(count: number): number {
    if (!this.#has(count)) return this.end;
    this.at += count;
    return this.at - count;
  }

  /** A reader over the next `count` bytes; a damaged one when there are fewer. */
  take(count: number): HelloReader {
    const start = this.skip(count);
    const inner = new HelloReader(this.bytes, start, this.damaged ? start : this.at);
    inner.damaged = this.damaged;
    return inner;
  }

  /** The 16-bit numbers of the next `count` bytes; a lone last byte is left out. */
  numbers(count: number): number[] {
    const list = this.take(count);
    const values: number[] = [];
    while (list.left >= 2) values.push(list.u16());
    return values;
  }
}
