// Decompressed bytes between the decompressor and whoever reads them.

/** Bytes above which a decompressor is asked to pause: a few bytes of hostile input can stand for gigabytes. */
const highWaterBytes = 1 << 20;

/** A queue of byte chunks. */
export class ChunkQueue {
  /** Bytes that ever went in: the offset in the decompressed stream. */
  total = 0;
  #chunks: Uint8Array[] = [];
  #used = 0;
  #size = 0;
  #discard = 0;
  #arrived: (() => void) | null = null;
  #drained: (() => void) | null = null;

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  /** More is waiting than should: the writer stops until `onDrained`. */
  get isFull(): boolean {
    return this.#size > highWaterBytes;
  }

  /** Drops the next bytes that come in: they were handed out before. */
  discard(bytes: number): void {
    this.#discard = bytes;
  }

  /** Appends a chunk, which belongs to the queue from then on. */
  push(chunk: Uint8Array): void {
    const dropped = Math.min(this.#discard, chunk.length);
    this.#discard -= dropped;
    const rest = dropped === 0 ? chunk : chunk.subarray(dropped);
    if (rest.length === 0) return;
    this.#chunks.push(rest);
    this.#size += rest.length;
    this.total += rest.length;
    this.#arrived?.();
    this.#arrived = null;
  }

  /** Resolves when the next bytes come in. */
  arrival(): Promise<void> {
    return new Promise((resolve) => {
      this.#arrived = resolve;
    });
  }

  /** Calls once when the queue has been emptied. */
  onDrained(resume: () => void): void {
    this.#drained = resume;
  }

  /** Moves bytes into `target` from `at` on; returns how many. */
  take(target: Uint8Array, at: number): number {
    let to = at;
    while (to < target.length) {
      const chunk = this.#chunks[0];
      if (chunk === undefined) break;
      const count = Math.min(target.length - to, chunk.length - this.#used);
      target.set(chunk.subarray(this.#used, this.#used + count), to);
      to += count;
      this.#used += count;
      if (this.#used < chunk.length) break;
      this.#chunks.shift();
      this.#used = 0;
    }
    this.#size -= to - at;
    if (this.#size === 0) {
      this.#drained?.();
      this.#drained = null;
    }
    return to - at;
  }
}
