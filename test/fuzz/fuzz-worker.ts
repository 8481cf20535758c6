// One worker: runs what is assigned to it by number, so that any run can be made again from the seed and its number.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { fileSeeds } from './file-seeds.ts';
import { mutatedFile, runFile } from './file-target.ts';
import { mutatedPackets } from './mutate-packets.ts';
import { runPackets } from './packet-target.ts';
import type { FromWorker, WorkerTask } from './protocol.ts';
import { fileSalt, packetsEachRun, slowMicros } from './protocol.ts';
import { Random } from './random.ts';
import { readSeeds } from './seeds.ts';

const task = workerData as WorkerTask;
const beat = new Int32Array(task.beat);
const say = (message: FromWorker): void => parentPort?.postMessage(message);

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const micros = (): number => process.threadCpuUsage().user;
let stepAt = 0;

/** Called between the steps of a run; a step that took long is a failure, as is one that never ends (the main thread sees that). */
function step(kind: 'packets' | 'file', run: number): void {
  Atomics.add(beat, 0, 1);
  const now = micros();
  if (stepAt > 0 && now - stepAt > slowMicros)
    say({ type: 'failure', kind, run, what: `a step took ${Math.round((now - stepAt) / 1e3)} ms` });
  stepAt = now;
}

const textOf = (error: unknown): string =>
  error instanceof Error
    ? `${error.stack ?? error.message}${error.cause === undefined ? '' : `\ncaused by ${textOf(error.cause)}`}`
    : String(error);

function liveBytes(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const isMine = (run: number): boolean => run % task.workers === task.worker;
/** Half of the time is for packets, the other for files. */
const isOver = (halves: 1 | 2): boolean => Atomics.load(beat, 1) >= halves;

async function work(): Promise<void> {
  const conversations = await readSeeds(task.captures);
  say({ type: 'ready', seeds: conversations.length });
  for (let run = task.first; run < task.packetRuns && !isOver(1); run++) {
    if (!isMine(run)) continue;
    Atomics.store(beat, 2, run);
    const packets = mutatedPackets(conversations, packetsEachRun, new Random(task.seed, run));
    stepAt = 0;
    try {
      runPackets(packets, () => step('packets', run));
    } catch (error) {
      say({ type: 'failure', kind: 'packets', run, what: textOf(error) });
    }
    say({ type: 'progress', packets: packets.length, files: 0, ...(run % 64 === task.worker && { live: liveBytes() }) });
  }
  await workFiles(fileSeeds(conversations));
  say({ type: 'done' });
}

async function workFiles(seeds: ReturnType<typeof fileSeeds>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'vedette-fuzz-'));
  try {
    for (let run = task.first; run < task.fileRuns && !isOver(2); run++) {
      if (!isMine(run)) continue;
      Atomics.store(beat, 2, -1 - run);
      const random = new Random(task.seed ^ fileSalt, run);
      const file = mutatedFile(seeds, random);
      stepAt = 0;
      step('file', run);
      try {
        await runFile(file, directory, random);
        step('file', run);
      } catch (error) {
        say({ type: 'failure', kind: 'file', run, what: textOf(error) });
      }
      if (run % 16 === task.worker)
        say({ type: 'progress', packets: 0, files: 16 / task.workers, ...(run % 4096 === task.worker && { live: liveBytes() }) });
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

await work();
