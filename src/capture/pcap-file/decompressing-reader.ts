// A reader over a reader: frames of a compression become plain bytes, with bounded memory, and damage is stepped over.
import type { ByteReader, StreamFailure } from './byte-reader.ts';
import { ChunkQueue } from './chunk-queue.ts';
import type { FrameCodec, FrameDecoder } from './frame-codec.ts';

/** Compressed bytes per step: what one step can blow up to stays small. */
const pieceBytes = 1 << 14;
/** Pieces of the second try, which gets out what stands before a damaged place: shorter than a checksum. */
const salvageBytes = 3;
/** Second tries per file: hostile files must not cost more than their size. */
const maxSalvages = 4;
const maxFailures = 200;

/** Decompresses what another reader gives. */
export class DecompressingReader implements ByteReader {
  readonly failures: StreamFailure[] = [];
  readonly reread = null;
  readonly #raw: ByteReader;
  readonly #codec: FrameCodec;
  readonly #queue = new ChunkQueue();
  readonly #input = new Uint8Array(pieceBytes);
  #filled = 0;
  /** Offset in the file of `#input[0]`. */
  #offset = 0;
  #rawEnded = false;
  #ended = false;
  #frame: FrameDecoder | null = null;
  /** Where the present frame began: in the file, and in the output. */
  #frameOffset = 0;
  #frameOutput = 0;
  /** Damage was met: whatever comes before the next frame is passed over. */
  #searching = false;
  /** Bytes of a skippable frame that are still to be passed over. */
  #skip = 0;
  #salvages = 0;
  #work: Promise<void> | null = null;

  /** @param head bytes that were read from `raw` already. */
  constructor(raw: ByteReader, codec: FrameCodec, head: Uint8Array) {
    this.#raw = raw;
    this.#codec = codec;
    this.#input.set(head);
    this.#filled = head.length;
  }

  get compression(): FrameCodec['name'] {
    return this.#codec.name;
  }

  get bytesRead(): number {
    return this.#raw.bytesRead;
  }

  digest(): string | undefined {
    return this.#raw.digest();
  }

  async read(target: Uint8Array, at: number): Promise<number> {
    while (this.#queue.isEmpty && !this.#ended) {
      this.#work ??= this.#step().finally(() => {
        this.#work = null;
      });
      await Promise.race([this.#work, this.#queue.arrival()]);
    }
    return this.#queue.take(target, at);
  }

  /** One piece of input: to the frame that is open, or to look for the start of the next. */
  async #step(): Promise<void> {
    if (this.#filled === 0) await this.#refill();
    if (this.#skip > 0 && this.#filled > 0) this.#skip -= this.#drop(Math.min(this.#skip, this.#filled));
    else if (this.#frame !== null) await this.#feed(this.#frame);
    else if (this.#filled === 0) this.#ended = true;
    else if (!this.#openFrame()) await this.#refill();
  }

  async #refill(): Promise<void> {
    if (this.#rawEnded) return;
    const count = await this.#raw.read(this.#input, this.#filled);
    this.#filled += count;
    this.#rawEnded = count === 0;
    if (this.#rawEnded) for (const { message } of this.#raw.failures) this.#fail(message);
  }

  async #feed(frame: FrameDecoder): Promise<void> {
    const piece = this.#input.subarray(0, this.#filled);
    const step = piece.length > 0 ? await frame.decode(piece) : await frame.finish();
    if (step.state === 'failed') await this.#salvage(piece.length);
    if (step.message !== '') this.#fail(step.message);
    this.#searching = step.state === 'failed';
    if (step.state !== 'more') {
      frame.close();
      this.#frame = null;
    }
    // The byte at a bad place is never tried again, or the same frame would be opened for ever.
    this.#drop(step.state === 'failed' ? Math.min(1, this.#filled) : step.consumed);
  }

  /** Looks at what should be a frame; false when more input must be there to decide. */
  #openFrame(): boolean {
    const start = this.#codec.open(this.#input.subarray(0, this.#filled), this.#rawEnded, this.#queue);
    if (start.kind === 'more' && this.#filled < this.#input.length) return false;
    if (start.kind === 'frame') {
      this.#frame = start.decoder;
      this.#frameOffset = this.#offset;
      this.#frameOutput = this.#queue.total;
      this.#searching = false;
      this.#drop(start.headerBytes);
    } else if (start.kind === 'skip' && !this.#searching) {
      this.#skip = start.bytes;
    } else {
      this.#passGarbage();
    }
    return true;
  }

  /** Goes to the next byte that a frame may start with. Zeros behind the last frame are padding, not damage. */
  #passGarbage(): void {
    const { firstBytes } = this.#codec;
    if (!this.#searching && this.#input[0] !== 0) {
      this.#fail('bytes that are not compressed data');
      this.#searching = true;
    }
    let at = 1;
    while (at < this.#filled && !firstBytes.includes(this.#input[at] ?? 0) && (this.#searching || this.#input[at] === 0)) at++;
    this.#drop(at);
  }

  /**
   * When zlib meets bad data it drops what it had decoded in that step. The frame is decoded again, up to the step in
   * large pieces (what was handed out is dropped), then in small ones until the bad place.
   * @param badBytes length of the piece of input that failed.
   */
  async #salvage(badBytes: number): Promise<void> {
    const { reread } = this.#raw;
    if (reread === null || badBytes === 0 || !this.#codec.losesOutput || this.#salvages++ >= maxSalvages) return;
    this.#queue.discard(this.#queue.total - this.#frameOutput);
    const buffer = new Uint8Array(pieceBytes);
    const read = async (offset: number, size: number): Promise<Uint8Array> => {
      const count = await reread(offset, buffer.subarray(0, size)).catch(() => 0);
      return buffer.subarray(0, count);
    };
    const start = this.#codec.open(await read(this.#frameOffset, pieceBytes), true, this.#queue);
    if (start.kind === 'frame') {
      const end = this.#offset + badBytes;
      let piece: Uint8Array;
      for (let at = this.#frameOffset + start.headerBytes; at < end; at += piece.length) {
        const ahead = this.#offset - at;
        piece = await read(at, ahead > 0 ? Math.min(ahead, pieceBytes) : salvageBytes);
        if (piece.length === 0 || (await start.decoder.decode(piece)).state !== 'more') break;
      }
      start.decoder.close();
    }
    this.#queue.discard(0);
  }

  #drop(bytes: number): number {
    this.#input.copyWithin(0, bytes, this.#filled);
    this.#filled -= bytes;
    this.#offset += bytes;
    return bytes;
  }

  #fail(message: string): void {
    if (this.failures.length < maxFailures) this.failures.push({ offset: this.#queue.total, message });
  }

  async close(): Promise<void> {
    this.#frame?.close();
    this.#frame = null;
    this.#ended = true;
    await this.#raw.close();
  }
}
