// The first bytes of one side of a connection, those of all segments behind each other.
import { Bytes, bytesOfLatin1 } from '../../base/bytes.ts';

const noBytes = new Bytes(new Uint8Array(0));

/**
 * Those of the first segment wait as text, one character a byte: most connections never need them again, and text is much
 * cheaper to keep than a buffer.
 */
export class FirstBytes {
  readonly #most: number;
  #text = '';
  #bytes = noBytes;
  length = 0;

  /** @param most bytes kept; what does not fit is left out */
  constructor(most: number) {
    this.#most = most;
  }

  /** Those kept, and behind them what `extend` was given last. */
  get bytes(): Bytes {
    if (this.#text !== '') this.#unpack();
    return this.#bytes;
  }

  /** Keeps bytes behind those that are there. */
  keep(bytes: Bytes, start: number, end: number): void {
    if (this.length > 0) {
      this.length = this.extend(bytes, start, end);
      return;
    }
    this.length = Math.min(end - start, this.#most);
    this.#text = bytes.latin1(start, start + this.length);
  }

  /** Puts bytes behind those that are kept, without keeping them yet. @returns where they end */
  extend(bytes: Bytes, start: number, end: number): number {
    if (this.#text !== '') this.#unpack();
    const { length } = this;
    const count = Math.min(end - start, this.#most - length);
    const needed = length + count;
    if (needed > this.#bytes.u8.length) this.#grow(needed);
    const target = this.#bytes.u8;
    const source = bytes.u8;
    for (let i = 0; i < count; i++) target[length + i] = source[start + i] ?? 0;
    return needed;
  }

  #grow(needed: number): void {
    const grown = new Bytes(new Uint8Array(Math.min(this.#most, Math.max(64, needed * 2))));
    grown.u8.set(this.#bytes.u8);
    this.#bytes = grown;
  }

  #unpack(): void {
    this.#bytes = bytesOfLatin1(this.#text);
    this.#text = '';
  }
}
