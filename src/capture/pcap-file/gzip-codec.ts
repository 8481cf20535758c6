// gzip, member by member. RFC 1952. Members are taken one at a time so that what stands behind a damaged one is found.
import { crc32, createInflateRaw } from 'node:zlib';
import type { ChunkQueue } from './chunk-queue.ts';
import { type FrameCodec, type FrameDecoder, type FrameStart, type FrameStep, littleEndian32, more, none } from './frame-codec.ts';
import { ZlibFrame } from './zlib-frame.ts';

const flag = { headerCrc: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const;
const magic = [0x1f, 0x8b, 8];
/** What compressors write there: nothing, slowest, fastest. */
const knownExtraFlags = [0, 2, 4];
const fixedBytes = 10;
const trailerBytes = 8;

/** Length of the member header at the start of `input`; 0 when more bytes are needed, -1 when it is none. RFC 1952 §2.3. */
export function gzipHeaderBytes(input: Uint8Array): number {
  if (magic.some((byte, i) => i < input.length && input[i] !== byte)) return -1;
  if (input.length < fixedBytes) return 0;
  const flags = input[3] ?? 0;
  if ((flags & flag.reserved) !== 0 || !knownExtraFlags.includes(input[8] ?? 0)) return -1;
  let at = fixedBytes;
  if ((flags & flag.extra) !== 0) at += 2 + ((input[at] ?? 0) | ((input[at + 1] ?? 0) << 8));
  if ((flags & flag.name) !== 0) at = behindText(input, at);
  if ((flags & flag.comment) !== 0) at = behindText(input, at);
  if ((flags & flag.headerCrc) !== 0) at += 2;
  return at < input.length ? at : 0;
}

/** Position behind the zero that ends a text; past the input when it is not there. */
function behindText(input: Uint8Array, at: number): number {
  const end = at < input.length ? input.indexOf(0, at) : -1;
  return end < 0 ? input.length : end + 1;
}

/** Opens gzip members. */
export const gzipCodec: FrameCodec = {
  name: 'gzip',
  firstBytes: [0x1f],
  losesOutput: true,
  open(input: Uint8Array, ended: boolean, output: ChunkQueue): FrameStart {
    const headerBytes = gzipHeaderBytes(input);
    if (headerBytes === 0) return ended ? none : more;
    return headerBytes < 0 ? none : { kind: 'frame', headerBytes, decoder: new GzipMember(output) };
  },
};

/** The deflate stream of a member and the eight bytes behind it: CRC-32 and length of what was compressed. */
class GzipMember implements FrameDecoder {
  readonly #body: ZlibFrame;
  #crc = 0;
  #bodyEnded = false;
  readonly #trailer = new Uint8Array(trailerBytes);
  #trailerFilled = 0;

  constructor(output: ChunkQueue) {
    this.#body = new ZlibFrame(createInflateRaw({ chunkSize: 1 << 16 }), output, (chunk) => {
      this.#crc = crc32(chunk, this.#crc);
    });
  }

  async decode(input: Uint8Array): Promise<FrameStep> {
    if (this.#bodyEnded) return this.#takeTrailer(input, 0);
    const step = await this.#body.decode(input);
    if (step.state !== 'ended') return step;
    this.#bodyEnded = true;
    return this.#takeTrailer(input, step.consumed);
  }

  #takeTrailer(input: Uint8Array, from: number): FrameStep {
    const count = Math.min(trailerBytes - this.#trailerFilled, input.length - from);
    this.#trailer.set(input.subarray(from, from + count), this.#trailerFilled);
    this.#trailerFilled += count;
    const consumed = from + count;
    if (this.#trailerFilled < trailerBytes) return { state: 'more', consumed, message: '' };
    const agrees = littleEndian32(this.#trailer, 0) === this.#crc;
    return { state: 'ended', consumed, message: agrees ? '' : 'the checksum of the compressed data differs' };
  }

  async finish(): Promise<FrameStep> {
    const step = this.#bodyEnded ? undefined : await this.#body.finish();
    if (step?.state === 'failed') return step;
    return { state: 'failed', consumed: 0, message: 'the compressed data ends early' };
  }

  close(): void {
    this.#body.close();
  }
}
