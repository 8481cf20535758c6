// A buffer that grows to what it is given and is used again.
import { Bytes } from '../../../base/bytes.ts';

const firstSize = 256;

export class ByteBuffer {
  #bytes: Bytes | undefined;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The content is `[0, length)`; valid until the next `append` after a `clear`. */
  get bytes(): Bytes {
    this.#bytes ??= new Bytes(new Uint8Array(firstSize));
    return this.#bytes;
  }

  append(u8: Uint8Array, start: number, end: number): void {
    const needed = this.#length + (end - start);
    let { u8: room } = this.bytes;
    if (needed > room.length) {
      const larger = new Uint8Array(Math.max(needed, room.length * 2));
      larger.set(room.subarray(0, this.#length));
      this.#bytes = new Bytes(larger);
      room = larger;
    }
    room.set(u8.subarray(start, end), this.#length);
    this.#length = needed;
  }

  /** Forgets the last byte. */
  drop(): void {
    this.#length--;
  }

  clear(): void {
    this.#length = 0;
  }
}
