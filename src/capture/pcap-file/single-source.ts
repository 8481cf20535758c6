// One capture as a packet source: the fast path, nothing between the reader and the engine.
import type { PacketBatch } from '../../model/packet-batch.ts';
import type { CaptureSummary, PacketSource } from '../packet-source.ts';
import type { CaptureFile } from './capture-file.ts';
import type { SkippedInput } from './input-paths.ts';
import type { PointRegistry } from './point-registry.ts';

/** Hands on the batches of one capture. */
export class SingleSource implements PacketSource {
  readonly points: PointRegistry['points'];
  readonly skipped: readonly SkippedInput[];
  readonly #file: CaptureFile;

  constructor(file: CaptureFile, registry: PointRegistry, skipped: readonly SkippedInput[]) {
    this.#file = file;
    this.points = registry.points;
    this.skipped = skipped;
  }

  next(): Promise<PacketBatch | null> {
    return this.#file.next();
  }

  summaries(): readonly CaptureSummary[] {
    return [this.#file.summary()];
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
