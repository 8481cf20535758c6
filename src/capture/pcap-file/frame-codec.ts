// What a compression is to the reader: a stream of frames (gzip: members), each with a start that can be recognised.
import type { ChunkQueue } from './chunk-queue.ts';

/** What came of feeding a decoder. `failed`: the frame cannot be decoded any further. */
export interface FrameStep {
  readonly state: 'more' | 'ended' | 'failed';
  /** Input bytes that were taken; the rest belongs to what follows the frame. */
  readonly consumed: number;
  /** Why it failed, or what was wrong though decoding goes on; '' when nothing. */
  readonly message: string;
}

/** Decodes one frame; output goes to the queue it was made with. */
export interface FrameDecoder {
  /** Takes input; the bytes may be overwritten once the promise has settled. Never rejects. */
  decode(input: Uint8Array): Promise<FrameStep>;
  /** No input is left: was the frame whole? */
  finish(): Promise<FrameStep>;
  close(): void;
}

/** What is at a place where a frame should start. */
export type FrameStart =
  | { readonly kind: 'frame'; readonly headerBytes: number; readonly decoder: FrameDecoder }
  | { readonly kind: 'skip'; readonly bytes: number }
  | { readonly kind: 'more' }
  | { readonly kind: 'none' };

/** One compression format. */
export interface FrameCodec {
  readonly name: 'gzip' | 'zstd' | 'lz4';
  /** Values of the first byte of a frame. */
  readonly firstBytes: readonly number[];
  /** A step that fails drops what was decoded in it. */
  readonly losesOutput: boolean;
  /** Looks at the start of a frame; `ended` when `input` is all there is. */
  open(input: Uint8Array, ended: boolean, output: ChunkQueue): FrameStart;
}

export const more: FrameStart = { kind: 'more' };
export const none: FrameStart = { kind: 'none' };

/** Frames that readers of zstd and LZ4 must pass over: magic 184D2A50 to 184D2A5F, length u32. RFC 8878 §3.1.2. */
export function skippableFrame(input: Uint8Array): FrameStart {
  if (input.length < 8) return more;
  return { kind: 'skip', bytes: 8 + littleEndian32(input, 4) };
}

/** True for the magic of a skippable frame. */
export const isSkippable = (magic: number): boolean => magic >>> 4 === 0x184d2a5;

/** An unsigned little-endian 32-bit number; bytes past the end count as 0. */
export function littleEndian32(bytes: Uint8Array, at: number): number {
  return (((bytes[at + 3] ?? 0) << 24) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at] ?? 0)) >>> 0;
}
