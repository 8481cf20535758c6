import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinBytes, pcapFile } from '../../../test/build/pcap.ts';
import { readBytes } from '../../../test/build/read-capture.ts';
import { decodeLz4Block } from './lz4-block.ts';
import { XxHash32, xxHash32 } from './xxhash32.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const packets = Array.from({ length: 4 }, (_, i) => ({ time: 1.7e15 + i * 1000, bytes: new Uint8Array(60).fill(i + 1) }));
/** The capture of `packets` through `lz4 -9 -BX --content-size`. */
const frame = hex(
  '04224d187c4048010000000000003f4d00000086d4c3b2a102000400010030040001070030f153650700133c04001f01010028004c0026' +
    'e8034c001f02010028004c0026d0074c001f03010028004c0026b80b4c001f0401002350040404040468807d05000000008e24606d',
);
/** The same through `lz4 -l`. */
const legacy = hex(
  '02214c185700000086d4c3b2a1020004000100300400010d0030f153650700133c04001f010100286200f15365e80348000050001f0201' +
    '0028004c0022d0074800004c001f03010028004c0022b80b4800004c001f04010023500404040404',
);

describe('LZ4 around a capture', () => {
  it.each([
    ['a frame with block and content checksums', frame],
    ['a legacy frame', legacy],
  ])('is taken off: %s', async (_, file) => {
    const { packets: read, summary } = await readBytes(file, { chunkBytes: 7 });
    expect(summary).toMatchObject({ compression: 'lz4', packets: 4, damages: [] });
    expect(read.map(({ bytes }) => bytes)).toEqual(packets.map(({ bytes }) => bytes));
  });

  it('may be several frames, with one between them that is to be skipped', async () => {
    const skippable = hex('5a2a4d1805000000aabbccddee');
    const { summary } = await readBytes(joinBytes(frame, skippable, frame, legacy, legacy));
    expect(summary).toMatchObject({ packets: 16, damages: [] });
  });

  it('stored blocks are taken as they are', async () => {
    const content = pcapFile(packets);
    const header = Uint8Array.of(0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0);
    header[6] = (xxHash32(header.subarray(4, 6)) >>> 8) & 0xff;
    const size = new Uint8Array(4);
    new DataView(size.buffer).setUint32(0, content.length + 0x80000000, true);
    const { summary } = await readBytes(joinBytes(header, size, content, new Uint8Array(4)));
    expect(summary).toMatchObject({ packets: 4, damages: [] });
  });

  it('gives what there is when it ends early or a checksum differs', async () => {
    const cut = await readBytes(frame.subarray(0, frame.length - 30));
    expect(cut.packets.length).toBeGreaterThan(1);
    expect(cut.summary.damages.map(({ code }) => code)).toContain('undecodable-compression');
    const changed = frame.slice();
    changed[frame.length - 1] = (changed[frame.length - 1] ?? 0) ^ 1;
    expect((await readBytes(changed)).summary).toMatchObject({
      packets: 4,
      damages: [{ message: 'the checksum of the compressed data differs' }],
    });
  });

  it('never throws, whatever is overwritten', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(frame, legacy),
        fc.nat(200),
        fc.uint8Array({ minLength: 1, maxLength: 12 }),
        async (file, at, bytes) => {
          const broken = file.slice();
          broken.set(bytes.subarray(0, Math.max(0, broken.length - at)), Math.min(at, broken.length));
          await readBytes(broken).catch((error: unknown) => expect(error).toMatchObject({ code: expect.stringMatching(/^input-/) }));
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('an LZ4 block', () => {
  it('never writes outside its output, whatever it says', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(200), (block, room) => {
        const output = new Uint8Array(room);
        const { end } = decodeLz4Block(block, 0, block.length, output, 0);
        expect(end).toBeLessThanOrEqual(room);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('xxHash32', () => {
  it.each([
    ['', 0x02cc5d05],
    ['a', 0x550d7456],
    ['abc', 0x32d153ff],
    ['Nobody inspects the spammish repetition', 0xe2293b2f],
  ])('of %j', (text, expected) => {
    expect(xxHash32(new TextEncoder().encode(text))).toBe(expected);
  });

  it('is the same in pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (pieces) => {
        const hash = new XxHash32();
        for (const piece of pieces) hash.update(piece);
        expect(hash.digest()).toBe(xxHash32(joinBytes(...pieces)));
      }),
    );
  });
});
