// Bytes of a stream as they arrive: standard input or a pipe.
import { createHash, type Hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { ByteReader, StreamFailure } from './byte-reader.ts';

/** The start of a stream is kept this far, for a second look at damaged compression. */
const keptBytes = 1 << 20;

/** Reads a Node stream; waits only while nothing is there. */
export class StreamReader implements ByteReader {
  readonly compression = 'none';
  bytesRead = 0;
  readonly failures: StreamFailure[] = [];
  readonly #stream: Readable;
  readonly #chunks: AsyncIterator<unknown>;
  readonly #hash: Hash | undefined;
  #chunk: Uint8Array = new Uint8Array(0);
  #used = 0;
  #kept: Uint8Array[] | null = [];
  #ended = false;
  #digest: string | undefined;

  constructor(stream: Readable, options: { readonly digest: boolean }) {
    this.#stream = stream;
    this.#chunks = stream[Symbol.asyncIterator]();
    this.#hash = options.digest ? createHash('sha256') : undefined;
  }

  async read(target: Uint8Array, at: number): Promise<number> {
    while (!this.#ended && this.#used === this.#chunk.length) await this.#advance();
    const count = Math.min(target.length - at, this.#chunk.length - this.#used);
    target.set(this.#chunk.subarray(this.#used, this.#used + count), at);
    this.#used += count;
    return count;
  }

  async #advance(): Promise<void> {
    try {
      const { done, value } = await this.#chunks.next();
      if (value instanceof Uint8Array) this.#take(value);
      if (done !== true) return;
      this.#ended = true;
      this.#digest = this.#hash?.digest('hex');
    } catch (error) {
      if (this.bytesRead === 0) throw error;
      this.#ended = true;
      this.failures.push({ offset: this.bytesRead, message: error instanceof Error ? error.message : String(error) });
    }
  }

  #take(chunk: Uint8Array): void {
    this.#chunk = chunk;
    this.#used = 0;
    this.bytesRead += chunk.length;
    this.#hash?.update(chunk);
    if (this.bytesRead > keptBytes) this.#kept = null;
    else this.#kept?.push(chunk);
  }

  /** Possible while the stream is no longer than what is kept of it. */
  get reread(): ByteReader['reread'] {
    const kept = this.#kept;
    return kept === null ? null : async (offset, target) => copyFrom(kept, offset, target);
  }

  digest(): string | undefined {
    return this.#digest;
  }

  async close(): Promise<void> {
    this.#stream.destroy();
  }
}

/** Copies bytes of a chunked stream from an offset on. */
function copyFrom(chunks: readonly Uint8Array[], offset: number, target: Uint8Array): number {
  let start = 0;
  let filled = 0;
  for (const chunk of chunks) {
    const from = Math.max(0, offset + filled - start);
    const part = chunk.subarray(from, from + target.length - filled);
    target.set(part, filled);
    filled += part.length;
    start += chunk.length;
  }
  return filled;
}
