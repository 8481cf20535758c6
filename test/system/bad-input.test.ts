// What goes wrong on a real machine: one clear line, the right code, nothing of the user's lost.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pcapFile, testPackets } from '../build/pcap.ts';
import { describeNeeding } from '../support/machine.ts';
import { repository } from '../support/repository.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

removeTemporaryFolders();

const main = join(repository, 'src/main.ts');
const sample = join(repository, 'samples/reverse-shell.pcap');

function vedette(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('bad input', () => {
  const oneLine = /^vedette: [^\n]+\n$/;

  it.each([
    ['a missing file', () => 'no-such-file.pcap', /no such file/],
    ['an empty file', () => fileWith('empty.pcap', new Uint8Array(0)), /is empty/],
    [
      'a picture with a name that lies',
      () => fileWith('holiday.pcap', Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70, 73, 70])),
      /neither a capture/,
    ],
  ])('%s gives one line and code 2', (_, make, sentence) => {
    const { status, stdout, stderr } = vedette('analyze', make());
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(oneLine);
    expect(stderr).toMatch(sentence);
  });

  it('writes into no directory that holds anything, and with --force replaces only its own files', () => {
    const out = temporaryFolder();
    writeFileSync(join(out, 'notes.txt'), 'mine');
    expect(vedette('analyze', sample, '--out', out)).toMatchObject({ status: 3, stderr: expect.stringMatching(oneLine) });
    expect(readdirSync(out)).toEqual(['notes.txt']);
    expect(vedette('analyze', sample, '--out', out, '--force').status).toBe(0);
    expect(readFileSync(join(out, 'notes.txt'), 'utf8')).toBe('mine');
    expect(readdirSync(out)).toEqual(
      expect.arrayContaining(['report.html', 'report.md', 'iocs.csv', 'iocs.stix.json', 'iocs.intel', 'iocs.rules', 'run.json']),
    );
  });
});

function fileWith(name: string, bytes: Uint8Array): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, bytes);
  return path;
}

describeNeeding('a disk that is full', { root: true, tools: ['mount', 'unshare'] }, () => {
  it('gives one line and code 4, and keeps what was written', () => {
    const folder = temporaryFolder();
    // A namespace of its own: the mount goes away with it.
    const script = `mount -t tmpfs -o size=64k none ${folder} && ${process.execPath} ${main} analyze ${sample} --out ${folder}/case; echo "code $?"; ls ${folder}/case`;
    const { stdout, stderr } = spawnSync('unshare', ['--mount', 'sh', '-c', script], { encoding: 'utf8' });
    expect(stderr).toMatch(/^vedette: [^\n]*cannot be written \(ENOSPC\)[^\n]*\n$/);
    expect(stdout).toMatch(/code 4\n/);
    expect(stdout).toContain('conn.log');
    expect(stdout).not.toMatch(/\.part\b/);
  });
});

describeNeeding('a directory that may not be read', { root: true, tools: ['setpriv'] }, () => {
  it('gives one line and code 2', () => {
    const folder = temporaryFolder();
    const closed = join(folder, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0);
    chmodSync(folder, 0o755);
    const args = ['--reuid', '65534', '--regid', '65534', '--clear-groups', process.execPath, main, 'analyze', closed];
    const { status, stderr } = spawnSync('setpriv', args, { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(/^vedette: [^\n]*cannot be read[^\n]*\n$/) });
  });
});

describe('an interruption', () => {
  it('finishes what was read, marks it partial, and ends with code 4', async () => {
    const out = join(temporaryFolder(), 'case');
    const child = spawn(process.execPath, [main, 'analyze', '-', '--out', out], { stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.write(pcapFile(testPackets(50)));
    await written(child, out);
    child.kill('SIGINT');
    // The source waits for more: the next packets, or the end, let it see the interruption.
    child.stdin.end(pcapFile(testPackets(10)).subarray(24));
    const [code, text] = await ended(child);
    expect(code).toBe(4);
    expect(text).toMatch(/^PARTIAL RESULT: interrupted\n/);
    expect(JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'))).toMatchObject({ partial: 'interrupted' });
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('Partial result: interrupted');
  });
});

/** Until the output directory is there: the program has begun. */
async function written(child: ChildProcess, out: string): Promise<void> {
  for (let i = 0; i < 400 && !existsSync(out) && child.exitCode === null; i++) await new Promise((resolve) => setTimeout(resolve, 25));
  await new Promise((resolve) => setTimeout(resolve, 200));
}

function ended(child: ChildProcess): Promise<[code: number | null, text: string]> {
  let text = '';
  child.stdout?.on('data', (part: Buffer) => (text += part.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve([code, text])));
}

describeNeeding('vedette cut beside date', { tools: ['date'] }, () => {
  it('writes times as the C library does, in several zones', () => {
    const format =
      '%a %A %b %B %c %C %d %D %e %F %g %G %h %H %I %j %k %l %m %M %p %r %R %s %S %T %u %U %V %w %W %x %X %y %Y %z %Z %% %-d %_H %^a %10Y';
    const times = [0, 951_782_400, 1_230_768_000, 1_262_304_000, 1_678_048_721, 1_698_541_200, 1_735_603_199, 1_798_761_600];
    for (const zone of ['UTC', 'Europe/Oslo', 'America/New_York']) {
      const env = { ...process.env, TZ: zone, LC_ALL: 'C' };
      const log = `#fields\tts\n#types\ttime\n${times.map((at) => `${at}.5\n`).join('')}`;
      for (const part of format.split(' ')) {
        const { stdout } = spawnSync(process.execPath, [main, 'cut', '-D', `[${part}]`], { input: log, encoding: 'utf8', env });
        const wanted = times.map((at) => execFileSync('date', ['-d', `@${at}`, `+[${part}]`], { encoding: 'utf8', env }));
        expect([zone, part, stdout]).toEqual([zone, part, wanted.join('')]);
      }
    }
  });
});
