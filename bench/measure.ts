// What one run of a program cost, as the kernel accounts it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Cost {
  /** User and system time of the program and all its threads, seconds. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Highest resident size, bytes. */
  readonly peakBytes: number;
}

/** Runs a program under GNU time. @throws when it fails, with what it said */
export function measure(command: (out: string) => readonly string[]): Cost {
  const directory = mkdtempSync(join(tmpdir(), 'vedette-bench-run-'));
  try {
    const report = join(directory, 'cost');
    const out = mkdtempSync(join(directory, 'out-'));
    const args = ['-q', '-f', '%U %S %e %M', '-o', report, ...command(out)];
    const run = spawnSync('/usr/bin/time', args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', maxBuffer: 1 << 28 });
    if (run.status !== 0)
      throw new Error(`${args.slice(5).join(' ')} failed: ${run.stderr?.trim().split('\n').at(-1) ?? run.error?.message}`);
    const [user = 0, system = 0, wallSeconds = 0, kilobytes = 0] = readFileSync(report, 'utf8').trim().split(' ').map(Number);
    return { cpuSeconds: user + system, wallSeconds, peakBytes: kilobytes * 1024 };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Middle value; of an even number, the lower of the two. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1] ?? Number.NaN;
}
