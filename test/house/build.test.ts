import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readRepositoryFile, repository } from '../support/repository.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

removeTemporaryFolders();

const version = (JSON.parse(readRepositoryFile('package.json')) as { version: string }).version;

function node(args: readonly string[]): string {
  const run = spawnSync(process.execPath, args, { cwd: '/', encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout;
}

describe('the build', () => {
  let out = '';
  const build = (): string => node([join(repository, 'tools/build.ts'), '--out', out]);
  beforeAll(() => {
    out = temporaryFolder();
    build();
  });

  it('makes a program that needs no node_modules and knows its version', () => {
    expect(node([join(out, 'main.js'), '--version'])).toBe(`${version}\n`);
  });

  it('leaves nothing half-made behind', () => {
    expect(readdirSync(out).filter((name) => name.includes('next'))).toEqual([]);
  });

  it('gives the same files again', () => {
    const first = readFileSync(join(out, '.built'), 'utf8');
    build();
    expect(readFileSync(join(out, '.built'), 'utf8')).toBe(first);
  });
});
