// Captures of ours before the tools that people use, and captures of those tools before us.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openCapture } from '../../src/capture/pcap-file/open-capture.ts';
import { PcapngWriter } from '../../src/capture/pcap-file/pcapng-writer.ts';
import { pcapFile, testPackets } from '../build/pcap.ts';
import { readAll } from '../build/read-capture.ts';
import { describeNeeding } from '../support/machine.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

removeTemporaryFolders();

const packets = testPackets(3000, 1_700_000_000_000_000, 1234);

/** A capture on disk. */
function captureFile(): string {
  const path = join(temporaryFolder(), 'capture');
  writeFileSync(path, pcapFile(packets));
  return path;
}

const run = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

describeNeeding('a capture through compressing programs', { tools: ['gzip', 'zstd', 'lz4'] }, () => {
  it.each<[format: string, program: string, args: readonly string[]]>([
    ['gzip', 'gzip', ['-1']],
    ['gzip', 'gzip', ['-9']],
    ['zstd', 'zstd', ['-q', '-19']],
    ['zstd', 'zstd', ['-q', '--no-check', '--long=24']],
    ['lz4', 'lz4', ['-q']],
    ['lz4', 'lz4', ['-q', '-9', '-BX', '-B4']],
    ['lz4', 'lz4', ['-q', '-BD', '-B5']],
    ['lz4', 'lz4', ['-q', '-l']],
    ['lz4', 'lz4', ['-q', '--no-frame-crc', '-B7']],
  ])('%s: %s %s', async (compression, program, args) => {
    const path = captureFile();
    const { stdout } = spawnSync(program, [...args, '-c', path], { maxBuffer: 1 << 26 });
    writeFileSync(`${path}.x`, stdout);
    const { packets: read, summaries } = await readAll(await openCapture([`${path}.x`]));
    expect(summaries).toMatchObject([{ compression, packets: 3000, damages: [] }]);
    expect(read.map(({ bytes }) => bytes)).toEqual(packets.map(({ bytes }) => bytes));
  });
});

describeNeeding('Wireshark and its kin', { tools: ['tshark', 'capinfos', 'editcap'] }, () => {
  it('open what we write, comments and names included, without complaint', async () => {
    const path = join(temporaryFolder(), 'ours.pcapng');
    const writer = await PcapngWriter.create(path, {
      section: { comment: 'finding D02', hardware: 'amd64', userApplication: 'vedette 1' },
    });
    const index = writer.addInterface({ linkType: 1, snapLength: 262144, name: 'qr-1234' });
    for (const { time, bytes } of packets.slice(0, 50)) {
      await writer.write({
        interfaceIndex: index,
        time,
        bytes,
        start: 0,
        captured: bytes.length,
        wire: bytes.length + 4,
        comments: ['proof', 'æøå'],
      });
    }
    await writer.close();
    const info = run('capinfos', path);
    expect(info).toMatch(/Number of packets:\s+50\n/);
    expect(info).toMatch(/Capture comment:\s+finding D02\n/);
    expect(info).toMatch(/Name = qr-1234\n/);
    const shown = spawnSync('tshark', ['-r', path, '-T', 'fields', '-e', 'frame.time_epoch', '-e', 'frame.len', '-e', 'frame.comment'], {
      encoding: 'utf8',
    });
    expect(shown.stdout.split('\n')[1]).toBe(`1700000000.001234000\t${(packets[1]?.bytes.length ?? 0) + 4}\tproof,æøå`);
    expect(shown.stderr.replace(/Running as user.*\n/, '')).toBe('');
  });

  it('write formats that we read alike', async () => {
    const path = captureFile();
    for (const format of ['pcap', 'nsecpcap', 'pcapng', 'modpcap']) {
      run('editcap', '-F', format, path, `${path}.${format}`);
      const { packets: read, summaries } = await readAll(await openCapture([`${path}.${format}`]));
      expect(summaries[0]).toMatchObject({ packets: 3000, damages: [] });
      expect(read.map(({ time, bytes }) => ({ time, bytes }))).toEqual(packets.map(({ time, bytes }) => ({ time, bytes })));
    }
  });
});

describeNeeding('a user who may not read', { root: true, tools: ['setpriv'] }, () => {
  it('is told so in one line', () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    const path = join(folder, 'secret.pcap');
    writeFileSync(path, pcapFile(packets), { mode: 0o600 });
    mkdirSync(join(folder, 'closed'), { mode: 0o700 });
    const module = new URL('../../src/capture/pcap-file/open-capture.ts', import.meta.url).href;
    const script = `const { openCapture } = await import(${JSON.stringify(module)});
      for (const path of process.argv.slice(1)) await openCapture([path]).catch((error) => console.log(error.code));`;
    const args = ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, '--input-type=module', '-e', script];
    const { stdout } = spawnSync('setpriv', [...args, path, join(folder, 'closed')], { encoding: 'utf8' });
    expect(stdout).toBe('input-unreadable\ninput-unreadable\n');
  });
});
