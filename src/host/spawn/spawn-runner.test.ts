import { describe, expect, it } from 'vitest';
import { describeNeeding } from '../../../test/support/machine.ts';
import type { Program } from '../command-runner.ts';
import { spawnRunner } from './spawn-runner.ts';

describe('a program', () => {
  it('that is not on the list is never run', async () => {
    await expect(spawnRunner('sh' as Program, ['-c', 'true'])).rejects.toMatchObject({ code: 'internal' });
  });
});

describeNeeding('openssl', { tools: ['openssl'] }, () => {
  it('gives its output, and its status when it fails', async () => {
    expect(await spawnRunner('openssl', ['version'])).toMatchObject({ status: 0, stdout: expect.stringContaining('SSL') });
    expect(await spawnRunner('openssl', ['ts', '-verify'])).toMatchObject({ status: 1 });
  });

  it('gets arguments as they are: no shell reads them', async () => {
    expect((await spawnRunner('openssl', ['version', '; id'])).stdout).not.toContain('uid=');
  });

  it('is ended when it takes too long', async () => {
    await expect(spawnRunner('openssl', ['speed', '-seconds', '5'], { timeoutMs: 200 })).rejects.toMatchObject({ code: 'program-failed' });
  });
});
