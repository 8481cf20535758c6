import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeNeeding } from '../support/machine.ts';
import { repository } from '../support/repository.ts';
import { removeTemporaryFolders, temporaryTree } from '../support/temporary-folder.ts';

removeTemporaryFolders();

/** Runs the launcher of `root` in a mount namespace where that tree cannot be written, by nobody. */
function runReadOnly(root: string): { code: number | null; out: string; err: string } {
  const script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$0/vedette" x';
  const path = join(repository, 'node_modules/node/bin');
  const child = spawnSync('unshare', ['-m', 'sh', '-c', script, root], {
    env: { PATH: `${path}:${process.env['PATH'] ?? ''}` },
    encoding: 'utf8',
  });
  return { code: child.status, out: child.stdout, err: child.stderr };
}

function treeWithSources(files: Readonly<Record<string, string>>): string {
  const root = temporaryTree({ 'package.json': '{"type":"module"}', 'package-lock.json': '{}', 'src/main.ts': '', ...files });
  copyFileSync(join(repository, 'vedette'), join(root, 'vedette'));
  return root;
}

describeNeeding('the launcher in a tree that cannot be written', { root: true, tools: ['unshare', 'mount'] }, () => {
  it('runs what was built, even when a source is newer', () => {
    const root = treeWithSources({ 'dist/main.js': 'console.log("ran")', 'dist/.built': '' });
    utimesSync(join(root, 'dist/.built'), 1, 1);
    expect(runReadOnly(root)).toEqual({ code: 0, out: 'ran\n', err: '' });
  });

  it('says in one line that nothing was built', () => {
    const root = treeWithSources({});
    mkdirSync(join(root, '.vedette'));
    writeFileSync(join(root, '.vedette/lock'), '');
    const { code, err } = runReadOnly(root);
    expect(err).toMatch(/^vedette: .* cannot be written, and the program in it is not ready; .*\n$/);
    expect(code).toBe(4);
  });
});
