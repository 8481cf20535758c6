// Segments of one direction that stand above a hole. What came first wins where they overlap, as in Zeek.
import { Bytes } from '../../base/bytes.ts';

/** Shared by all connections of an engine: how much is held, and what was thrown away. */
export interface HeldBudget {
  /** Bytes copied and held now. */
  bytes: number;
  /** Most that may be held; segments beyond it stay known, but their bytes are lost (a gap for the analyzers). */
  readonly limit: number;
  /** Bytes that were not kept because of the limit. */
  dropped: number;
}

/** More segments than this above one hole: the rest is forgotten (and so becomes a gap). */
const mostSegments = 4096;

/** Sorted, without overlaps. `bytes[i]` is null where the content is not kept. */
export class HeldSegments {
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly bytes: (Bytes | null)[] = [];
  readonly #budget: HeldBudget;

  constructor(budget: HeldBudget) {
    this.#budget = budget;
  }

  get count(): number {
    return this.starts.length;
  }

  /** Start of the first segment; Infinity when there is none. */
  get firstStart(): number {
    return this.starts[0] ?? Number.POSITIVE_INFINITY;
  }

  /** End of the last segment; 0 when there is none. */
  get lastEnd(): number {
    return this.ends[this.ends.length - 1] ?? 0;
  }

  /** Sum of lengths. */
  get size(): number {
    let size = 0;
    for (let i = 0; i < this.starts.length; i++) size += (this.ends[i] ?? 0) - (this.starts[i] ?? 0);
    return size;
  }

  /**
   * Adds `[start, end)` (relative sequence numbers), whose first byte is `from[at]`; parts that are there already stay.
   * @param keep whether anybody wants the content.
   */
  insert(start: number, end: number, from: Bytes, at: number, keep: boolean): void {
    let i = this.#firstEndingAfter(start);
    let position = start;
    while (position < end) {
      const next = this.starts[i] ?? Number.POSITIVE_INFINITY;
      const stop = Math.min(end, next);
      if (position < stop && !this.#put(i++, position, stop, from, at + position - start, keep)) return;
      position = Math.max(stop, this.ends[i] ?? stop);
      i++;
    }
  }

  /** Removes the first segment and returns its bytes (null when not kept). */
  shift(): Bytes | null {
    this.starts.shift();
    this.ends.shift();
    const bytes = this.bytes.shift() ?? null;
    if (bytes !== null) this.#budget.bytes -= bytes.u8.length;
    return bytes;
  }

  clear(): void {
    while (this.count > 0) this.#pop();
  }

  #pop(): void {
    this.starts.pop();
    this.ends.pop();
    const bytes = this.bytes.pop() ?? null;
    if (bytes !== null) this.#budget.bytes -= bytes.u8.length;
  }

  #firstEndingAfter(start: number): number {
    let low = 0;
    let high = this.ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.ends[middle] ?? 0) <= start) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #put(i: number, start: number, end: number, from: Bytes, at: number, keep: boolean): boolean {
    if (this.count >= mostSegments) return false;
    let copy: Bytes | null = null;
    const length = end - start;
    if (keep && this.#budget.bytes + length > this.#budget.limit) this.#budget.dropped += length;
    else if (keep) {
      copy = new Bytes(from.u8.slice(at, at + length));
      this.#budget.bytes += length;
    }
    this.starts.splice(i, 0, start);
    this.ends.splice(i, 0, end);
    this.bytes.splice(i, 0, copy);
    return true;
  }
}
