// Starts the workers, counts what they did, and notices what a worker cannot say itself: that it hangs, died or grows.
import { Worker } from 'node:worker_threads';
import { MemoryWatch } from './memory-watch.ts';
import { type FromWorker, hangMs, type WorkerTask } from './protocol.ts';

export interface FuzzOptions extends Omit<WorkerTask, 'worker' | 'beat'> {
  /** Wall-clock seconds after which nothing new is begun; half of them are for packets. */
  readonly seconds: number;
}

export interface Failure {
  readonly kind: 'packets' | 'file';
  readonly run: number;
  readonly what: string;
}

/** Memory of one worker, in megabytes; a worker that needs more dies, which is a failure. */
const mostMegabytes = 2048;
const lookMs = 500;

export class Supervisor {
  packets = 0;
  files = 0;
  readonly failures: Failure[] = [];
  readonly #options: FuzzOptions;

  constructor(options: FuzzOptions) {
    this.#options = options;
  }

  /** Settles when all workers have ended. */
  async run(): Promise<void> {
    await Promise.all(Array.from({ length: this.#options.workers }, (_, worker) => this.#supervise(worker)));
  }

  #supervise(worker: number): Promise<void> {
    const { seconds, ...task } = this.#options;
    const beat = new SharedArrayBuffer(12);
    const view = new Int32Array(beat);
    const memory = new MemoryWatch();
    const workerData: WorkerTask = { ...task, worker, beat };
    const url = new URL('./fuzz-worker.ts', import.meta.url);
    const thread = new Worker(url, { workerData, resourceLimits: { maxOldGenerationSizeMb: mostMegabytes } });
    const watchdog = this.#watch(thread, view, seconds * 1000);
    thread.on('message', (message: FromWorker) => this.#hear(message, memory, view));
    thread.on('error', (error) => this.#fail(view, `the worker ended: ${error.message}`));
    return new Promise((done) =>
      thread.on('exit', () => {
        clearInterval(watchdog);
        done();
      }),
    );
  }

  /** A worker that takes no step for long hangs: it is ended. */
  #watch(thread: Worker, view: Int32Array, timeMs: number): NodeJS.Timeout {
    const startedAt = Date.now();
    let steps = 0;
    let movedAt = Number.POSITIVE_INFINITY;
    return setInterval(() => {
      Atomics.store(view, 1, Math.floor((2 * (Date.now() - startedAt)) / timeMs));
      const now = Atomics.load(view, 0);
      if (now !== steps) movedAt = Date.now();
      steps = now;
      if (Date.now() - movedAt < hangMs) return;
      this.#fail(view, 'hangs');
      void thread.terminate();
    }, lookMs);
  }

  #hear(message: FromWorker, memory: MemoryWatch, view: Int32Array): void {
    if (message.type === 'failure') this.failures.push(message);
    if (message.type !== 'progress') return;
    this.packets += message.packets;
    this.files += message.files;
    if (message.live === undefined) return;
    const grown = memory.note(message.live, message.files > 0 ? 'files' : 'packets');
    if (grown !== undefined) this.#fail(view, grown);
  }

  #fail(view: Int32Array, what: string): void {
    const run = Atomics.load(view, 2);
    this.failures.push(run < 0 ? { kind: 'file', run: -1 - run, what } : { kind: 'packets', run, what });
  }
}
