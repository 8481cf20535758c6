import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinBytes, testPackets } from '../../../test/build/pcap.ts';
import { TestBlocks, textOption } from '../../../test/build/pcapng.ts';
import { readBytes } from '../../../test/build/read-capture.ts';

const packets = testPackets(30);
const little = new TestBlocks();
const big = new TestBlocks({ bigEndian: true });
const bytesOf = (list: readonly { bytes: Uint8Array }[]): Uint8Array[] => list.map(({ bytes }) => bytes);
const whole = little.file(packets);

describe('pcapng', () => {
  it.each([
    ['little-endian', little],
    ['big-endian', big],
  ])('is read in %s', async (_, blocks) => {
    const { packets: read, summary } = await readBytes(blocks.file(packets));
    expect(read).toEqual(packets.map(({ time, bytes }, i) => ({ time, bytes, wire: bytes.length, point: 0, number: i + 1 })));
    expect(summary).toMatchObject({ format: 'pcapng', packets: 30, truncatedPackets: 0, damages: [] });
    expect(summary).not.toHaveProperty('reportedDrops');
  });

  it('keeps sections of both byte orders and their interfaces apart', async () => {
    const second = joinBytes(big.section(), big.interface({ linkType: 113 }), ...packets.map((packet) => big.packet(packet)));
    const { packets: read, points } = await readBytes(joinBytes(whole, second, whole));
    expect(read).toHaveLength(90);
    expect(points.map(({ linkType }) => linkType)).toEqual([1, 113]);
    expect(read.map(({ point }) => point)).toEqual([...Array(30).fill(0), ...Array(30).fill(1), ...Array(30).fill(0)]);
  });

  it('gives each interface its link type, name, snap length and clock', async () => {
    const [one, two, three] = [
      { time: 0, bytes: new Uint8Array(60) },
      { time: 0, bytes: new Uint8Array(61) },
      { time: 0, bytes: new Uint8Array(62) },
    ];
    const file = joinBytes(
      little.section([textOption(1, 'a section')]),
      little.interface({ snapLength: 128, options: [textOption(2, 'qr-1234'), [9, Uint8Array.of(9)], textOption(1, 'inside')] }),
      little.interface({ linkType: 276, options: [textOption(2, 'any'), [9, Uint8Array.of(0x80 | 10)], [14, little.u64(1_600_000_000n)]] }),
      little.interface({ linkType: 12 }),
      little.packet(one, { ticks: 1_700_000_000_123_456_789n }),
      little.packet(two, { ticks: 512n, interfaceIndex: 1 }),
      little.packet(three, { ticks: 7n, interfaceIndex: 2 }),
    );
    const { packets: read, points, summary } = await readBytes(file);
    expect(summary.comments).toBe(2);
    expect(points).toEqual([
      { linkType: 1, source: 'test', interfaceName: 'qr-1234', snapLength: 128 },
      { linkType: 276, source: 'test', interfaceName: 'any', snapLength: 0 },
      { linkType: 101, source: 'test', interfaceName: '', snapLength: 0 },
    ]);
    expect(read.map(({ time, point }) => [time, point])).toEqual([
      [1_700_000_000_123_456, 0],
      [1_600_000_000_500_000, 1],
      [7, 2],
    ]);
  });

  it('reads simple packets: cut by the snap length, at the time of the packet before', async () => {
    const file = joinBytes(
      little.section(),
      little.interface({ snapLength: 64 }),
      little.simplePacket(new Uint8Array(60).fill(1)),
      little.packet({ time: 1.7e15, bytes: new Uint8Array(60) }),
      little.simplePacket(new Uint8Array(64).fill(2), 1500),
    );
    const { packets: read, summary } = await readBytes(file);
    expect(read.map(({ time, bytes, wire }) => [time, bytes.length, wire])).toEqual([
      [0, 60, 60],
      [1.7e15, 60, 60],
      [1.7e15, 64, 1500],
    ]);
    expect(summary.truncatedPackets).toBe(1);
  });

  it('reads the obsolete packet block with its drops', async () => {
    const blocks = packets.map((packet, i) => big.obsoletePacket(packet, i === 3 ? 5 : i === 4 ? 0xffff : 0));
    const { packets: read, summary } = await readBytes(joinBytes(big.section(), big.interface(), ...blocks));
    expect(bytesOf(read)).toEqual(bytesOf(packets));
    expect(summary.reportedDrops).toBe(5);
  });

  it('reports what the capturing program lost, the last statistics of each interface counting', async () => {
    const file = joinBytes(
      whole,
      little.interface(),
      little.statistics(0, [[5, little.u64(3n)]]),
      little.statistics(0, [
        [4, little.u64(1000n)],
        [5, little.u64(7n)],
        [7, little.u64(2n)],
      ]),
      little.statistics(1, [[5, little.u64(100n)]]),
      little.section(),
      little.interface(),
      little.statistics(0, [[5, little.u64(0n)]]),
    );
    expect((await readBytes(file)).summary.reportedDrops).toBe(109);
  });

  it('passes over names, secrets, journals, custom and unknown blocks', async () => {
    const others = [4, 9, 10, 0xbad, 0x40000bad, 0x0b16b00b].map((type) => little.block(type, new Uint8Array(50).fill(0x41)));
    const file = joinBytes(
      little.section(),
      little.interface(),
      ...packets.map((packet, i) => joinBytes(others[i % 6] ?? new Uint8Array(0), little.packet(packet))),
    );
    const { packets: read, summary } = await readBytes(file);
    expect(bytesOf(read)).toEqual(bytesOf(packets));
    expect(summary.damages).toEqual([]);
  });

  it('reads packets with comments and other options', async () => {
    const options = [textOption(1, 'seen by the operator'), [2, little.u32(1)] as const];
    const file = joinBytes(little.section(), little.interface(), ...packets.map((packet) => little.packet(packet, { options })));
    const { packets: read, summary } = await readBytes(file);
    expect(bytesOf(read)).toEqual(bytesOf(packets));
    expect(summary.comments).toBe(30);
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

describe('damage in pcapng', () => {
  it('leaves every whole packet before any truncation, and names the truncation', async () => {
    const few = packets.slice(0, 3);
    const file = little.file(few);
    const ends = few.map((_, i) => little.file(few.slice(0, i + 1)).length);
    for (let length = 28 + 20; length <= file.length; length++) {
      const { packets: read, summary } = await readBytes(file.slice(0, length));
      const expected = ends.filter((end) => end <= length).length;
      expect(bytesOf(read)).toEqual(bytesOf(few.slice(0, expected)));
      const tail = length - (ends[expected - 1] ?? 48);
      expect(summary.damages.map(({ code, offset, skippedBytes }) => [code, offset, skippedBytes])).toEqual(
        tail === 0 ? [] : [['truncated-tail', length - tail, tail]],
      );
    }
  });

  it('finds the next block behind one that was overwritten, and counts what was skipped', async () => {
    const at = little.file(packets.slice(0, 10)).length;
    const size = little.file(packets.slice(0, 11)).length - at;
    const broken = whole.slice();
    broken.fill(0xff, at, at + 12);
    const { packets: read, summary } = await readBytes(broken);
    expect(bytesOf(read)).toEqual(bytesOf([...packets.slice(0, 10), ...packets.slice(11)]));
    expect(summary.damages).toMatchObject([{ code: 'corrupt-block', offset: at, skippedBytes: size }]);
  });

  it('believes the length at the start of a block when only the one at its end is wrong', async () => {
    const end = little.file(packets.slice(0, 10)).length;
    const broken = whole.slice();
    broken[end - 4] = 0xff;
    const { packets: read, summary } = await readBytes(broken);
    expect(bytesOf(read)).toEqual(bytesOf(packets));
    expect(summary.damages).toMatchObject([{ code: 'corrupt-block', offset: end - 4, skippedBytes: 0 }]);
  });

  it('loses only the block whose length is absurd, and allocates nothing for it', async () => {
    const at = little.file(packets.slice(0, 10)).length;
    const broken = whole.slice();
    new DataView(broken.buffer).setUint32(at + 4, 0x7ffffff0, true);
    const { packets: read } = await readBytes(broken);
    expect(bytesOf(read)).toEqual(bytesOf([...packets.slice(0, 10), ...packets.slice(11)]));
  });

  it('counts packets of interfaces that are not described, and packets longer than their block', async () => {
    const [one] = packets;
    if (one === undefined) throw new Error('no packet');
    const tooLong = little.packet(one);
    new DataView(tooLong.buffer).setUint32(20, 5000, true);
    const file = joinBytes(whole, little.packet(one, { interfaceIndex: 9 }), tooLong, little.packet(one));
    const { packets: read, summary } = await readBytes(file);
    expect(read).toHaveLength(31);
    expect(summary.damages.map(({ code, message }) => [code, message])).toEqual([
      ['corrupt-block', 'a packet of an interface that is not described'],
      ['corrupt-block', 'a packet longer than its block'],
    ]);
  });

  it('never throws, and keeps the packets before the damage, whatever is overwritten', async () => {
    const damage = fc.record({ at: fc.nat(whole.length - 1), bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }) });
    const ends = packets.map((_, i) => little.file(packets.slice(0, i + 1)).length);
    await fc.assert(
      fc.asyncProperty(
        fc.array(damage, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 64, max: 8192 }),
        async (damages, bufferBytes) => {
          const broken = whole.slice();
          for (const { at, bytes } of damages) broken.set(bytes.subarray(0, whole.length - at), at);
          broken.set(whole.subarray(0, 48));
          const first = Math.min(...damages.map(({ at }) => at));
          const intact = ends.filter((end) => end <= first).length;
          const { packets: read } = await readBytes(broken, { bufferBytes });
          expect(bytesOf(read.slice(0, intact))).toEqual(bytesOf(packets.slice(0, intact)));
        },
      ),
      { numRuns: 300 },
    );
  });
});
