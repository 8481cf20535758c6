// Packets until somebody has had enough of them.
import type { PacketSource } from '../capture/packet-source.ts';
import type { PacketBatch } from '../model/packet-batch.ts';

/**
 * Batches until the end or the interruption, whichever is first: what waits for more packets (a pipe that is silent) must not
 * wait longer than the person who interrupts it. One listener for all batches, so that a long run gathers none.
 */
export function untilInterrupted(source: PacketSource, signal: AbortSignal | undefined): () => Promise<PacketBatch | null> {
  let stop = (): void => {};
  signal?.addEventListener('abort', () => stop(), { once: true });
  return () =>
    new Promise((resolve, reject) => {
      stop = () => resolve(null);
      if (signal?.aborted) stop();
      else source.next().then(resolve, reject);
    });
}
