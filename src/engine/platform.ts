// What the pure engine needs from the runtime, given from outside. Adapter for Node: src/platform/.

/** A running digest. */
export interface Digest {
  /** Copies nothing; reads `[start, end)`. */
  update(bytes: Uint8Array, start: number, end: number): void;
  /** Lower-case hexadecimal. The digest is finished afterwards. */
  hex(): string;
}

/** A running decompression; output is bounded by whoever takes it returning false. */
export interface Inflater {
  /**
   * Feeds `[start, end)`; calls `take` with decompressed bytes, valid during the call only.
   * @returns false when the data is damaged or `take` gave false; nothing more may be pushed then.
   */
  push(bytes: Uint8Array, start: number, end: number): boolean;
  /** Gives its memory back; nothing may be pushed afterwards. Idempotent. */
  close(): void;
}

export interface Platform {
  digest(algorithm: 'md5' | 'sha1' | 'sha256'): Digest;
  /** The digest of `[start, end)` at once, lower-case hexadecimal; cheaper than a running one for small files. */
  digestOf(algorithm: 'md5' | 'sha1' | 'sha256', bytes: Uint8Array, start: number, end: number): string;
  inflater(format: 'gzip' | 'zlib' | 'raw', take: (bytes: Uint8Array) => boolean): Inflater;
  /** HMAC-SHA-256, for the key schedule of QUIC (RFC 9001 §5.2). */
  hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array;
  /** One AES-128 block in ECB mode, for QUIC header protection (RFC 9001 §5.4.3). */
  aes128Block(key: Uint8Array, block: Uint8Array): Uint8Array;
  /** AES-128-GCM; undefined when the tag does not fit. */
  aes128GcmOpen(key: Uint8Array, nonce: Uint8Array, additional: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
}
