import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinBytes, pcapFile, testPackets } from '../../../test/build/pcap.ts';
import { readBytes } from '../../../test/build/read-capture.ts';

const packets = testPackets(2000);
const plain = pcapFile(packets);
const compressors: readonly [name: 'gzip' | 'zstd', compress: (bytes: Uint8Array) => Uint8Array][] = [
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
];

describe.each(compressors)('%s around a capture', (name, compress) => {
  const compressed = compress(plain);

  it('is taken off by content', async () => {
    const { packets: read, summary } = await readBytes(compressed);
    expect(summary).toMatchObject({ compression: name, format: 'pcap', packets: 2000, damages: [], bytes: compressed.length });
    expect(read.at(-1)?.bytes).toEqual(packets.at(-1)?.bytes);
  });

  it('may be several frames, cut anywhere in the capture', async () => {
    const pieces = [0, 10, 5000, 5001, plain.length].map((start, i, all) => compress(plain.subarray(start, all[i + 1] ?? plain.length)));
    for (const chunkBytes of [100, 1 << 20]) {
      const { summary } = await readBytes(joinBytes(...pieces), { chunkBytes });
      expect(summary).toMatchObject({ packets: 2000, damages: [] });
    }
  });

  it('gives what there is when it ends early', async () => {
    const { packets: read, summary } = await readBytes(compressed.subarray(0, compressed.length >> 1));
    expect(read.length).toBeGreaterThan(300);
    expect(read.map(({ bytes }) => bytes)).toEqual(packets.slice(0, read.length).map(({ bytes }) => bytes));
    expect(summary.damages.map(({ code }) => code)).toContain('undecodable-compression');
  });

  // zstd decodes whole blocks of 128 KiB, so only a larger capture has something before the damage.
  it('gives what stands before a damaged place, however small the file', async () => {
    const file = compress(pcapFile(testPackets(name === 'gzip' ? 60 : 2000)));
    const broken = file.slice();
    broken.fill(0xff, file.length - 60, file.length - 20);
    for (const chunkBytes of [37, 1 << 20]) {
      const { packets: read, summary } = await readBytes(broken, { chunkBytes });
      expect(read.length).toBeGreaterThan(20);
      expect(read.slice(0, 20).map(({ bytes }) => bytes)).toEqual(packets.slice(0, 20).map(({ bytes }) => bytes));
      expect(summary.damages.map(({ code }) => code)).toContain('undecodable-compression');
    }
  });

  it('that cannot be decompressed at all is refused in words', async () => {
    const file = compress(pcapFile(testPackets(5)))
      .slice(0, 30)
      .fill(0xff, 12);
    await expect(readBytes(file)).rejects.toMatchObject({
      code: 'input-format',
      message: expect.stringContaining(`${name} data that cannot be decompressed`),
    });
  });

  it('may be followed by zeros; anything else behind it is damage', async () => {
    expect((await readBytes(joinBytes(compressed, new Uint8Array(512)))).summary).toMatchObject({ packets: 2000, damages: [] });
    const { summary } = await readBytes(joinBytes(compressed, new TextEncoder().encode('not compressed')));
    expect(summary).toMatchObject({ packets: 2000, damages: [{ code: 'undecodable-compression', offset: plain.length }] });
  });

  it('is found again behind a frame that was destroyed', async () => {
    const middle = compress(plain.subarray(100_000, 200_000)).slice();
    middle.fill(0xff, 20, middle.length >> 1);
    const file = joinBytes(compress(plain.subarray(0, 100_000)), middle, compress(plain.subarray(200_000)));
    const { packets: read, summary } = await readBytes(file);
    expect(read.length).toBeGreaterThan(1200);
    expect(read.at(-1)?.bytes).toEqual(packets.at(-1)?.bytes);
    expect(summary.damages.map(({ code }) => code)).toContain('undecodable-compression');
  });

  it('never throws, whatever is overwritten behind its first bytes', async () => {
    const small = compress(pcapFile(testPackets(30)));
    await fc.assert(
      fc.asyncProperty(fc.nat(small.length - 30), fc.uint8Array({ minLength: 1, maxLength: 20 }), async (at, bytes) => {
        const broken = small.slice();
        broken.set(bytes.subarray(0, broken.length - at - 20), at + 20);
        await readBytes(broken).catch((error: unknown) => expect(error).toMatchObject({ code: 'input-format' }));
      }),
      { numRuns: 50 },
    );
  });

  it('does not blow up memory when a little input stands for much output', async () => {
    const bomb = compress(joinBytes(plain, new Uint8Array(16 << 20)));
    const { summary } = await readBytes(bomb, { bufferBytes: 1 << 18 });
    expect(summary.packets).toBe(2000);
    expect(summary.damages).toMatchObject([{ code: 'corrupt-record', skippedBytes: 16 << 20 }]);
  });
});
