// LZ4 frame header. github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
//
//   0 magic u32   4 FLG   5 BD   [content size u64]   [dictionary id u32]   header checksum
import { littleEndian32 } from './frame-codec.ts';
import { xxHash32 } from './xxhash32.ts';

const frameMagic = 0x184d2204;
const legacyMagic = 0x184c2102;
const legacyBlockBytes = 8 << 20;
const fixedBytes = 7;

/** How the blocks of one frame are laid out. */
export interface Lz4Layout {
  readonly headerBytes: number;
  /** Old format of `lz4 -l`: blocks of 8 MiB until the data end, no checksums. */
  readonly legacy: boolean;
  /** Largest decompressed block. */
  readonly blockBytes: number;
  /** Matches stay inside their block. */
  readonly independent: boolean;
  readonly blockChecksums: boolean;
  readonly contentChecksum: boolean;
}

/** True when a stream that starts with this little-endian number is LZ4. */
export const isLz4Magic = (magic: number): boolean => magic === frameMagic || magic === legacyMagic;

/** Reads a frame header; `more` when it is not all there, `none` when it is none or needs a dictionary. */
export function readLz4Header(input: Uint8Array): Lz4Layout | 'more' | 'none' {
  if (input.length < 4) return 'more';
  const magic = littleEndian32(input, 0);
  if (magic === legacyMagic) {
    return { headerBytes: 4, legacy: true, blockBytes: legacyBlockBytes, independent: true, blockChecksums: false, contentChecksum: false };
  }
  if (magic !== frameMagic) return 'none';
  if (input.length < fixedBytes) return 'more';
  const flags = input[4] ?? 0;
  const sizeCode = ((input[5] ?? 0) >> 4) & 7;
  const hasDictionary = (flags & 1) !== 0;
  const headerBytes = fixedBytes + ((flags & 8) !== 0 ? 8 : 0) + (hasDictionary ? 4 : 0);
  if (flags >> 6 !== 1 || sizeCode < 4 || hasDictionary) return 'none';
  if (input.length < headerBytes) return 'more';
  const checksum = (xxHash32(input.subarray(4, headerBytes - 1)) >>> 8) & 0xff;
  if (checksum !== input[headerBytes - 1]) return 'none';
  return {
    headerBytes,
    legacy: false,
    blockBytes: 1 << (8 + 2 * sizeCode),
    independent: (flags & 0x20) !== 0,
    blockChecksums: (flags & 0x10) !== 0,
    contentChecksum: (flags & 4) !== 0,
  };
}
