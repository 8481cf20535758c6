// `openssl ts -verify` on copies of request and response in a folder of our own.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VedetteError } from '../../base/errors.ts';
import type { CommandRunner } from '../command-runner.ts';
import type { StampChainCheck } from '../stamp-chain.ts';

/** The last sentence of openssl's error stack: `…:time stamp token verify:message imprint mismatch:…`. */
const reasonIn = (stderr: string): string => {
  const lines = stderr.split('\n').filter((line) => /error:/i.test(line));
  return (
    (lines.at(-1) ?? stderr)
      .replace(/^.*?error:[0-9A-F]+:/i, '')
      .trim()
      .slice(0, 200) || 'openssl refused it'
  );
};

/** See `StampChainCheck`. */
export function opensslStampChain(runner: CommandRunner): StampChainCheck {
  return async ({ request, response, authorityFile }) => {
    const folder = await mkdtemp(join(tmpdir(), 'vedette-stamp-'));
    try {
      const [query, reply] = [join(folder, 'q.tsq'), join(folder, 'r.tsr')];
      await writeFile(query, request);
      await writeFile(reply, response);
      const args = ['ts', '-verify', '-queryfile', query, '-in', reply, '-CAfile', authorityFile];
      const { code, stderr } = await runner.run({ program: 'openssl', args, timeoutMs: 10_000 });
      return code === 0 ? { chain: 'good' } : { chain: 'bad', reason: reasonIn(stderr) };
    } catch (error) {
      if (error instanceof VedetteError && error.code === 'program-missing')
        return { chain: 'unchecked', reason: 'openssl is not installed' };
      throw error;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}
