import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pcapFile, pcapHeader, pcapRecord, type TestPacket, testPackets } from '../../../test/build/pcap.ts';
import { TestBlocks } from '../../../test/build/pcapng.ts';
import { packetsOf, readAll } from '../../../test/build/read-capture.ts';
import { removeTemporaryFolders, temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { openCapture } from './open-capture.ts';

removeTemporaryFolders();

/** A folder with these files in it. */
function folderWith(files: Readonly<Record<string, Uint8Array | string>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

const packets = testPackets(50);
const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1);

describe('one capture', () => {
  it('comes with the digest of the file as it lies on disk, compressed or not', async () => {
    for (const file of [pcapFile(packets), gzipSync(pcapFile(packets))]) {
      const path = join(folderWith({ capture: file }), 'capture');
      const { summaries, packets: read } = await readAll(await openCapture([path]));
      expect(read).toHaveLength(50);
      expect(summaries).toMatchObject([{ source: path, bytes: file.length, sha256: createHash('sha256').update(file).digest('hex') }]);
    }
  });

  it('comes without a digest when none is asked for', async () => {
    const path = join(folderWith({ capture: pcapFile(packets) }), 'capture');
    const { summaries } = await readAll(await openCapture([path], { digest: false }));
    expect(summaries[0]).not.toHaveProperty('sha256');
  });

  it('may hold no packet', async () => {
    const path = join(folderWith({ capture: pcapHeader() }), 'capture');
    expect((await readAll(await openCapture([path]))).summaries).toMatchObject([{ packets: 0, damages: [] }]);
  });
});

describe('bad input', () => {
  it.each<[name: string, content: Uint8Array | string, code: string, sentence: string]>([
    ['an empty file', '', 'input-empty', 'is empty'],
    ['an empty file, compressed', gzipSync(new Uint8Array(0)), 'input-empty', 'is empty'],
    ['a JPEG', jpeg, 'input-format', 'a JPEG image'],
    ['text', 'hello, this is no capture\n', 'input-format', 'text'],
    ['a JPEG, compressed', gzipSync(jpeg), 'input-format', 'a JPEG image'],
    ['a file header that is cut short', pcapHeader().slice(0, 20), 'input-format', 'a pcap file that ends inside its file header'],
    [
      'a pcapng file without its byte order',
      new Uint8Array([10, 13, 13, 10, 28, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0]),
      'input-format',
      'section header',
    ],
  ])('%s is refused in one sentence', async (_, content, code, sentence) => {
    const path = join(folderWith({ 'x.pcap': content }), 'x.pcap');
    await expect(openCapture([path])).rejects.toMatchObject({ code, message: expect.stringContaining(sentence) });
    await expect(openCapture([path])).rejects.toMatchObject({ message: expect.stringContaining(path) });
  });

  it('a missing file is named', async () => {
    await expect(openCapture(['/nowhere/x.pcap'])).rejects.toMatchObject({ code: 'input-missing', kind: 'input' });
  });

  it('a directory without captures is refused', async () => {
    await expect(openCapture([folderWith({ 'a.txt': 'text' })])).rejects.toMatchObject({ code: 'input-format' });
    await expect(openCapture([temporaryFolder()])).rejects.toMatchObject({ code: 'input-format' });
  });
});

describe('a directory', () => {
  it('gives its captures, recognised by content, and names the rest', async () => {
    const blocks = new TestBlocks();
    const folder = folderWith({
      'b.cap': pcapFile(testPackets(3, 2e15)),
      'a.bin': gzipSync(pcapFile(testPackets(2, 1e15))),
      'c.pcapng': blocks.file(testPackets(4, 3e15)),
      'notes.txt': 'text',
      'empty.pcap': '',
    });
    mkdirSync(join(folder, 'inner'));
    const source = await openCapture([folder]);
    expect(source.skipped.map(({ path }) => path).sort()).toEqual(['empty.pcap', 'inner', 'notes.txt'].map((name) => join(folder, name)));
    const { packets: read, summaries } = await readAll(source);
    expect(read.map(({ time }) => Math.floor(time / 1e15))).toEqual([1, 1, 2, 2, 2, 3, 3, 3, 3]);
    expect(summaries.map((summary) => [summary.source, summary.packets])).toEqual([
      [join(folder, 'a.bin'), 2],
      [join(folder, 'b.cap'), 3],
      [join(folder, 'c.pcapng'), 4],
    ]);
  });

  it('is read once when a file of it is named, too', async () => {
    const folder = folderWith({ a: pcapFile(packets) });
    const source = await openCapture([join(folder, 'a'), folder]);
    expect(source.skipped).toMatchObject([{ reason: 'is named twice' }]);
    expect((await readAll(source)).packets).toHaveLength(50);
  });
});

describe('several captures', () => {
  it('are merged in time order; equal times keep the order of the files', async () => {
    const folder = folderWith({
      a: pcapFile(testPackets(300, 1e15, 30)),
      b: pcapFile(testPackets(300, 1e15, 20)),
      c: pcapFile(testPackets(1, 1e15)),
    });
    const source = await openCapture([join(folder, 'b'), join(folder, 'a'), join(folder, 'c')]);
    const { packets: read, points } = await readAll(source);
    expect(read).toHaveLength(601);
    expect(read.map(({ time }) => time)).toEqual(read.map(({ time }) => time).sort((x, y) => x - y));
    expect(read.slice(0, 3).map(({ point }) => points[point]?.source.at(-1))).toEqual(['b', 'a', 'c']);
    const originals = testPackets(300);
    for (const { time, bytes, number, point } of read) {
      expect(number).toBe((time - 1e15) / (points[point]?.source.endsWith('a') ? 30 : 20) + 1);
      expect(bytes).toEqual(originals[number - 1]?.bytes);
    }
  });

  it('come out complete, each in its own order, whatever their times', async () => {
    const times = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.array(times, { minLength: 2, maxLength: 5 }), async (files) => {
        const content = files.map((list, file) =>
          pcapFile(list.map((time, i): TestPacket => ({ time: 1e15 + time, bytes: Uint8Array.of(file, i) }))),
        );
        const folder = folderWith(Object.fromEntries(content.map((bytes, i) => [String(i), bytes])));
        const { packets: read } = await readAll(await openCapture([folder]));
        rmSync(folder, { recursive: true });
        for (const [file, list] of files.entries()) {
          const own = read.filter(({ bytes }) => bytes[0] === file);
          expect(own.map(({ time }) => time - 1e15)).toEqual(list);
          expect(own.map(({ bytes }) => bytes[1])).toEqual(list.map((_, i) => i));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('may be hundreds of rotated files, with few of them open at a time', async () => {
    const names = Array.from(
      { length: 300 },
      (_, i) => [`r${String(i).padStart(3, '0')}`, pcapFile(testPackets(3, 1e15 + i * 1e6))] as const,
    );
    const { packets: read, summaries } = await readAll(await openCapture([folderWith(Object.fromEntries(names))]));
    expect(read).toHaveLength(900);
    expect(read.map(({ time }) => time)).toEqual(read.map(({ time }) => time).sort((x, y) => x - y));
    expect(summaries).toHaveLength(300);
  });

  it('go on without a file that vanishes before its turn', async () => {
    const folder = folderWith({ a: pcapFile(testPackets(5, 1e15)), b: pcapFile(testPackets(5, 2e15)) });
    const source = await openCapture([folder]);
    renameSync(join(folder, 'b'), join(folder, 'gone'));
    const { packets: read, summaries } = await readAll(source);
    expect(read).toHaveLength(5);
    expect(summaries[1]).toMatchObject({ source: join(folder, 'b'), packets: 0, damages: [{ code: 'read-error' }] });
  });
});

describe('standard input', () => {
  it('gives packets as they arrive, and half a record only when it is whole', async () => {
    const stdin = new PassThrough();
    stdin.write(pcapHeader());
    const source = await openCapture(['-'], { stdin });
    const [one, two, three] = packets.map((packet) => pcapRecord(packet));
    if (one === undefined || two === undefined || three === undefined) throw new Error('no packets');
    stdin.write(one);
    const first = await source.next();
    expect(first === null ? [] : packetsOf(first)).toMatchObject([{ number: 1, bytes: packets[0]?.bytes }]);
    stdin.write(two.subarray(0, 20));
    let arrived = false;
    const pending = source.next().then((batch) => {
      arrived = true;
      return batch;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(arrived).toBe(false);
    stdin.write(two.subarray(20));
    const second = await pending;
    expect(second === null ? [] : packetsOf(second)).toMatchObject([{ number: 2, bytes: packets[1]?.bytes }]);
    stdin.end(three);
    const third = await source.next();
    expect(third?.count).toBe(1);
    expect(await source.next()).toBeNull();
    expect(source.summaries()).toMatchObject([{ source: '-', packets: 3, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  });

  it.each([
    ['plain', (bytes: Uint8Array) => bytes],
    ['compressed', (bytes: Uint8Array) => gzipSync(bytes).subarray(0, -40)],
  ])('lets go of whoever waits for it when it is closed, %s', async (_, written) => {
    const stdin = new PassThrough();
    stdin.write(written(pcapFile(packets)));
    const source = await openCapture(['-'], { stdin });
    let read = 0;
    const end = (async (): Promise<void> => {
      for (let batch = await source.next(); batch !== null; batch = await source.next()) read += batch.count;
    })();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await source.close();
    await end;
    expect(read).toBeGreaterThan(20);
  });

  it('may be compressed', async () => {
    const stdin = new PassThrough();
    stdin.end(gzipSync(pcapFile(packets)));
    expect((await readAll(await openCapture(['-'], { stdin }))).summaries).toMatchObject([{ compression: 'gzip', packets: 50 }]);
  });

  it('is merged with files', async () => {
    const stdin = new PassThrough();
    stdin.end(pcapFile(testPackets(5, 2e15)));
    const path = join(folderWith({ a: pcapFile(testPackets(5, 1e15)) }), 'a');
    const { packets: read } = await readAll(await openCapture(['-', path], { stdin }));
    expect(read.map(({ time }) => Math.floor(time / 1e15))).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
  });
});
