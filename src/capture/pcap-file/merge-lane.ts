// One file among several that are merged by time. It is opened when its turn comes and let go at its end.
import type { PacketBatch } from '../../model/packet-batch.ts';
import type { CaptureSummary } from '../packet-source.ts';
import type { CaptureFile } from './capture-file.ts';

/** What a merge knows of an input before it reads it. */
export interface MergeInput {
  readonly source: string;
  /** Time of its first packet in microseconds since the epoch; -Infinity when it must be opened at once. */
  readonly firstTime: number;
  /** Packets come when they come: nothing may be held back while this input is waited for. */
  readonly live: boolean;
  /** What a first look at it found; says what it was when it cannot be opened later. */
  readonly peeked: CaptureSummary;
  /** @param openFiles files that are open already, so that many open files get smaller buffers. */
  open(openFiles: number): Promise<CaptureFile>;
}

/** A cursor over one input's packets. */
export class MergeLane {
  /** Time of the packet at the cursor. */
  time: number;
  cursor = 0;
  batch: PacketBatch | null = null;
  readonly input: MergeInput;
  /** Place among the inputs; decides between equal times. */
  readonly index: number;
  #file: CaptureFile | null = null;
  #summary: CaptureSummary | null = null;

  constructor(input: MergeInput, index: number) {
    this.input = input;
    this.index = index;
    this.time = input.firstTime;
  }

  /** No packet is at the cursor: `load` comes next. */
  get isSpent(): boolean {
    return this.batch === null || this.cursor >= this.batch.count;
  }

  get isOpen(): boolean {
    return this.#file !== null;
  }

  /** Fetches the next batch, opening the file when it is not open; false at its end. */
  async load(openFiles: number): Promise<boolean> {
    if (this.#file === null && !(await this.#open(openFiles))) return false;
    this.batch = (await this.#file?.next()) ?? null;
    this.cursor = 0;
    if (this.batch !== null) {
      this.time = this.batch.times[0] ?? 0;
      return true;
    }
    await this.close();
    return false;
  }

  /** A file that was there at the first look may be gone when its turn comes (a ring of captures goes on being written). */
  async #open(openFiles: number): Promise<boolean> {
    try {
      this.#file = await this.input.open(openFiles);
      return true;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const damage = { source: this.input.source, code: 'read-error', offset: 0, skippedBytes: 0, message };
      this.#summary = { ...this.input.peeked, bytes: 0, packets: 0, truncatedPackets: 0, damages: [damage] };
      return false;
    }
  }

  /** Index behind the last packet from the cursor on that comes before another lane's head. */
  runUntil(other: MergeLane | undefined): number {
    const { batch } = this;
    if (batch === null) return this.cursor;
    if (other === undefined) return batch.count;
    const { times, count } = batch;
    const limit = other.time;
    const wins = this.index < other.index;
    let i = this.cursor;
    for (; i < count; i++) {
      const time = times[i] ?? 0;
      if (time > limit || (time === limit && !wins)) break;
    }
    return i;
  }

  /** Puts the cursor on another packet of the batch. */
  moveTo(index: number): void {
    this.cursor = index;
    if (this.batch !== null && index < this.batch.count) this.time = this.batch.times[index] ?? this.time;
  }

  /** Undefined while the file was not opened. */
  summary(): CaptureSummary | undefined {
    return this.#summary ?? this.#file?.summary();
  }

  async close(): Promise<void> {
    if (this.#file === null) return;
    await this.#file.close();
    this.#summary = this.#file.summary();
    this.#file = null;
    this.batch = null;
  }
}
