import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRepositoryFile, repository } from '../support/repository.ts';

/** Programs that .ci/packages installs. */
const installed = readRepositoryFile('.ci/packages')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .flatMap((line) => (line.split(/\s+/)[1] ?? '').split(','));

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.test.ts'], {
  cwd: repository,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '');

describe('continuous integration', () => {
  it('installs every program that a test asks for', () => {
    const asked = tracked.flatMap((path) => {
      const lists = readFileSync(join(repository, path), 'utf8').matchAll(/\btools: \[([^\]]*)\]/g);
      return [...lists].flatMap(([, list = '']) => [...list.matchAll(/'([^']+)'/g)].map(([, tool]) => tool));
    });
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((tool) => tool !== undefined && !installed.includes(tool))).toEqual([]);
  });

  it('says for every package what it is for', () => {
    const lines = readRepositoryFile('.ci/packages')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    for (const line of lines) expect(line).toMatch(/^[a-z0-9.+-]+ +\S+ +\S.*$/);
  });

  it('calls the test command of the README', () => {
    expect(readRepositoryFile('README.md')).toContain('npm ci && npm test');
    expect(readRepositoryFile('.ci/run')).toMatch(/^npm ci\b.*\nnpm test$/m);
  });

  it('has no test that is switched off, or that switches the others off', () => {
    const switched = tracked.filter((path) =>
      /\b(?:it|test|describe)\.(?:skip|only|todo|skipIf|runIf)\b/.test(readFileSync(join(repository, path), 'utf8')),
    );
    expect(switched.filter((path) => !path.endsWith('continuous-integration.test.ts'))).toEqual([]);
  });
});
