// The first bytes of a body, for the analyst and for the payload detectors.
import { latin1 } from '../../../base/bytes.ts';
import { ByteBuffer } from './byte-buffer.ts';

const isText = (byte: number): boolean => (byte >= 0x20 && byte !== 0x7f) || (byte >= 0x09 && byte <= 0x0d);

/** A body's first bytes. Reused for one message after the other. */
export class BodySample {
  readonly #buffer = new ByteBuffer();
  readonly #most: number;

  /** @param most bytes kept */
  constructor(most: number) {
    this.#most = most;
  }

  get isFull(): boolean {
    return this.#buffer.length >= this.#most;
  }

  add(u8: Uint8Array, start: number, end: number): void {
    const room = this.#most - this.#buffer.length;
    if (room > 0) this.#buffer.append(u8, start, Math.min(end, start + room));
  }

  clear(): void {
    this.#buffer.clear();
  }

  /**
   * Text, fit for a record: as it is when it is text, else with a dot for each run of bytes that are none, so that words
   * inside a binary body (a serialised object, an upload) stay readable. Undefined when empty.
   */
  printable(): string | undefined {
    const { length } = this.#buffer;
    if (length === 0) return undefined;
    const { bytes } = this.#buffer;
    if (this.#isText(length)) return bytes.text(0, length);
    return latin1(bytes.u8, 0, length).replace(/[^\x20-\x5b\x5d-\x7e]+/g, '.');
  }

  /** The text of a textual body with white space as single spaces; undefined for any other. */
  snippet(): string | undefined {
    const { length } = this.#buffer;
    if (length === 0) return undefined;
    const { bytes } = this.#buffer;
    const { u8 } = bytes;
    let isAscii = true;
    for (let i = 0; i < length; i++) {
      const byte = u8[i] ?? 0;
      if (byte >= 0x20 && byte < 0x7f) continue;
      if (!isText(byte)) return undefined;
      if (byte < 0x20) u8[i] = 0x20;
      else isAscii = false;
    }
    return isAscii ? bytes.latin1(0, length) : bytes.text(0, length);
  }

  #isText(length: number): boolean {
    const { u8 } = this.#buffer.bytes;
    for (let i = 0; i < length; i++) if (!isText(u8[i] ?? 0)) return false;
    return true;
  }
}
