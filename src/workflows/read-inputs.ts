// Reads what a job was given, to its end or to the interruption.
import type { PacketSource } from '../capture/packet-source.ts';
import type { Engine } from '../engine/engine.ts';
import type { PacketBatch } from '../model/packet-batch.ts';
import type { RecordSink } from '../model/records/index.ts';
import type { RecordSource } from '../store/record-source.ts';

/** How a job reads. */
interface Reading {
  /** Stops; what was read so far counts. */
  readonly signal?: AbortSignal;
  /** Called now and then with the packets so far. */
  readonly onProgress?: (done: number) => void;
}

/**
 * Batches until the end or the interruption, whichever is first: what waits for more packets (a pipe that is silent) must not
 * wait longer than the person who interrupts it. One listener for all batches, so that a long run gathers none.
 */
function interruptible(source: PacketSource, signal: AbortSignal | undefined): () => Promise<PacketBatch | null> {
  let stop = (): void => {};
  signal?.addEventListener('abort', () => stop(), { once: true });
  return () =>
    new Promise((resolve, reject) => {
      stop = () => resolve(null);
      if (signal?.aborted) stop();
      else source.next().then(resolve, reject);
    });
}

/** Gives all packets to the engine. */
export async function readPackets(source: PacketSource, engine: Engine, request: Reading): Promise<void> {
  const next = interruptible(source, request.signal);
  let done = 0;
  for (let batch = await next(); batch !== null; batch = await next()) {
    engine.onBatch(batch, source.points);
    done += batch.count;
    request.onProgress?.(done);
  }
}

/** Gives all rows to the sink. */
export async function readRecords(source: RecordSource, sink: RecordSink, request: Reading): Promise<void> {
  while (!request.signal?.aborted && (await source.pump(sink)));
}
