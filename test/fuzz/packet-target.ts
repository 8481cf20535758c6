// Packets through everything that a capture goes through behind the reader: engine, detectors, log lines.
import { Bytes } from '../../src/base/bytes.ts';
import { BatchBuffer } from '../../src/capture/pcap-file/batch-buffer.ts';
import { Detection } from '../../src/detect/detection.ts';
import { detectors } from '../../src/detect/detectors/index.ts';
import { Engine } from '../../src/engine/engine.ts';
import { findingJson } from '../../src/model/finding.ts';
import type { CapturePoint } from '../../src/model/packet-batch.ts';
import { type RecordName, type RecordSink, recordTypes } from '../../src/model/records/index.ts';
import { nodePlatform } from '../../src/platform/node-platform.ts';
import { RowBytes } from '../../src/store/zeek-log/row-bytes.ts';
import { jsonPrinter, type RowPrinter, tsvPrinter } from '../../src/store/zeek-log/zeek-format.ts';
import type { RunPacket } from './mutate-packets.ts';

const batchPackets = 64;
const roomBytes = 1 << 23;

const printers = new Map<RecordName, readonly RowPrinter[]>();
for (const [name, type] of Object.entries(recordTypes)) printers.set(name as RecordName, [tsvPrinter(type), jsonPrinter(type)]);

/** Prints every row in both formats, and throws the text away. */
function printingSink(detection: Detection): RecordSink {
  const out = new RowBytes();
  return {
    emit(name, row) {
      out.clear();
      for (const print of printers.get(name) ?? []) print(row, out);
      detection.emit(name, row);
    },
  };
}

/** Told before each step, with the packets that went in so far. */
export type Step = (done: number) => void;

const room = new Uint8Array(roomBytes);

/** @throws what the code under test throws; analyzers' own failures, which the engine survives, count too */
export function runPackets(packets: readonly RunPacket[], onStep: Step): void {
  const detection = new Detection({ detectors });
  const engine = new Engine({ maxConnections: 5000, maxHeldBytes: 1 << 22 }, nodePlatform, printingSink(detection));
  const points: CapturePoint[] = [];
  const pointOf = new Map<number, number>();
  const batch = new BatchBuffer(batchPackets);
  for (let done = 0; done < packets.length; ) {
    onStep(done);
    batch.reset(new Bytes(room));
    let used = 0;
    for (let packet = packets[done]; packet !== undefined && batch.count < batchPackets; packet = packets[++done]) {
      let point = pointOf.get(packet.linkType);
      if (point === undefined) {
        point = points.push({ linkType: packet.linkType, source: 'fuzz', interfaceName: '', snapLength: 0 }) - 1;
        pointOf.set(packet.linkType, point);
      }
      room.set(packet.bytes, used);
      batch.add(packet.time, used, packet.bytes.length, packet.wire, point, done + 1);
      used += packet.bytes.length;
    }
    engine.onBatch(batch, points);
  }
  onStep(packets.length);
  engine.finish();
  detection.finish();
  for (const finding of detection.findings()) findingJson(finding);
  onStep(packets.length);
  const [failure] = engine.failures;
  if (failure !== undefined) throw new Error(`analyzer ${failure.analyzer} threw`, { cause: failure.error });
}
