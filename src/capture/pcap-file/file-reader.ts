// Bytes of a regular file, by position.
import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { ByteReader, StreamFailure } from './byte-reader.ts';

/** How a file is held. */
export interface FileReaderOptions {
  /** Compute SHA-256 on the way. */
  readonly digest: boolean;
  /** Keep the file open between reads; false where so many files are read at once that handles would run out. */
  readonly keepOpen: boolean;
}

/** Reads a file from its start to its end. */
export class FileReader implements ByteReader {
  readonly compression = 'none';
  bytesRead = 0;
  readonly failures: StreamFailure[] = [];
  readonly #path: string;
  readonly #keepOpen: boolean;
  readonly #hash: Hash | undefined;
  #handle: FileHandle | undefined;
  #ended = false;
  #digest: string | undefined;

  constructor(path: string, options: FileReaderOptions) {
    this.#path = path;
    this.#keepOpen = options.keepOpen;
    this.#hash = options.digest ? createHash('sha256') : undefined;
  }

  async read(target: Uint8Array, at: number): Promise<number> {
    if (this.#ended) return 0;
    try {
      const count = await this.#readAt(this.bytesRead, target, at);
      this.bytesRead += count;
      this.#ended = count === 0;
      if (count > 0) this.#hash?.update(target.subarray(at, at + count));
      else this.#digest = this.#hash?.digest('hex');
      return count;
    } catch (error) {
      if (this.bytesRead === 0) throw error;
      this.#ended = true;
      this.failures.push({ offset: this.bytesRead, message: error instanceof Error ? error.message : String(error) });
      return 0;
    }
  }

  readonly reread = (offset: number, target: Uint8Array): Promise<number> => this.#readAt(offset, target, 0);

  async #readAt(offset: number, target: Uint8Array, at: number): Promise<number> {
    this.#handle ??= await open(this.#path, 'r');
    const { bytesRead } = await this.#handle.read(target, at, target.length - at, offset);
    if (!this.#keepOpen) await this.close();
    return bytesRead;
  }

  digest(): string | undefined {
    return this.#digest;
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }
}
