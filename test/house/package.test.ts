import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRepositoryFile, repository } from '../support/repository.ts';

interface Manifest {
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}

const tracked = execFileSync('git', ['ls-files'], { cwd: repository, encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '' && statSync(join(repository, path), { throwIfNoEntry: false })?.isFile());

describe('the package', () => {
  it('pins every dependency exactly', () => {
    const { dependencies, devDependencies } = JSON.parse(readRepositoryFile('package.json')) as Manifest;
    for (const version of Object.values({ ...dependencies, ...devDependencies })) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('holds the launcher, the build and the documents, and neither sources nor tests', () => {
    const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
    const said = execFileSync('npm', args, { cwd: repository, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const [pack] = Object.values(JSON.parse(said) as Record<string, { files: { path: string }[] }>);
    const paths = pack?.files.map(({ path }) => path) ?? [];
    expect(paths).toEqual(expect.arrayContaining(['vedette', 'LICENSE', 'NOTICE', 'README.md', 'package.json']));
    expect(paths.filter((path) => /^(src|test|tools|bench|samples)\//.test(path) || path.includes('.compile-cache'))).toEqual([]);
  });
});

describe('the repository', () => {
  it('names no registry in the lock file: whoever installs uses their own', () => {
    const resolved = [...readRepositoryFile('package-lock.json').matchAll(/"resolved": "([^"]*)"/g)].map(([, url]) => url);
    expect(resolved).toEqual([]);
  });

  it('names no folder of the machine that it was written on', () => {
    const home = /(?:^|[\s'"`(=])\/(?:home|Users)\/[a-z]/m;
    const text = tracked.filter((path) => /\.(?:ts|md|json|cjs|template)$|^vedette$|^\.ci\//.test(path) && !path.includes('fixtures/'));
    expect(text.length).toBeGreaterThan(50);
    expect(text.filter((path) => home.test(readFileSync(join(repository, path), 'utf8')))).toEqual([]);
  });

  it('keeps fixtures and samples small enough for git', () => {
    const large = tracked.filter((path) => statSync(join(repository, path)).size > 2_000_000);
    expect(large).toEqual([]);
  });
});
