// Where the bytes of one capture come from: a file, standard input, or a decompressor over either.

/** A sequential source of bytes. */
export interface ByteReader {
  /** Compression that was taken off; `none` for raw bytes. */
  readonly compression: 'none' | 'gzip' | 'zstd' | 'lz4';
  /** Bytes read from outside so far (compressed where the file is). */
  readonly bytesRead: number;
  /**
   * Puts what is there, at least one byte, into `target` from `at` on and returns how many; 0 at the end.
   * Does not wait to fill the target. `target` belongs to the reader until the promise settles.
   */
  read(target: Uint8Array, at: number): Promise<number>;
  /** Why the stream ended early, when it did: part of the file could not be decompressed or read. */
  readonly failure: string | undefined;
  /** SHA-256 of everything read from outside, hexadecimal; undefined before the end and when not asked for. */
  digest(): string | undefined;
  close(): Promise<void>;
}
