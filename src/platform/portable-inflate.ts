// Decompression in JavaScript (fflate), for a Node whose zlib internals are not as `native-inflate.ts` knows them.
import { Gunzip, Inflate, Unzlib } from 'fflate';
import type { Inflater } from '../engine/platform.ts';

const streams = { gzip: Gunzip, zlib: Unzlib, raw: Inflate } as const;

/** Opens a streaming decompression; the same contract as the native one, at about a tenth of its speed. */
export function portableInflate(format: 'gzip' | 'zlib' | 'raw', take: (bytes: Uint8Array) => boolean): Inflater {
  let open = true;
  const stream = new streams[format]((bytes) => {
    if (bytes.length > 0 && !take(bytes)) open = false;
  });
  return {
    push(bytes, start, end) {
      if (!open) return false;
      try {
        stream.push(bytes.subarray(start, end));
      } catch {
        open = false; // fflate reports damage by throwing
      }
      return open;
    },
    close() {
      open = false;
    },
  };
}
