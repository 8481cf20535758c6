import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeTemporaryFolders, temporaryFolder } from '../../test/support/temporary-folder.ts';
import { takeLock } from './writer-lock.ts';

removeTemporaryFolders();

const lockPath = (): string => join(temporaryFolder(), 'lock');

test('a lock is held until it is given back', () => {
  const path = lockPath();
  const release = takeLock(path);
  expect(() => takeLock(path)).toThrow(`is being written by another process (process ${process.pid})`);
  release();
  expect(existsSync(path)).toBe(false);
  takeLock(path)();
});

test('what a dead process left is taken over, also when its number is in use again', () => {
  const path = lockPath();
  const { pid } = spawnSync('true');
  writeFileSync(path, `${pid} 12345`);
  takeLock(path)();
  writeFileSync(path, `${process.pid} 1`);
  const release = takeLock(path);
  expect(readFileSync(path, 'utf8')).toMatch(new RegExp(`^${process.pid} \\d+$`));
  release();
});

test('an empty lock is somebody who is just taking it, unless it is old', () => {
  const path = lockPath();
  writeFileSync(path, '');
  expect(() => takeLock(path)).toThrow('process ?');
  utimesSync(path, new Date(0), new Date(0));
  takeLock(path)();
});

test('a directory that is not there is named', () => {
  expect(() => takeLock('/nonexistent/lock')).toThrow('/nonexistent/lock');
});
