// Bytes of a stream as they arrive: standard input, a pipe, a decompressor's output.
import { createHash, type Hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { ByteReader } from './byte-reader.ts';

/** Reads a Node stream; waits only while nothing is there. */
export class StreamReader implements ByteReader {
  readonly compression = 'none';
  bytesRead = 0;
  failure: string | undefined;
  readonly #stream: Readable;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #hash: Hash | undefined;
  #chunk: Uint8Array = new Uint8Array(0);
  #used = 0;
  #digest: string | undefined;

  constructor(stream: Readable, options: { readonly digest: boolean }) {
    this.#stream = stream;
    this.#chunks = stream[Symbol.asyncIterator]();
    this.#hash = options.digest ? createHash('sha256') : undefined;
  }

  async read(target: Uint8Array, at: number): Promise<number> {
    while (this.#used === this.#chunk.length) if (!(await this.#advance())) return 0;
    const count = Math.min(target.length - at, this.#chunk.length - this.#used);
    target.set(this.#chunk.subarray(this.#used, this.#used + count), at);
    this.#used += count;
    return count;
  }

  async #advance(): Promise<boolean> {
    if (this.failure !== undefined || this.#digest !== undefined) return false;
    try {
      const { done, value } = await this.#chunks.next();
      if (done === true) {
        this.#digest = this.#hash?.digest('hex');
        return false;
      }
      this.#chunk = value;
      this.#used = 0;
      this.bytesRead += value.length;
      this.#hash?.update(value);
      return true;
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
      return false;
    }
  }

  digest(): string | undefined {
    return this.#digest;
  }

  async close(): Promise<void> {
    this.#stream.destroy();
  }
}
