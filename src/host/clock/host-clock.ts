// Asks the programs that keep this machine's time, the best first.
import type { ReadClock } from '../clock.ts';
import type { CommandRunner, Program } from '../command-runner.ts';
import { parseTimedatectl, parseTracking } from './parse-clock.ts';

const questions: readonly (readonly [Program, readonly string[], typeof parseTracking])[] = [
  ['chronyc', ['-c', 'tracking'], parseTracking],
  ['timedatectl', ['show'], parseTimedatectl],
];

/** See `ReadClock`. Never fails: an unknown clock is a fact for the record, too. */
export function hostClock(runner: CommandRunner): ReadClock {
  return async () => {
    for (const [program, args, parse] of questions) {
      const result = await runner.run({ program, args, timeoutMs: 3000 }).catch(() => undefined);
      const reading = result?.code === 0 ? parse(result.stdout) : undefined;
      if (reading !== undefined) return reading;
    }
    return { source: 'none' };
  };
}
