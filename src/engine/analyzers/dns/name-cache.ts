// Strings of names that come again and again: the same bytes give the same string object, without decoding them anew.
import type { Bytes } from '../../../base/bytes.ts';

/** Longest name that is kept, in bytes; longer ones are rare and decoded each time. */
const SLOT_BYTES = 64;
/** Slots; a power of two. 256 KB of bytes and as many strings, whatever the traffic. */
const SLOTS = 4096;

/** A direct-mapped cache: a new name takes the place of the one with the same hash. Constant size. */
export class NameCache {
  readonly #slab = new Uint8Array(SLOTS * SLOT_BYTES);
  readonly #lengths = new Uint8Array(SLOTS);
  readonly #texts: string[] = new Array<string>(SLOTS).fill('');

  /**
   * Text of the bytes `[0, length)`, escaped as `Bytes.text` does.
   * @param hash any hash of these bytes, a 32-bit integer.
   */
  text(bytes: Bytes, length: number, hash: number): string {
    if (length >= SLOT_BYTES) return bytes.text(0, length);
    const slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
    const base = slot * SLOT_BYTES;
    const slab = this.#slab;
    const { u8 } = bytes;
    if (this.#lengths[slot] === length) {
      let i = 0;
      while (i < length && slab[base + i] === u8[i]) i++;
      if (i === length) return this.#texts[slot] ?? '';
    }
    const text = bytes.text(0, length);
    for (let i = 0; i < length; i++) slab[base + i] = u8[i] ?? 0;
    this.#lengths[slot] = length;
    this.#texts[slot] = text;
    return text;
  }
}
