// Several captures as one stream in time order: usually one capture per router interface, or a rotated series.
import { Bytes } from '../../base/bytes.ts';
import type { PacketBatch } from '../../model/packet-batch.ts';
import type { CaptureSummary, PacketSource } from '../packet-source.ts';
import { BatchBuffer } from './batch-buffer.ts';
import type { SkippedInput } from './input-paths.ts';
import { LaneHeap } from './lane-heap.ts';
import { type MergeInput, MergeLane } from './merge-lane.ts';
import type { PointRegistry } from './point-registry.ts';

const batchPackets = 4096;
const bufferBytes = 1 << 20;

/**
 * A k-way merge. Packets that interleave are copied into one buffer; a batch that comes before all others (rotated
 * files) is handed on as it is. Within one file the order of the file stays.
 */
export class MergedSource implements PacketSource {
  readonly points: PointRegistry['points'];
  readonly skipped: readonly SkippedInput[];
  readonly #lanes: readonly MergeLane[];
  readonly #heap: LaneHeap;
  readonly #out = new BatchBuffer(batchPackets);
  #buffer = new Bytes(new Uint8Array(bufferBytes));
  #used = 0;

  constructor(inputs: readonly MergeInput[], registry: PointRegistry, skipped: readonly SkippedInput[]) {
    this.points = registry.points;
    this.skipped = skipped;
    this.#lanes = inputs.map((input, index) => new MergeLane(input, index));
    this.#heap = new LaneHeap(this.#lanes);
  }

  async next(): Promise<PacketBatch | null> {
    this.#out.reset(this.#buffer);
    this.#used = 0;
    for (let lane = this.#heap.first; lane !== undefined; lane = this.#heap.first) {
      const { batch } = lane;
      if (batch === null || lane.isSpent) {
        if (lane.input.live && this.#out.count > 0) return this.#out;
        await this.#load(lane);
      } else {
        const ready = this.#take(lane, batch);
        if (ready !== null) return ready;
      }
    }
    return this.#out.count > 0 ? this.#out : null;
  }

  /** Takes the first lane's packets that come before the next lane's head; what is ready to be handed on, or null. */
  #take(lane: MergeLane, batch: PacketBatch): PacketBatch | null {
    const out = this.#out;
    const runEnd = lane.runUntil(this.#heap.second);
    if (lane.cursor === 0 && runEnd === batch.count) {
      if (out.count > 0) return out;
      lane.moveTo(runEnd);
      return batch;
    }
    lane.moveTo(this.#copy(batch, lane.cursor, runEnd));
    if (lane.cursor < runEnd) return out;
    if (!lane.isSpent) this.#heap.sink();
    return null;
  }

  async #load(lane: MergeLane): Promise<void> {
    let openFiles = 0;
    for (const other of this.#lanes) if (other.isOpen) openFiles++;
    if (await lane.load(openFiles)) this.#heap.sink();
    else this.#heap.removeFirst();
  }

  /** Copies packets `[from, to)` while there is room; returns the index of the first that was not copied. */
  #copy(batch: PacketBatch, from: number, to: number): number {
    let at = from;
    while (at < to) {
      const next = this.#copySpan(batch, at, to);
      if (next > at) at = next;
      else if (this.#out.count > 0) break;
      else this.#grow(batch.captured[at] ?? 0);
    }
    return at;
  }

  /** Neighbours in a read buffer are copied together with the headers between them: one move of memory. */
  #copySpan(batch: PacketBatch, from: number, to: number): number {
    const out = this.#out;
    const { starts, captured } = batch;
    const spanStart = starts[from] ?? 0;
    const room = this.#buffer.u8.length - this.#used;
    const last = Math.min(to, from + out.capacity - out.count);
    let spanEnd = spanStart;
    let i = from;
    for (; i < last; i++) {
      const packetEnd = (starts[i] ?? 0) + (captured[i] ?? 0);
      if (packetEnd - spanStart > room) break;
      spanEnd = packetEnd;
    }
    if (i === from) return from;
    const moved = this.#used - spanStart;
    this.#buffer.u8.set(batch.bytes.u8.subarray(spanStart, spanEnd), this.#used);
    this.#used += spanEnd - spanStart;
    for (let k = from; k < i; k++) {
      const { times, wire, points, numbers } = batch;
      out.add(times[k] ?? 0, (starts[k] ?? 0) + moved, captured[k] ?? 0, wire[k] ?? 0, points[k] ?? 0, numbers[k] ?? 0);
    }
    return i;
  }

  #grow(packetBytes: number): void {
    this.#buffer = new Bytes(new Uint8Array(packetBytes + bufferBytes));
    this.#out.reset(this.#buffer);
    this.#used = 0;
  }

  summaries(): readonly CaptureSummary[] {
    return this.#lanes.flatMap((lane) => lane.summary() ?? []);
  }

  async close(): Promise<void> {
    for (const lane of this.#lanes) await lane.close();
  }
}
