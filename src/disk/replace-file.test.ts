import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { removeTemporaryFolders, temporaryFolder } from '../../test/support/temporary-folder.ts';
import { replaceFile } from './replace-file.ts';

removeTemporaryFolders();
let root = '';
beforeEach(() => {
  root = temporaryFolder();
});

it('replaces a file, with the mode that is asked for', () => {
  const path = join(root, 'file');
  writeFileSync(path, 'old');
  replaceFile(path, 'new', 0o600);
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(root)).toEqual(['file']);
});

it('leaves nothing behind when it cannot, and says where', () => {
  mkdirSync(join(root, 'place'));
  expect(() => replaceFile(join(root, 'place'), 'text')).toThrow(/place: cannot be written \(E/);
  expect(readdirSync(root)).toEqual(['place']);
  expect(() => replaceFile(join(root, 'missing/file'), 'text')).toThrow(/ENOENT/);
});
