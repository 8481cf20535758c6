// Bytes of a regular file, by position.
import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { ByteReader } from './byte-reader.ts';

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
  failure: string | undefined;
  readonly #path: string;
  readonly #keepOpen: boolean;
  readonly #hash: Hash | undefined;
  #handle: FileHandle | undefined;
  #digest: string | undefined;

  constructor(path: string, options: FileReaderOptions) {
    this.#path = path;
    this.#keepOpen = options.keepOpen;
    this.#hash = options.digest ? createHash('sha256') : undefined;
  }

  async read(target: Uint8Array, at: number): Promise<number> {
    if (this.failure !== undefined || this.#digest !== undefined) return 0;
    try {
      this.#handle ??= await open(this.#path, 'r');
      const { bytesRead } = await this.#handle.read(target, at, target.length - at, this.bytesRead);
      if (!this.#keepOpen) await this.close();
      this.#account(target, at, bytesRead);
      return bytesRead;
    } catch (error) {
      if (this.bytesRead === 0) throw error;
      this.failure = error instanceof Error ? error.message : String(error);
      return 0;
    }
  }

  #account(target: Uint8Array, at: number, bytesRead: number): void {
    this.bytesRead += bytesRead;
    if (this.#hash === undefined) return;
    if (bytesRead > 0) this.#hash.update(target.subarray(at, at + bytesRead));
    else this.#digest = this.#hash.digest('hex');
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
