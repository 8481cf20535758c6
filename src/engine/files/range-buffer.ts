// Ranges of a file that arrived before the bytes they follow.

interface Block {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Bytes kept at most; Zeek's `Files::reassembly_buffer_size`. What does not fit makes the file go on with a hole. */
export const maxBufferedBytes = 524_288;

/** Bytes of a file waiting for their turn. The first copy of a byte counts; copies what it keeps. */
export class RangeBuffer {
  /** Sorted by position, without overlaps. */
  readonly #blocks: Block[] = [];
  #size = 0;

  get isFull(): boolean {
    return this.#size > maxBufferedBytes;
  }

  /** Keeps `[start, end)` of `bytes`, which belong at position `at`. */
  add(bytes: Uint8Array, start: number, end: number, at: number): void {
    let from = at;
    const to = at + (end - start);
    let index = 0;
    while (from < to) {
      const block = this.#blocks[index];
      const blockEnd = block === undefined ? Number.POSITIVE_INFINITY : block.at + block.bytes.length;
      if (blockEnd <= from) {
        index++;
        continue;
      }
      const until = block === undefined ? to : Math.min(to, block.at);
      if (until > from) {
        this.#blocks.splice(index++, 0, { at: from, bytes: bytes.slice(start + (from - at), start + (until - at)) });
        this.#size += until - from;
      }
      from = Math.max(until, Math.min(to, blockEnd));
    }
  }

  /** Takes the first block out; undefined when empty or when it begins after `limit`. */
  take(limit: number): Block | undefined {
    const first = this.#blocks[0];
    if (first === undefined || first.at > limit) return undefined;
    this.#blocks.shift();
    this.#size -= first.bytes.length;
    return first;
  }
}
