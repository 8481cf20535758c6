// Zstandard frames. RFC 8878 §3.1. The decoder is Node's.
import { createZstdDecompress } from 'node:zlib';
import type { ChunkQueue } from './chunk-queue.ts';
import { type FrameCodec, type FrameStart, isSkippable, littleEndian32, more, none, skippableFrame } from './frame-codec.ts';
import { ZlibFrame } from './zlib-frame.ts';

const magicNumber = 0xfd2fb528;

/** True when a stream that starts with this little-endian number is zstd. */
export const isZstdMagic = (magic: number): boolean => magic === magicNumber;

/** Opens zstd frames. A window above 128 MiB (`zstd --long`) is refused by the decoder: memory stays bounded. */
export const zstdCodec: FrameCodec = {
  name: 'zstd',
  firstBytes: [0x28],
  losesOutput: true,
  open(input: Uint8Array, ended: boolean, output: ChunkQueue): FrameStart {
    if (input.length < 4) return ended ? none : more;
    const magic = littleEndian32(input, 0);
    if (isSkippable(magic)) return skippableFrame(input);
    if (!isZstdMagic(magic)) return none;
    return { kind: 'frame', headerBytes: 0, decoder: new ZlibFrame(createZstdDecompress({ chunkSize: 1 << 17 }), output) };
  },
};
