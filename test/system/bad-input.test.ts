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

describe('what is read', () => {
  it('is never replaced by analyze, even with --force', () => {
    const out = join(temporaryFolder(), 'case');
    expect(vedette('analyze', sample, '--out', out).status).toBe(0);
    const before = readdirSync(out);
    const { status, stdout, stderr } = vedette('analyze', out, '--out', out, '--force');
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toMatch(/^vedette: [^\n]*arp\.log: is read, and would be replaced[^\n]*\n$/);
    expect(readdirSync(out)).toEqual(before);
  });

  it('is never replaced by packets, even with --force', () => {
    const capture = fileWith('in.pcap', readFileSync(sample));
    const { status, stderr } = vedette('packets', capture, '--filter', 'tcp', '-o', capture, '--force');
    expect({ status, stderr }).toEqual({
      status: 3,
      stderr: expect.stringMatching(/^vedette: [^\n]*is read, and would be replaced[^\n]*\n$/),
    });
    expect(readFileSync(capture).equals(readFileSync(sample))).toBe(true);
  });
});

describe('packets that cannot be written', () => {
  it.each([
    ['over a file', 'mine.txt', 3, /mine\.txt: exists; /],
    ['over what an unfinished one is called', 'half', 3, /half\.partial: exists; /],
    ['over a directory', 'folder', 3, /folder: is a directory/],
    ['into no directory', 'nowhere/x', 4, /nowhere\/x: cannot be written \(ENOENT\)/],
  ])('%s give one line and the right code', (_, name, code, sentence) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'mine.txt'), 'mine');
    writeFileSync(join(folder, 'half.partial'), 'mine');
    mkdirSync(join(folder, 'folder'));
    const { status, stdout, stderr } = vedette('packets', sample, '--filter', 'tcp', '-o', join(folder, name));
    expect({ status, stdout }).toEqual({ status: code, stdout: '' });
    expect(stderr).toMatch(/^vedette: [^\n]+\n$/);
    expect(stderr).toMatch(sentence);
    expect(readdirSync(folder).sort()).toEqual(['folder', 'half.partial', 'mine.txt']);
    expect(readFileSync(join(folder, 'mine.txt'), 'utf8') + readFileSync(join(folder, 'half.partial'), 'utf8')).toBe('minemine');
  });
});

function fileWith(name: string, bytes: Uint8Array): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, bytes);
  return path;
}

describeNeeding('a disk that is full', { root: true, tools: ['mount', 'unshare'] }, () => {
  /** Analyses the sample into a disk of that size, and copies what is there before the disk goes away with its namespace. */
  function analyzeInto(size: string): { stdout: string; stderr: string; files: ReadonlyMap<string, string> } {
    const disk = temporaryFolder();
    const copy = temporaryFolder();
    const script = `mount -t tmpfs -o size=${size} none ${disk} && ${process.execPath} ${main} analyze ${sample} --out ${disk}/case; echo "code $?"; cp -a ${disk}/case/. ${copy}`;
    const { stdout, stderr } = spawnSync('unshare', ['--mount', 'sh', '-c', script], { encoding: 'utf8' });
    return { stdout, stderr, files: new Map(readdirSync(copy).map((name) => [name, readFileSync(join(copy, name), 'utf8')])) };
  }

  it.each(['24k', '48k', '64k', '120k', '300k'])(
    'of %s gives one line and code 4, and what was written says that it is partial',
    (size) => {
      const { stdout, stderr, files } = analyzeInto(size);
      expect(stderr).toMatch(/^vedette: [^\n]*cannot be written \(ENOSPC\)[^\n]*\n$/);
      expect(stdout).toBe('code 4\n');
      const run = JSON.parse(files.get('run.json') ?? '') as { partial: string; rows: Record<string, number> };
      expect(`vedette: ${run.partial}\n`).toBe(stderr);
      expect([...files.keys()].filter((name) => /\.part$|^\.room$/.test(name))).toEqual([]);
      for (const [name, text] of files) {
        // Every line is whole, and the rows that run.json counts are there.
        if (text !== '') expect(text.at(-1)).toBe('\n');
        if (!name.endsWith('.log')) continue;
        expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toHaveLength(run.rows[name.slice(0, -4)] ?? -1);
      }
    },
  );

  it('leaves room for the findings', () => {
    const { files } = analyzeInto('64k');
    expect((files.get('findings.ndjson') ?? '').trimEnd().split('\n')).toHaveLength(7);
  });

  it('without room for anything is told at once', () => {
    const { stdout, stderr } = analyzeInto('8k');
    expect(stderr).toMatch(/^vedette: [^\n]*cannot be written \(ENOSPC\)[^\n]*\n$/);
    expect(stdout).toBe('code 4\n');
  });

  it('takes no half a file of packets', () => {
    const disk = temporaryFolder();
    const command = `${process.execPath} ${main} packets ${sample} --filter tcp -o ${disk}/x.pcapng`;
    const script = `mount -t tmpfs -o size=8k none ${disk} && ${command}; echo "code $?"; ls -A ${disk}`;
    const { stdout, stderr } = spawnSync('unshare', ['--mount', 'sh', '-c', script], { encoding: 'utf8' });
    expect(stderr).toMatch(/^vedette: [^\n]*cannot be written \(ENOSPC\)[^\n]*\n$/);
    expect(stdout).toBe('code 4\n');
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
  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s finishes what was read, marks it partial, and ends with code 4, though the pipe is still open',
    async (signal) => {
      const out = join(temporaryFolder(), 'case');
      const child = spawn(process.execPath, [main, 'analyze', '-', '--out', out], { stdio: ['pipe', 'pipe', 'inherit'] });
      const end = ended(child);
      child.stdin.write(pcapFile(testPackets(50)));
      await begun(child, out);
      child.kill(signal);
      const [code, text] = await end;
      expect(code).toBe(4);
      expect(text).toMatch(/^PARTIAL RESULT: interrupted\n/);
      expect(JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'))).toMatchObject({ partial: 'interrupted' });
      expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('Partial result: interrupted');
      expect(existsSync(join(out, '.room'))).toBe(false);
    },
  );

  it('of packets from a silent pipe keeps what was cut, and says that it is partial', async () => {
    const out = join(temporaryFolder(), 'cut.pcapng');
    const child = spawn(process.execPath, [main, 'packets', '-', '--filter', 'not port 1', '-o', out], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const end = ended(child);
    child.stdin.write(pcapFile(testPackets(50)));
    await appeared(child, `${out}.partial`);
    child.kill('SIGINT');
    const [code, text] = await end;
    expect(code).toBe(4);
    expect(text).toMatch(/^\d+ of \d+ packets written to [^\n]* \(partial: interrupted\)\n$/);
    expect(existsSync(out)).toBe(true);
  });

  it('by kill -9 leaves a directory that says so, and that --force clears', async () => {
    const out = join(temporaryFolder(), 'case');
    const child = spawn(process.execPath, [main, 'analyze', '-', '--out', out], { stdio: ['pipe', 'pipe', 'inherit'] });
    const end = ended(child);
    child.stdin.write(pcapFile(testPackets(50)));
    await begun(child, out);
    child.kill('SIGKILL');
    await end;
    expect(JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'))).toMatchObject({ partial: 'running', inputs: [{ source: '-' }] });
    expect(vedette('analyze', sample, '--out', out, '--force').status).toBe(0);
    expect(JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'))).toMatchObject({ partial: false });
    expect(readdirSync(out).filter((name) => /\.part$|^\.room$/.test(name))).toEqual([]);
  });
});

/** Until run.json is there: the program has begun to read. */
const begun = (child: ChildProcess, out: string): Promise<void> => appeared(child, join(out, 'run.json'));

async function appeared(child: ChildProcess, path: string): Promise<void> {
  for (let i = 0; i < 400 && !existsSync(path) && child.exitCode === null; i++) await new Promise((resolve) => setTimeout(resolve, 25));
}

function ended(child: ChildProcess): Promise<[code: number | null, text: string]> {
  let text = '';
  child.stdout?.on('data', (part: Buffer) => {
    text += part.toString();
  });
  return new Promise((resolve) => child.on('close', (code) => resolve([code, text])));
}
