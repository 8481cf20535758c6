// A capture read to its end, packets copied out, for tests to look at.
import { Readable } from 'node:stream';
import type { CaptureSummary, PacketSource } from '../../src/capture/packet-source.ts';
import type { CaptureFileSizes } from '../../src/capture/pcap-file/capture-file.ts';
import { CaptureFile } from '../../src/capture/pcap-file/capture-file.ts';
import { decompressed } from '../../src/capture/pcap-file/decompress.ts';
import { PointRegistry } from '../../src/capture/pcap-file/point-registry.ts';
import { StreamReader } from '../../src/capture/pcap-file/stream-reader.ts';
import type { CapturePoint, PacketBatch } from '../../src/model/packet-batch.ts';

/** A packet as a test compares it. */
export interface ReadPacket {
  readonly time: number;
  readonly bytes: Uint8Array;
  readonly wire: number;
  readonly point: number;
  readonly number: number;
}

/** Copies the packets of a batch. */
export function packetsOf(batch: PacketBatch): ReadPacket[] {
  return Array.from({ length: batch.count }, (_, i) => {
    const start = batch.starts[i] ?? 0;
    return {
      time: batch.times[i] ?? 0,
      bytes: batch.bytes.u8.slice(start, start + (batch.captured[i] ?? 0)),
      wire: batch.wire[i] ?? 0,
      point: batch.points[i] ?? 0,
      number: batch.numbers[i] ?? 0,
    };
  });
}

/** What a capture held. */
export interface ReadCapture {
  readonly packets: ReadPacket[];
  readonly points: readonly CapturePoint[];
  readonly summaries: readonly CaptureSummary[];
}

/** Reads a source to its end and closes it. */
export async function readAll(source: PacketSource): Promise<ReadCapture> {
  const packets: ReadPacket[] = [];
  for (let batch = await source.next(); batch !== null; batch = await source.next()) packets.push(...packetsOf(batch));
  await source.close();
  return { packets, points: source.points, summaries: source.summaries() };
}

/** Reads a capture from bytes in memory, in chunks of any size, with buffers of any size. */
export async function readBytes(
  bytes: Uint8Array,
  shape: Partial<CaptureFileSizes> & { readonly chunkBytes?: number } = {},
): Promise<ReadCapture & { summary: CaptureSummary }> {
  const { chunkBytes = 1 << 16, batchPackets = 64, bufferBytes = 4096 } = shape;
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, i) => bytes.slice(i * chunkBytes, (i + 1) * chunkBytes));
  const registry = new PointRegistry();
  const reader = await decompressed(new StreamReader(Readable.from(chunks, { objectMode: true }), { digest: false }));
  const file = await CaptureFile.open('test', reader, registry, { batchPackets, bufferBytes });
  const packets: ReadPacket[] = [];
  for (let batch = await file.next(); batch !== null; batch = await file.next()) packets.push(...packetsOf(batch));
  const summary = file.summary();
  return { packets, points: registry.points, summaries: [summary], summary };
}
