// Takes compression off by content, whatever the file's name.
import type { ByteReader } from './byte-reader.ts';
import { DecompressingReader } from './decompressing-reader.ts';
import { type FrameCodec, isSkippable, littleEndian32 } from './frame-codec.ts';
import { gzipCodec, gzipHeaderBytes } from './gzip-codec.ts';
import { lz4Codec } from './lz4-codec.ts';
import { isLz4Magic } from './lz4-header.ts';
import { isZstdMagic, zstdCodec } from './zstd-codec.ts';

const magicBytes = 4;

/** The compression of a stream by its first four bytes; undefined when there is none that we know. */
export function codecOf(head: Uint8Array): FrameCodec | undefined {
  if (head.length < magicBytes) return undefined;
  const magic = littleEndian32(head, 0);
  if (isLz4Magic(magic)) return lz4Codec;
  if (isZstdMagic(magic) || isSkippable(magic)) return zstdCodec;
  return gzipHeaderBytes(head) >= 0 ? gzipCodec : undefined;
}

/** A reader of plain bytes over a reader of whatever the file holds. Waits for the first four bytes. */
export async function decompressed(raw: ByteReader): Promise<ByteReader> {
  const head = new Uint8Array(magicBytes);
  let filled = 0;
  while (filled < magicBytes) {
    const count = await raw.read(head, filled);
    if (count === 0) break;
    filled += count;
  }
  const start = head.subarray(0, filled);
  const codec = codecOf(start);
  return codec === undefined ? new PrefixedReader(raw, start) : new DecompressingReader(raw, codec, start);
}

/** Gives back the bytes that were looked at, then reads on. */
class PrefixedReader implements ByteReader {
  readonly compression = 'none';
  readonly reread = null;
  readonly #raw: ByteReader;
  #prefix: Uint8Array;

  constructor(raw: ByteReader, prefix: Uint8Array) {
    this.#raw = raw;
    this.#prefix = prefix;
  }

  get bytesRead(): number {
    return this.#raw.bytesRead;
  }

  get failures(): ByteReader['failures'] {
    return this.#raw.failures;
  }

  read(target: Uint8Array, at: number): Promise<number> {
    const prefix = this.#prefix;
    if (prefix.length === 0) return this.#raw.read(target, at);
    this.#prefix = new Uint8Array(0);
    target.set(prefix, at);
    return Promise.resolve(prefix.length);
  }

  digest(): string | undefined {
    return this.#raw.digest();
  }

  close(): Promise<void> {
    return this.#raw.close();
  }
}
