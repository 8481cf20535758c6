import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { removeTemporaryFolders, temporaryFolder } from '../../test/support/temporary-folder.ts';
import { directorySource } from './bundle-directory/directory-source.ts';
import { createBundleDirectory } from './bundle-directory/directory-writer.ts';
import { tarHeader } from './bundle-tar/tar-format.ts';
import { tarSource } from './bundle-tar/tar-source.ts';
import { writeBundleTar } from './bundle-tar/tar-writer.ts';
import { Collection } from './seal-bundle.ts';
import { newPrivateKey, signingKeyOf, verifyingKeyOf } from './signature.ts';
import { verifyBundle } from './verify-bundle.ts';

removeTemporaryFolders();

const actor = { who: 'ines', host: 'net-1' };
const now = (): Date => new Date('2026-11-29T10:00:00Z');
const key = signingKeyOf(newPrivateKey());

async function makeBundle(path: string, isSigned = true): Promise<string> {
  const collection = new Collection(await createBundleDirectory(path), actor, now);
  collection.record('opened', { reason: 'test' });
  await collection.write('findings.ndjson', '{"id":"D31"}\n', { what: 'findings', source: 'case' });
  await collection.write(
    'packets/findings.pcapng',
    Uint8Array.from({ length: 700 }, (_, i) => i & 255),
    { what: 'packets', source: 'x.pcap' },
  );
  await collection.write('empty.log', '', { what: 'nothing', source: 'x' });
  collection.miss('console log', 'the cloud did not answer');
  await collection.seal('0.1.0', { case: 'case-2026-001' }, isSigned ? key : undefined);
  return path;
}

const files = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1));

const problemsOf = async (path: string): Promise<string[]> =>
  (await verifyBundle(directorySource(path))).problems.map((problem) => problem.path);

describe('a bundle', () => {
  let path = '';
  let unsigned = '';
  beforeAll(async () => {
    path = await makeBundle(join(temporaryFolder(), 'bundle'));
    unsigned = await makeBundle(join(temporaryFolder(), 'unsigned'), false);
  });

  it('is whole when it was just made, signed by its key, and readable by its owner alone', async () => {
    const verdict = await verifyBundle(directorySource(path), verifyingKeyOf(key?.publicPem ?? ''));
    expect(verdict).toMatchObject({ isWhole: true, problems: [], signedBy: key?.fingerprint, isTrusted: true });
    expect(verdict.custody.map(({ what }) => what)).toEqual([
      'opened',
      'collected',
      'collected',
      'collected',
      'not collected',
      'collected',
      'sealed',
    ]);
    expect(verdict.manifest?.gaps).toEqual([{ what: 'console log', reason: 'the cloud did not answer' }]);
    for (const name of files(path)) expect(statSync(join(path, name)).mode & 0o777).toBe(0o600);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(path, 'packets')).mode & 0o777).toBe(0o700);
  });

  it('is checked by sha256sum and openssl as well', () => {
    expect(execFileSync('sha256sum', ['-c', '--strict', 'SHA256SUMS'], { cwd: path, encoding: 'utf8' })).toContain('manifest.json: OK');
    const args = ['pkeyutl', '-verify', '-pubin', '-inkey', 'signing-key.pub', '-rawin', '-in', 'SHA256SUMS', '-sigfile', 'SHA256SUMS.sig'];
    expect(execFileSync('openssl', args, { cwd: path, encoding: 'utf8' })).toContain('Signature Verified Successfully');
  });

  it.each([
    ['signed', () => path],
    ['unsigned', () => unsigned],
  ])('that is %s shows which file it was when one byte of any is altered', async (_, at) => {
    const bundle = at();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files(bundle)), fc.nat(), fc.integer({ min: 1, max: 255 }), async (name, where, flip) => {
        const file = join(bundle, name);
        const before = readFileSync(file);
        if (before.length === 0) return;
        const after = Buffer.from(before);
        const i = where % after.length;
        after[i] = (after[i] ?? 0) ^ flip;
        writeFileSync(file, after);
        try {
          expect(await problemsOf(bundle)).toContain(name);
        } finally {
          writeFileSync(file, before);
        }
      }),
      { numRuns: 200 },
    );
    expect(await problemsOf(bundle)).toEqual([]);
  });

  it('names every file that is missing, cut or longer', async () => {
    for (const name of files(path)) {
      const file = join(path, name);
      const before = readFileSync(file);
      for (const change of [
        () => rmSync(file),
        () => writeFileSync(file, before.length > 0 ? before.subarray(0, -1) : 'x'),
        () => writeFileSync(file, Buffer.concat([before, Buffer.from('\n')])),
      ]) {
        change();
        expect(await problemsOf(path), name).toContain(name);
        writeFileSync(file, before, { mode: 0o600 });
      }
    }
  });

  it('names what was added: files, links, folders', async () => {
    const strangers: readonly [string, (at: string) => void][] = [
      ['added.txt', (at) => writeFileSync(at, 'x')],
      ['.hidden', (at) => writeFileSync(at, 'x')],
      ['packets/link', (at) => symlinkSync('/etc/passwd', at)],
      ['folder', (at) => mkdirSync(at)],
    ];
    for (const [name, make] of strangers) {
      make(join(path, name));
      expect(await problemsOf(path)).toEqual([name]);
      rmSync(join(path, name), { recursive: true });
    }
    const target = join(path, 'empty.log');
    rmSync(target);
    symlinkSync('/dev/null', target);
    expect(await problemsOf(path)).toContain('empty.log');
    rmSync(target);
    writeFileSync(target, '');
  });

  it('made anew with another key is not the trusted one', async () => {
    const other = signingKeyOf(newPrivateKey());
    const verdict = await verifyBundle(directorySource(path), verifyingKeyOf(other?.publicPem ?? ''));
    expect(verdict).toMatchObject({ isWhole: false, isTrusted: false, problems: [{ path: 'signing-key.pub', kind: 'signature' }] });
    const none = await verifyBundle(directorySource(unsigned), verifyingKeyOf(other?.publicPem ?? ''));
    expect(none.problems).toMatchObject([{ path: 'SHA256SUMS.sig', kind: 'signature' }]);
  });

  it('is never written over something, and leaves nothing when it is given up', async () => {
    await expect(createBundleDirectory(path)).rejects.toMatchObject({ code: 'output-occupied' });
    const folder = temporaryFolder();
    const writer = await createBundleDirectory(join(folder, 'late'));
    mkdirSync(join(folder, 'late'));
    await expect(writer.publish()).rejects.toMatchObject({ code: 'output-occupied' });
    await writer.abandon();
    expect(readdirSync(folder)).toEqual(['late']);
  });

  it('is not what lies in any other directory', async () => {
    await expect(verifyBundle(directorySource(temporaryFolder()))).rejects.toMatchObject({ code: 'bundle-format' });
    await expect(verifyBundle(directorySource('/nonexistent'))).rejects.toMatchObject({ code: 'input-missing' });
  });
});

describe('a bundle in an archive', () => {
  let directory = '';
  let archive = '';
  const check = async (bytes: Uint8Array): Promise<string[]> => {
    const path = join(temporaryFolder(), 'b.tar.gz');
    writeFileSync(path, bytes);
    try {
      return (await verifyBundle(tarSource(path))).problems.map((problem) => `${problem.path} ${problem.detail}`);
    } catch (error) {
      // So damaged that nothing of it was found.
      expect(error).toMatchObject({ code: 'bundle-format' });
      return [String(error)];
    }
  };
  beforeAll(async () => {
    directory = await makeBundle(join(temporaryFolder(), 'case-1'));
    archive = `${directory}.tar.gz`;
    await writeBundleTar(directorySource(directory), archive, 'case-1', now());
  });

  it('is whole, the same when made again, and unpacked by tar', async () => {
    expect(await verifyBundle(tarSource(archive))).toMatchObject({ isWhole: true, signedBy: key?.fingerprint });
    const again = `${archive}.again`;
    await writeBundleTar(directorySource(directory), again, 'case-1', now());
    expect(readFileSync(again).equals(readFileSync(archive))).toBe(true);
    const folder = temporaryFolder();
    execFileSync('tar', ['-xzf', archive, '-C', folder]);
    expect(await problemsOf(join(folder, 'case-1'))).toEqual([]);
    await expect(writeBundleTar(directorySource(directory), archive, 'case-1', now())).rejects.toMatchObject({ code: 'output-occupied' });
  });

  it('fails for any altered byte of the archive, and any cut', async () => {
    const tar = gunzipSync(readFileSync(archive));
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: tar.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = Buffer.from(tar);
        changed[at] = (changed[at] ?? 0) ^ flip;
        expect(await check(changed)).not.toEqual([]);
      }),
      { numRuns: 100 },
    );
    const packed = readFileSync(archive);
    for (const length of [20, packed.length >> 1, packed.length - 9]) expect(await check(packed.subarray(0, length))).not.toEqual([]);
  });

  it('with a path that leads out of it, a link, or another folder is refused by name', async () => {
    const tar = gunzipSync(readFileSync(archive));
    const entry = (path: string): Buffer => Buffer.concat([tarHeader(path, 0, 0)]);
    const withEntry = (header: Uint8Array): Uint8Array =>
      gzipSync(Buffer.concat([tar.subarray(0, tar.length - 1024), header, Buffer.alloc(1024)]));
    for (const path of ['../outside', 'case-1/../../etc/cron.d/x', '/etc/passwd', 'other/file', 'case-1//x', 'case-1/.ssh/key']) {
      expect((await check(withEntry(entry(path)))).join(), path).toContain('was added');
    }
    const link = entry('case-1/link');
    link.write('2', 156, 'latin1');
    expect((await check(withEntry(link))).join()).toContain('case-1/link is a symbolic link');
    expect(await check(withEntry(entry('case-1/findings.ndjson')))).toEqual(['findings.ndjson is there twice']);
  });

  it('made by tar itself from the same files is refused: its owners and times are not ours', async () => {
    const path = join(temporaryFolder(), 'foreign.tar');
    execFileSync('tar', ['-cf', path, '-C', join(directory, '..'), 'case-1']);
    expect((await check(readFileSync(path))).join()).toContain('is a folder');
  });
});

it('survives being moved', async () => {
  const path = await makeBundle(join(temporaryFolder(), 'one'));
  renameSync(path, `${path}-moved`);
  chmodSync(`${path}-moved`, 0o755);
  expect(await problemsOf(`${path}-moved`)).toEqual([]);
});
