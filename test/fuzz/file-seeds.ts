// Files to damage: captures in every format and compression, and logs in both formats, made from the conversations.
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { Bytes } from '../../src/base/bytes.ts';
import { BatchBuffer } from '../../src/capture/pcap-file/batch-buffer.ts';
import { xxHash32 } from '../../src/capture/pcap-file/xxhash32.ts';
import { Engine } from '../../src/engine/engine.ts';
import { type RecordName, type RecordRow, recordTypes } from '../../src/model/records/index.ts';
import { nodePlatform } from '../../src/platform/node-platform.ts';
import { RowBytes } from '../../src/store/zeek-log/row-bytes.ts';
import { jsonPrinter, tsvFooter, tsvHeader, tsvPrinter } from '../../src/store/zeek-log/zeek-format.ts';
import { joinBytes, type PcapShape, pcapFile } from '../build/pcap.ts';
import { TestBlocks, textOption } from '../build/pcapng.ts';
import type { Conversation } from './seeds.ts';

export interface FileSeed {
  readonly kind: 'capture' | 'log';
  /** Of a log: its name, which tells its type. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const packetsEach = 24;
const rowsEach = 12;
const shapes: readonly PcapShape[] = [
  {},
  { bigEndian: true },
  { nanoseconds: true },
  { modified: true },
  { version: [2, 3], wireFirst: true },
];

/** One frame with one compressed block, all literals. https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md */
function lz4(bytes: Uint8Array): Uint8Array {
  const descriptor = Uint8Array.of(0x60, 0x70);
  const extra = bytes.length - 15;
  const lengths = new Uint8Array(Math.floor(extra / 255) + 1).fill(255);
  lengths[lengths.length - 1] = extra % 255;
  const block = joinBytes(Uint8Array.of(0xf0), lengths, bytes);
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, block.length, true);
  const check = (xxHash32(descriptor) >>> 8) & 0xff;
  return joinBytes(Uint8Array.of(0x04, 0x22, 0x4d, 0x18), descriptor, Uint8Array.of(check), size, block, new Uint8Array(4));
}

function captureSeeds(conversation: Conversation): Uint8Array[] {
  const packets = conversation.packets.slice(0, packetsEach);
  const files = shapes.map((shape) => pcapFile(packets, { ...shape, linkType: conversation.linkType }));
  for (const bigEndian of [false, true]) {
    const blocks = new TestBlocks({ bigEndian });
    const head = [blocks.section([textOption(1, 'a comment')]), blocks.interface({ linkType: conversation.linkType })];
    const second = blocks.interface({ linkType: 101, snapLength: 96, options: [textOption(2, 'eth1')] });
    const body = packets.map((packet, i) => (i % 5 === 4 ? blocks.simplePacket(packet.bytes) : blocks.packet(packet)));
    files.push(joinBytes(...head, second, ...body, blocks.statistics(0, [[5, blocks.u64(7n)]])));
  }
  return [...files, gzipSync(files[0] ?? ''), zstdCompressSync(files[1] ?? ''), lz4(files[0] ?? new Uint8Array(16))];
}

/** Rows of the undamaged conversations, by log. */
function rowsOf(conversations: readonly Conversation[]): Map<RecordName, RecordRow<RecordName>[]> {
  const rows = new Map<RecordName, RecordRow<RecordName>[]>();
  const emit = (name: RecordName, row: RecordRow<RecordName>): void => {
    const list = rows.get(name) ?? [];
    if (list.length < rowsEach) list.push(row);
    rows.set(name, list);
  };
  const engine = new Engine({}, nodePlatform, { emit });
  for (const { linkType, packets } of conversations) {
    const batch = new BatchBuffer(1);
    for (const { bytes, time, wire } of packets) {
      batch.reset(new Bytes(bytes));
      batch.add(time, 0, bytes.length, wire, 0, 1);
      engine.onBatch(batch, [{ linkType, source: 'seed', interfaceName: '', snapLength: 0 }]);
    }
  }
  engine.finish();
  return rows;
}

function logSeeds(conversations: readonly Conversation[]): FileSeed[] {
  const opened = new Date(0);
  return [...rowsOf(conversations)].flatMap(([log, rows]) => {
    const type = recordTypes[log];
    const tsv = new RowBytes();
    tsv.text(tsvHeader(type, opened));
    const json = new RowBytes();
    for (const row of rows) {
      tsvPrinter(type)(row, tsv);
      jsonPrinter(type)(row, json);
    }
    tsv.text(tsvFooter(opened));
    const texts = [tsv.bytes, json.bytes];
    return [...texts, gzipSync(tsv.bytes), zstdCompressSync(json.bytes)].map(
      (bytes) => ({ kind: 'log', name: `${log}.log`, bytes }) as const,
    );
  });
}

/** Captures of up to 60 conversations, and logs of all. */
export function fileSeeds(conversations: readonly Conversation[]): FileSeed[] {
  const step = Math.max(1, Math.floor(conversations.length / 60));
  const chosen = conversations.filter((_, i) => i % step === 0);
  const captures = chosen.flatMap(captureSeeds).map((bytes) => ({ kind: 'capture', name: 'capture', bytes }) as const);
  return [...captures, ...logSeeds(chosen)];
}
