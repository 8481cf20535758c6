// LZ4 frames, current and legacy, decoded block by block. github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
import type { ChunkQueue } from './chunk-queue.ts';
import {
  type FrameCodec,
  type FrameDecoder,
  type FrameStart,
  type FrameStep,
  isSkippable,
  littleEndian32,
  more,
  none,
  skippableFrame,
} from './frame-codec.ts';
import { decodeLz4Block } from './lz4-block.ts';
import { isLz4Magic, type Lz4Layout, readLz4Header } from './lz4-header.ts';
import { XxHash32, xxHash32 } from './xxhash32.ts';

/** Matches reach back this far. */
const windowBytes = 1 << 16;
const storedFlag = 0x80000000;

/** Opens LZ4 frames. */
export const lz4Codec: FrameCodec = {
  name: 'lz4',
  firstBytes: [0x04, 0x02],
  losesOutput: false,
  open(input: Uint8Array, ended: boolean, output: ChunkQueue): FrameStart {
    if (input.length >= 4 && isSkippable(littleEndian32(input, 0))) return skippableFrame(input);
    const layout = readLz4Header(input);
    if (layout === 'more') return ended ? none : more;
    if (layout === 'none') return none;
    return { kind: 'frame', headerBytes: layout.headerBytes, decoder: new Lz4Frame(layout, output) };
  },
};

type Part = 'size' | 'block' | 'checksum';

/** The blocks of one frame. Parts of the format are gathered until whole: a size, a block with its checksum, the end. */
class Lz4Frame implements FrameDecoder {
  readonly #layout: Lz4Layout;
  readonly #output: ChunkQueue;
  readonly #hash = new XxHash32();
  /** The window of what was decoded before, then the block. */
  readonly #work: Uint8Array;
  #windowLength = 0;
  #part: Part = 'size';
  #gathered = new Uint8Array(4);
  #filled = 0;
  #wanted = 4;
  #stored = false;
  #warning = '';

  constructor(layout: Lz4Layout, output: ChunkQueue) {
    this.#layout = layout;
    this.#output = output;
    this.#work = new Uint8Array(windowBytes + layout.blockBytes);
  }

  async decode(input: Uint8Array): Promise<FrameStep> {
    let at = 0;
    this.#warning = '';
    while (at < input.length) {
      const count = Math.min(this.#wanted - this.#filled, input.length - at);
      this.#gathered.set(input.subarray(at, at + count), this.#filled);
      this.#filled += count;
      at += count;
      if (this.#filled < this.#wanted) break;
      const outcome = this.#takePart();
      if (outcome === 'another frame') return { state: 'ended', consumed: Math.max(0, at - 4), message: this.#warning };
      if (outcome !== '')
        return { state: outcome === 'end' ? 'ended' : 'failed', consumed: at, message: outcome === 'end' ? this.#warning : outcome };
    }
    return { state: 'more', consumed: at, message: this.#warning };
  }

  /** Handles what was gathered. '' to go on, `end`, `another frame`, or what is wrong. */
  #takePart(): string {
    if (this.#part === 'size') return this.#takeSize();
    if (this.#part === 'block') return this.#takeBlock();
    if (littleEndian32(this.#gathered, 0) !== this.#hash.digest()) this.#warning = 'the checksum of the compressed data differs';
    return 'end';
  }

  #takeSize(): string {
    const { legacy, blockBytes, blockChecksums, contentChecksum } = this.#layout;
    const field = littleEndian32(this.#gathered, 0);
    if (legacy && (isLz4Magic(field) || isSkippable(field))) return 'another frame';
    if (field === 0 && !legacy) {
      if (!contentChecksum) return 'end';
      this.#expect('checksum', 4);
      return '';
    }
    this.#stored = !legacy && field >= storedFlag;
    const size = this.#stored ? field - storedFlag : field;
    const largest = legacy ? blockBytes + blockBytes / 255 + 16 : blockBytes;
    if (size === 0 || size > largest) return 'a block of an impossible length';
    this.#expect('block', size + (blockChecksums ? 4 : 0));
    return '';
  }

  #takeBlock(): string {
    const { blockChecksums, independent } = this.#layout;
    const end = this.#wanted - (blockChecksums ? 4 : 0);
    const block = this.#gathered.subarray(0, end);
    const agrees = !blockChecksums || xxHash32(block) === littleEndian32(this.#gathered, end);
    this.#expect('size', 4);
    if (this.#emit(block) && agrees) return '';
    if (!independent) return 'a block is damaged and the blocks behind it depend on it';
    this.#warning = 'a block is damaged';
    return '';
  }

  /** Hands out what a block holds, as far as it can be decoded; false when that is not all. */
  #emit(block: Uint8Array): boolean {
    const from = this.#windowLength;
    const output = this.#work.subarray(0, from + this.#layout.blockBytes);
    if (this.#stored) output.set(block, from);
    const { end, whole } = this.#stored ? { end: from + block.length, whole: true } : decodeLz4Block(block, 0, block.length, output, from);
    const decoded = output.slice(from, end);
    this.#output.push(decoded);
    if (this.#layout.contentChecksum) this.#hash.update(decoded);
    if (!this.#layout.independent) this.#keepWindow(decoded.length);
    return whole;
  }

  #keepWindow(written: number): void {
    const end = this.#windowLength + written;
    const start = Math.max(0, end - windowBytes);
    this.#work.copyWithin(0, start, end);
    this.#windowLength = end - start;
  }

  #expect(part: Part, bytes: number): void {
    this.#part = part;
    this.#wanted = bytes;
    this.#filled = 0;
    if (this.#gathered.length < bytes) this.#gathered = new Uint8Array(bytes);
  }

  async finish(): Promise<FrameStep> {
    const whole = this.#layout.legacy && this.#part === 'size' && this.#filled === 0;
    if (this.#part === 'block' && this.#filled > 0) this.#emit(this.#gathered.subarray(0, Math.min(this.#filled, this.#layout.blockBytes)));
    return { state: whole ? 'ended' : 'failed', consumed: 0, message: whole ? '' : 'the compressed data ends early' };
  }

  close(): void {
    this.#gathered = new Uint8Array(0);
  }
}
