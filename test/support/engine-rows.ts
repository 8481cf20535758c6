// Packets through an engine alone: every row that came out, as a test compares it.
import { openCapture } from '../../src/capture/pcap-file/open-capture.ts';
import { Engine } from '../../src/engine/engine.ts';
import type { CapturePoint } from '../../src/model/packet-batch.ts';
import type { RecordName } from '../../src/model/records/index.ts';
import { nodePlatform } from '../../src/platform/node-platform.ts';
import { batchOf, type Taken } from '../build/frames.ts';
import { readAll } from '../build/read-capture.ts';

/** One row of one log; times in microseconds. */
export interface EngineRow {
  readonly log: RecordName;
  readonly row: Readonly<Record<string, unknown>>;
}

/** Packets of a capture, and where they were taken. */
export interface Packets {
  readonly frames: readonly Required<Taken>[];
  readonly points: readonly CapturePoint[];
}

/** Reads captures (paths, directories) in the order of time. */
export async function readPackets(paths: readonly string[]): Promise<Packets> {
  const { packets, points } = await readAll(await openCapture(paths, { digest: false }));
  return { frames: packets.map(({ bytes, time, wire, point }) => ({ frame: bytes, at: time, wire, point })), points };
}

/** Runs packets through an engine with default options. @throws what an analyzer threw: the engine survives it, a test should not */
export function engineRows({ frames, points }: Packets, packetsPerBatch = 1024): EngineRow[] {
  const rows: EngineRow[] = [];
  const engine = new Engine({}, nodePlatform, { emit: (log, row) => void rows.push({ log, row }) });
  for (let first = 0; first < frames.length; first += packetsPerBatch) {
    engine.onBatch(batchOf(frames.slice(first, first + packetsPerBatch)), points);
  }
  engine.finish();
  const [failure] = engine.failures;
  if (failure !== undefined) throw new Error(`${failure.analyzer} threw`, { cause: failure.error });
  return rows;
}
