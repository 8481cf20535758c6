// Where the bytes of one capture come from: a file, standard input, or a decompressor over either.

/** A place where a stream could not be read or decompressed; what could be is handed out all the same. */
export interface StreamFailure {
  /** Offset in the bytes that the reader hands out. */
  readonly offset: number;
  readonly message: string;
}

/** A sequential source of bytes. */
export interface ByteReader {
  /** Compression that was taken off; `none` for raw bytes. */
  readonly compression: 'none' | 'gzip' | 'zstd' | 'lz4';
  /** Bytes read from outside so far (compressed where the file is). */
  readonly bytesRead: number;
  /**
   * Puts what is there, at least one byte, into `target` from `at` on and returns how many; 0 at the end.
   * Does not wait to fill the target. `target` belongs to the reader until the promise settles.
   * Rejects only when not a single byte can be read.
   */
  read(target: Uint8Array, at: number): Promise<number>;
  readonly failures: readonly StreamFailure[];
  /**
   * Reads again from an offset, apart from `read`; null where that is impossible (a pipe).
   * Rejects when the system refuses.
   */
  readonly reread: ((offset: number, target: Uint8Array) => Promise<number>) | null;
  /** SHA-256 of everything read from outside, hexadecimal; undefined before the end and when not asked for. */
  digest(): string | undefined;
  close(): Promise<void>;
}
