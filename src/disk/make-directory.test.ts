import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { removeTemporaryFolders, temporaryFolder } from '../../test/support/temporary-folder.ts';
import { makeDirectory } from './make-directory.ts';

removeTemporaryFolders();
let root = '';
beforeEach(() => {
  root = temporaryFolder();
});

it('makes what is missing, with the mode, and leaves what is there', () => {
  const path = join(root, 'a/b/c');
  makeDirectory(path, 0o700);
  makeDirectory(path, 0o755);
  expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(statSync(join(root, 'a')).mode & 0o777).toBe(0o700);
});

it('says what the system says', () => {
  writeFileSync(join(root, 'file'), '');
  expect(() => makeDirectory(join(root, 'file'))).toThrow(/EEXIST/);
  expect(() => makeDirectory(join(root, 'file/below'))).toThrow(/EEXIST|ENOTDIR/);
});

// Node's mkdir with `recursive` does not return here.
it('ends below /proc', () => {
  expect(() => makeDirectory('/proc/vedette/state')).toThrow(/ENOENT/);
});
