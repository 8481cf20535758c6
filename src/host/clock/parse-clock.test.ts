import { expect, it } from 'vitest';
import type { CommandRunner } from '../command-runner.ts';
import { hostClock } from './host-clock.ts';
import { parseTimedatectl, parseTracking } from './parse-clock.ts';

const tracking =
  'C0248F97,192.36.143.151,2,1764412934.123456789,-0.000012345,0.000034567,0.000100000,-12.345,0.001,0.050,0.020000000,0.000400000,64.2,Normal\n';

it('is read from what chronyc prints', () => {
  expect(parseTracking(tracking)).toEqual({
    ...{ source: 'chronyc', isSynchronised: true, offsetSeconds: 0.000012345, reference: '192.36.143.151' },
    maxErrorSeconds: 0.0104,
  });
  expect(parseTracking('506 Cannot talk to daemon\n')).toBeUndefined();
});

it('is read from what timedatectl prints', () => {
  expect(parseTimedatectl('Timezone=Etc/UTC\nNTP=yes\nNTPSynchronized=no\n')).toEqual({ source: 'timedatectl', isSynchronised: false });
});

it('asks the next program when one is missing or does not know, and says when none knows', async () => {
  const asked: string[] = [];
  const runner: CommandRunner = {
    async run({ program }) {
      asked.push(program);
      if (program === 'chronyc') return { code: 1, stdout: '506 Cannot talk to daemon\n', stderr: '', truncated: false };
      throw new Error('no such program');
    },
  };
  expect(await hostClock(runner)()).toEqual({ source: 'none' });
  expect(asked).toEqual(['chronyc', 'timedatectl']);
});
