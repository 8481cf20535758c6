// Reads the inputs of an analysis to their end, or to the interruption: packets through the engine, and finished records.
import type { PacketSource } from '../capture/packet-source.ts';
import { Engine } from '../engine/engine.ts';
import type { Platform } from '../engine/platform.ts';
import type { RecordSink } from '../model/records/index.ts';
import type { RecordSource } from '../store/record-source.ts';
import type { AnalyzeRequest } from './analyze.ts';
import { untilInterrupted } from './until-interrupted.ts';

/** What is read, and who takes the records. */
export interface Reading {
  readonly request: AnalyzeRequest;
  readonly platform: Platform;
  readonly packets: PacketSource | undefined;
  readonly records: RecordSource | undefined;
  readonly sink: RecordSink;
}

/** How long something is read. */
export interface Patience {
  /** Stops; what was read so far counts. */
  readonly signal?: AbortSignal;
  /** Called now and then with the packets so far. */
  readonly onProgress?: (done: number) => void;
}

/** Gives all packets to the engine. */
export async function readPackets(source: PacketSource, engine: Engine, request: Patience): Promise<void> {
  const next = untilInterrupted(source, request.signal);
  let done = 0;
  for (let batch = await next(); batch !== null; batch = await next()) {
    engine.onBatch(batch, source.points);
    done += batch.count;
    request.onProgress?.(done);
  }
}

/** Gives all rows to the sink. */
export async function readRecords(source: RecordSource, sink: RecordSink, request: Patience): Promise<void> {
  while (!request.signal?.aborted && (await source.pump(sink)));
}

/** @param noteCounters told what the engine counted, also when reading failed */
export async function readInputs(
  { request, platform, packets, records, sink }: Reading,
  noteCounters: (counters: Readonly<Record<string, unknown>>) => void,
): Promise<void> {
  if (packets !== undefined) {
    const { vxlanPorts, genevePorts } = request;
    const ports = { ...(vxlanPorts && { vxlanPorts }), ...(genevePorts && { genevePorts }) };
    const engine = new Engine({ local: request.local, hashes: request.onlyLogs !== true, ...ports }, platform, sink);
    try {
      await readPackets(packets, engine, request);
      engine.finish();
    } finally {
      noteCounters({ ...engine.counters, weirds: Object.fromEntries(engine.counters.weirds) });
    }
  }
  if (records !== undefined) await readRecords(records, sink, request);
}
