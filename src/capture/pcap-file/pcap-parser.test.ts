import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinBytes, type PcapShape, pcapFile, pcapHeader, pcapRecord, testPackets } from '../../../test/build/pcap.ts';
import { readBytes } from '../../../test/build/read-capture.ts';

const packets = testPackets(40);
const bytesOf = (list: readonly { bytes: Uint8Array }[]): Uint8Array[] => list.map(({ bytes }) => bytes);
const whole = pcapFile(packets);

describe('classic pcap', () => {
  const shapes: readonly [name: string, shape: PcapShape][] = [
    ['little-endian microseconds', {}],
    ['big-endian microseconds', { bigEndian: true }],
    ['little-endian nanoseconds', { nanoseconds: true }],
    ['big-endian nanoseconds', { nanoseconds: true, bigEndian: true }],
    ['modified record headers', { modified: true }],
    ['modified record headers, big-endian', { modified: true, bigEndian: true }],
    ['version 2.2 with the wire length first', { version: [2, 2], wireFirst: true }],
    ['version 543.0 of Digital Unix', { version: [543, 0], wireFirst: true }],
  ];
  it.each(shapes)('is read in the variant %s, nanoseconds truncated', async (_, shape) => {
    const { packets: read, summary } = await readBytes(pcapFile(packets, shape));
    expect(read.map(({ time, bytes, wire, number }) => ({ time, bytes, wire, number }))).toEqual(
      packets.map(({ time, bytes }, i) => ({ time, bytes, wire: bytes.length, number: i + 1 })),
    );
    expect(summary).toMatchObject({ format: 'pcap', compression: 'none', packets: 40, truncatedPackets: 0, damages: [] });
  });

  it('takes the smaller length as the captured one in version 2.3, whichever comes first', async () => {
    const cut = { time: 1e15, bytes: new Uint8Array(68).fill(7), wire: 1500 };
    const shape: PcapShape = { version: [2, 3] };
    const { packets: read } = await readBytes(
      joinBytes(pcapHeader(shape), pcapRecord(cut, shape), pcapRecord(cut, { ...shape, wireFirst: true })),
    );
    expect(read.map(({ bytes, wire }) => [bytes.length, wire])).toEqual([
      [68, 1500],
      [68, 1500],
    ]);
  });

  it('counts packets that the snap length cut, and cuts those that exceed it as libpcap does', async () => {
    const long = { time: 1e15, bytes: new Uint8Array(200).fill(1) };
    const cut = { time: 1e15, bytes: new Uint8Array(96).fill(2), wire: 1500 };
    const { packets: read, summary, points } = await readBytes(pcapFile([cut, long, cut], { snapLength: 96 }));
    expect(read.map(({ bytes, wire }) => [bytes.length, wire])).toEqual([
      [96, 1500],
      [96, 200],
      [96, 1500],
    ]);
    expect(summary.truncatedPackets).toBe(3);
    expect(points).toEqual([{ linkType: 1, source: 'test', interfaceName: '', snapLength: 96 }]);
  });

  it('drops the upper bits of the link type, which say how long a frame check sequence is', async () => {
    const { points } = await readBytes(pcapFile(packets, { linkType: 0x24000001 }));
    expect(points[0]?.linkType).toBe(1);
  });

  it.each([12, 14])('names the raw IP number %i of some platforms by its registry number', async (linkType) => {
    const { points } = await readBytes(pcapFile(packets, { linkType }));
    expect(points[0]?.linkType).toBe(101);
  });

  it('delivers packets without bytes', async () => {
    const empty = { time: 1.7e15, bytes: new Uint8Array(0) };
    const { packets: read, summary } = await readBytes(pcapFile([empty, ...packets, empty]));
    expect(read).toHaveLength(42);
    expect(summary.damages).toEqual([]);
  });

  it('keeps the order of the file when times go back, and believes years between packets', async () => {
    const times = [1.7e15, 1.2e15, 1.6e15, 4.0e15, 1];
    const { packets: read, summary } = await readBytes(pcapFile(times.map((time) => ({ time, bytes: new Uint8Array(60) }))));
    expect(read.map(({ time }) => time)).toEqual(times);
    expect(summary.damages).toEqual([]);
  });

  it('reads captures that were joined with cat, even of another byte order and link type', async () => {
    const other = pcapFile(packets.slice(0, 5), { bigEndian: true, nanoseconds: true, linkType: 113 });
    const { packets: read, points, summary } = await readBytes(joinBytes(whole, other, whole));
    expect(read).toHaveLength(85);
    expect(points.map(({ linkType }) => linkType)).toEqual([1, 113]);
    expect(read[42]).toMatchObject({ time: packets[2]?.time, point: 1, number: 43 });
    expect(summary.damages).toEqual([]);
  });

  it('gives the same packets whatever the sizes of chunks, buffers and batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 700 }),
        fc.integer({ min: 32, max: 5000 }),
        fc.integer({ min: 1, max: 50 }),
        async (chunkBytes, bufferBytes, batchPackets) => {
          const { packets: read } = await readBytes(whole, { chunkBytes, bufferBytes, batchPackets });
          expect(bytesOf(read)).toEqual(bytesOf(packets));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('damage in classic pcap', () => {
  it('leaves every whole packet before any truncation, and names the truncation', async () => {
    const few = packets.slice(0, 4);
    const ends = few.map((_, i) => pcapFile(few.slice(0, i + 1)).length);
    const file = pcapFile(few);
    for (let length = 24; length <= file.length; length++) {
      const { packets: read, summary } = await readBytes(file.slice(0, length));
      const expected = ends.filter((end) => end <= length).length;
      expect(bytesOf(read)).toEqual(bytesOf(few.slice(0, expected)));
      const tail = length - (ends[expected - 1] ?? 24);
      expect(summary.damages.map(({ code, offset, skippedBytes }) => [code, offset, skippedBytes])).toEqual(
        tail === 0 ? [] : [['truncated-tail', length - tail, tail]],
      );
    }
  });

  it('finds the next record behind a header that was overwritten', async () => {
    const parts = packets.map((packet) => pcapRecord(packet));
    const at = joinBytes(pcapHeader(), ...parts.slice(0, 10)).length;
    const broken = whole.slice();
    broken.fill(0xff, at, at + 16);
    const { packets: read, summary } = await readBytes(broken);
    expect(bytesOf(read)).toEqual(bytesOf([...packets.slice(0, 10), ...packets.slice(11)]));
    expect(summary.damages).toMatchObject([{ code: 'corrupt-record', offset: at, skippedBytes: parts[10]?.length }]);
  });

  it('passes over zeros, as a crashed machine leaves them in a file', async () => {
    const parts = packets.map((packet) => pcapRecord(packet));
    const file = joinBytes(pcapHeader(), ...parts.slice(0, 20), new Uint8Array(4096), ...parts.slice(20));
    const { packets: read, summary } = await readBytes(file);
    expect(bytesOf(read)).toEqual(bytesOf(packets));
    expect(summary.damages).toMatchObject([{ code: 'corrupt-record', skippedBytes: 4096 }]);
  });

  it('gets back the records that a wrong length swallowed', async () => {
    const parts = packets.map((packet) => pcapRecord(packet));
    const at = joinBytes(pcapHeader(), ...parts.slice(0, 10)).length;
    const broken = whole.slice();
    const view = new DataView(broken.buffer);
    view.setUint32(at + 8, 300, true);
    view.setUint32(at + 12, 300, true);
    const { packets: read, summary } = await readBytes(broken, { bufferBytes: 1 << 16 });
    expect(bytesOf(read)).toEqual(bytesOf(packets));
    expect(summary.damages).toMatchObject([{ code: 'corrupt-record', offset: at + 16, skippedBytes: 0 }]);
  });

  it('finds the packets behind a record whose length leads past the end of the file', async () => {
    const parts = packets.map((packet) => pcapRecord(packet));
    const at = joinBytes(pcapHeader(), ...parts.slice(0, 38)).length;
    const broken = whole.slice();
    new DataView(broken.buffer).setUint32(at + 8, 200_000, true);
    const { packets: read, summary } = await readBytes(broken);
    expect(bytesOf(read)).toEqual(bytesOf([...packets.slice(0, 38), ...packets.slice(39)]));
    expect(summary.damages).toMatchObject([{ code: 'corrupt-record', offset: at }]);
  });

  it('finds the next record after bytes were lost or came in between', async () => {
    const at = pcapFile(packets.slice(0, 15)).length + 40;
    const lost = joinBytes(whole.slice(0, at), whole.slice(at + 10));
    const added = joinBytes(whole.slice(0, at), new Uint8Array(33).fill(9), whole.slice(at));
    for (const broken of [lost, added]) {
      const { packets: read } = await readBytes(broken, { bufferBytes: 1 << 16 });
      expect(bytesOf(read.slice(0, 15))).toEqual(bytesOf(packets.slice(0, 15)));
      expect(bytesOf(read.slice(16))).toEqual(bytesOf(packets.slice(16)));
    }
  });

  it('lists a bounded number of damages and sums up the rest', async () => {
    const parts = packets.slice(0, 3).map((packet) => pcapRecord(packet));
    const piece = joinBytes(...parts, new Uint8Array(64).fill(0xee));
    const { summary } = await readBytes(joinBytes(pcapHeader(), ...Array.from({ length: 300 }, () => piece)));
    expect(summary.damages).toHaveLength(201);
    expect(summary.damages.at(-1)).toMatchObject({ code: 'more-damage', message: expect.stringContaining('100 more') });
    expect(summary.packets).toBe(900);
  });

  it('never throws, never stops early and keeps the packets before the damage, whatever is overwritten', async () => {
    const damage = fc.record({ at: fc.nat(whole.length - 1), bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(damage, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 64, max: 8192 }),
        async (damages, bufferBytes) => {
          const broken = whole.slice();
          for (const { at, bytes } of damages) broken.set(bytes.subarray(0, whole.length - at), at);
          broken.set(whole.subarray(0, 24));
          const first = Math.min(...damages.map(({ at }) => at));
          const intact = packets.filter((_, i) => pcapFile(packets.slice(0, i + 1)).length <= first).length;
          const { packets: read } = await readBytes(broken, { bufferBytes });
          // A wrong length may cut the packet in front of it, which is the last intact one, never the ones before.
          expect(bytesOf(read.slice(0, Math.max(0, intact - 1)))).toEqual(bytesOf(packets.slice(0, Math.max(0, intact - 1))));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('never throws and always ends on bytes that only start like a capture', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), async (noise) => {
        const { summary } = await readBytes(joinBytes(pcapHeader(), noise), { bufferBytes: 64 });
        expect(summary.packets).toBeLessThan(40);
      }),
      { numRuns: 300 },
    );
  });
});
