import { spawnSync } from 'node:child_process';
import { openSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

const main = resolve(import.meta.dirname, '../main.ts');

function vedette(args: readonly string[], stdout: 'pipe' | number = 'pipe'): { code: number | null; out: string | null; err: string } {
  const child = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', stdio: ['ignore', stdout, 'pipe'] });
  return { code: child.status, out: child.stdout, err: child.stderr };
}

describe('the command line', () => {
  it('knows its version', () => {
    expect(vedette(['--version'])).toEqual({ code: 0, out: `${packageJson.version}\n`, err: '' });
  });

  it('prints help where it was asked for', () => {
    expect(vedette(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('Usage: vedette'), err: '' });
  });

  it('answers bad usage with one line and code 2', () => {
    expect(vedette(['--jsn'])).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(/^vedette: unknown option '--jsn'; see vedette --help\n$/),
    });
  });

  it('suggests what was meant', () => {
    expect(vedette(['--versio'])).toMatchObject({ code: 2, err: expect.stringMatching(/; did you mean --version\?\n$/) });
  });

  it('calls a full disk behind standard output a failure outside, in one line', () => {
    const { code, err } = vedette(['--help'], openSync('/dev/full', 'w'));
    expect({ code, err }).toMatchObject({
      code: 4,
      err: expect.stringMatching(/^vedette: standard output: cannot be written \(ENOSPC\); .*\n$/),
    });
  });
});
