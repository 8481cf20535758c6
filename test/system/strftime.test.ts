// Times of vedette cut beside those of the C library.
import { execFileSync } from 'node:child_process';
import { afterAll, expect, it } from 'vitest';
import { strftime } from '../../src/workflows/cut/strftime.ts';
import { describeNeeding } from '../support/machine.ts';

const formats =
  '%a %A %b %B %c %C %d %D %e %F %g %G %h %H %I %j %k %l %m %M %p %P %r %R %s %S %T %u %U %V %w %W %x %X %y %Y %z %Z %% %-d %_H %^a %#p %10Y';
/** Ends and beginnings of years, a leap day, both changes of the clocks. */
const times = [0, 951_782_400, 1_230_768_000, 1_262_304_000, 1_679_795_999, 1_678_048_721, 1_698_541_200, 1_735_603_199, 1_798_761_600];

describeNeeding('strftime', { tools: ['date'] }, () => {
  const before = process.env['TZ'];
  afterAll(() => {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  });

  it.each(['UTC', 'Europe/Oslo', 'America/New_York', 'Asia/Tehran'])('writes times in %s as the C library does', (zone) => {
    process.env['TZ'] = zone;
    for (const at of times) {
      const format = formats.replaceAll(' ', '|');
      const wanted = execFileSync('date', ['-d', `@${at}`, `+${format}`], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
      expect(strftime(format, at, false)).toBe(wanted.trimEnd());
    }
  });
});
