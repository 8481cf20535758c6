// One compressed frame through Node's zlib, fed piece by piece, with the bytes behind the frame given back.
import type { BrotliDecompress, Gunzip, InflateRaw } from 'node:zlib';
import type { ChunkQueue } from './chunk-queue.ts';
import type { FrameDecoder, FrameStep } from './frame-codec.ts';

/** The transforms of node:zlib that are used here; they tell how much input they took. */
export type ZlibTransform = InflateRaw | Gunzip | BrotliDecompress;

/** Decodes with a transform of node:zlib until it says that its data ended. */
export class ZlibFrame implements FrameDecoder {
  readonly #transform: ZlibTransform;
  #ended = false;
  #failure = '';
  #settled: (() => void) | null = null;

  constructor(transform: ZlibTransform, output: ChunkQueue, onData?: (chunk: Uint8Array) => void) {
    this.#transform = transform;
    transform.on('data', (chunk: Uint8Array) => {
      onData?.(chunk);
      output.push(chunk);
      if (!output.isFull) return;
      transform.pause();
      output.onDrained(() => transform.resume());
    });
    transform.on('end', () => {
      this.#ended = true;
      this.#settle();
    });
    transform.on('error', (error: Error) => {
      this.#failure = error.message;
      this.#settle();
    });
  }

  #settle = (): void => {
    this.#settled?.();
    this.#settled = null;
  };

  async decode(input: Uint8Array): Promise<FrameStep> {
    const before = this.#transform.bytesWritten;
    await this.#run(() => this.#transform.write(input, this.#settle));
    return this.#step(this.#transform.bytesWritten - before);
  }

  async finish(): Promise<FrameStep> {
    await this.#run(() => this.#transform.end());
    return this.#step(0);
  }

  /** Waits for the first of: input taken, data ended, error. */
  #run(start: () => void): Promise<void> {
    if (this.#ended || this.#failure !== '') return Promise.resolve();
    return new Promise((resolve) => {
      this.#settled = resolve;
      start();
    });
  }

  #step(consumed: number): FrameStep {
    if (this.#failure !== '') return { state: 'failed', consumed: 0, message: this.#failure };
    return { state: this.#ended ? 'ended' : 'more', consumed, message: '' };
  }

  close(): void {
    this.#transform.destroy();
    this.#ended = true;
    this.#settle();
  }
}
