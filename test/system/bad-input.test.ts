// What goes wrong on a real machine: one clear line, the right code, nothing of the user's lost.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
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
  it('finishes what was read, marks it partial, and ends with code 4, though the pipe is still open', async () => {
    const out = join(temporaryFolder(), 'case');
    const child = spawn(process.execPath, [main, 'analyze', '-', '--out', out], { stdio: ['pipe', 'pipe', 'inherit'] });
    const end = ended(child);
    child.stdin.write(pcapFile(testPackets(50)));
    await begun(child, out);
    child.kill('SIGINT');
    const [code, text] = await end;
    expect(code).toBe(4);
    expect(text).toMatch(/^PARTIAL RESULT: interrupted\n/);
    expect(JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'))).toMatchObject({ partial: 'interrupted' });
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('Partial result: interrupted');
  });
});

/** Until the output directory is there: the program has begun to read. */
async function begun(child: ChildProcess, out: string): Promise<void> {
  for (let i = 0; i < 400 && !existsSync(out) && child.exitCode === null; i++) await new Promise((resolve) => setTimeout(resolve, 25));
}

function ended(child: ChildProcess): Promise<[code: number | null, text: string]> {
  let text = '';
  child.stdout?.on('data', (part: Buffer) => {
    text += part.toString();
  });
  return new Promise((resolve) => child.on('close', (code) => resolve([code, text])));
}
