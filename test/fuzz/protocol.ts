// What the main thread and its workers agree on.

export interface WorkerTask {
  readonly worker: number;
  readonly workers: number;
  readonly seed: number;
  readonly captures: readonly string[];
  /** Runs begin here, and end below these numbers. */
  readonly first: number;
  readonly packetRuns: number;
  readonly fileRuns: number;
  /** Three shared numbers: a counter of steps, halves of the time that are over, the current run (files: -1 - run). */
  readonly beat: SharedArrayBuffer;
}

export type FromWorker =
  | { readonly type: 'ready'; readonly seeds: number }
  /** `live`: bytes after a garbage collection, now and then. */
  | { readonly type: 'progress'; readonly packets: number; readonly files: number; readonly live?: number }
  | { readonly type: 'failure'; readonly kind: 'packets' | 'file'; readonly run: number; readonly what: string }
  | { readonly type: 'done' };

/** Packets that one engine gets. */
export const packetsEachRun = 2000;
/** Files and packets of one seed have nothing to do with each other. */
export const fileSalt = 0x5f11e;
/** A step (64 packets, one file) may take so much processor time. */
export const slowMicros = 1_000_000;
/** Without a step for so long a worker hangs; the clock is not the processor's, so it is generous. */
export const hangMs = 30_000;
