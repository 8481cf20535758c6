import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testPackets } from '../../../test/build/pcap.ts';
import { readAll } from '../../../test/build/read-capture.ts';
import { removeTemporaryFolders, temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { openCapture } from './open-capture.ts';
import { PcapngWriter } from './pcapng-writer.ts';

removeTemporaryFolders();

const packets = testPackets(20);

describe('a written pcapng file', () => {
  it('reads back as it was written, comments apart', async () => {
    const path = join(temporaryFolder(), 'cut.pcapng');
    const writer = await PcapngWriter.create(path, {
      section: { comment: 'case 7', hardware: 'amd64', os: 'Linux', userApplication: 'vedette' },
    });
    const [first, second] = [
      writer.addInterface({ linkType: 1, snapLength: 0, name: 'qr-1' }),
      writer.addInterface({ linkType: 276, snapLength: 96 }),
    ];
    for (const [i, { time, bytes }] of packets.entries()) {
      const comments = i % 2 === 0 ? ['seen', 'æøå'] : [];
      await writer.write({
        interfaceIndex: i % 2 === 0 ? first : second,
        time,
        bytes,
        start: 3,
        captured: bytes.length - 3,
        wire: 1500,
        comments,
      });
    }
    expect(existsSync(path)).toBe(false);
    await writer.close();
    expect(writer.packets).toBe(20);
    const { packets: read, points, summaries } = await readAll(await openCapture([path]));
    expect(points).toEqual([
      { linkType: 1, source: path, interfaceName: 'qr-1', snapLength: 0 },
      { linkType: 276, source: path, interfaceName: '', snapLength: 96 },
    ]);
    expect(read.map(({ time, bytes, wire, point }) => ({ time, bytes, wire, point }))).toEqual(
      packets.map(({ time, bytes }, i) => ({ time, bytes: bytes.slice(3), wire: 1500, point: i % 2 })),
    );
    expect(summaries[0]?.damages).toEqual([]);
    expect(readFileSync(path).includes('æøå')).toBe(true);
  });

  it('cuts a comment that is longer than an option can be', async () => {
    const path = join(temporaryFolder(), 'long.pcapng');
    const writer = await PcapngWriter.create(path, { section: { comment: 'æ'.repeat(40_000) } });
    await writer.close();
    expect((await readAll(await openCapture([path]))).summaries[0]).toMatchObject({ packets: 0, damages: [] });
  });

  it('replaces no file unless told to', async () => {
    const path = join(temporaryFolder(), 'mine.pcapng');
    writeFileSync(path, 'mine');
    await expect(PcapngWriter.create(path)).rejects.toMatchObject({ code: 'output-file-exists' });
    expect(readFileSync(path, 'utf8')).toBe('mine');
    await (await PcapngWriter.create(path, { replace: true })).close();
    expect(readFileSync(path, 'utf8')).not.toBe('mine');
  });

  it('leaves nothing behind when it is abandoned', async () => {
    const folder = temporaryFolder();
    const writer = await PcapngWriter.create(join(folder, 'x.pcapng'));
    await writer.abandon();
    expect(existsSync(join(folder, 'x.pcapng'))).toBe(false);
    expect(existsSync(join(folder, 'x.pcapng.partial'))).toBe(false);
  });

  it('says where it cannot write', async () => {
    await expect(PcapngWriter.create('/nowhere/x.pcapng')).rejects.toMatchObject({ code: 'output-unwritable', kind: 'unavailable' });
  });
});
