import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatPorts, parsePorts } from './port-list.ts';
import { parseWindow, windowAt } from './time-window.ts';

it('reads and writes lists of ports', () => {
  expect(parsePorts('80, 22,8000-8002,80')).toEqual([22, 80, 8000, 8001, 8002]);
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 65_535 }), { maxLength: 50 }), (ports) => {
      const sorted = ports.toSorted((a, b) => a - b);
      expect(parsePorts(formatPorts(sorted))).toEqual(sorted);
    }),
  );
});

it.each(['0', '65536', '5-4', 'http', '-1', '1-', '22;id', 'T:22'])('refuses "%s"', (text) => {
  expect(() => parsePorts(text)).toThrow(/no port or range/);
});

it('knows how long a window is open, over midnight too', () => {
  const at = (time: string): Date => new Date(`2026-11-30T${time}:00Z`);
  const hours = (text: string, time: string): readonly number[] => {
    const { openMs, untilOpenMs } = windowAt(parseWindow(text), at(time));
    return [openMs / 3_600_000, untilOpenMs / 3_600_000];
  };
  expect(hours('01:00-05:00', '02:30')).toEqual([2.5, 0]);
  expect(hours('01:00-05:00', '05:00')).toEqual([0, 20]);
  expect(hours('22:00-04:00', '23:00')).toEqual([5, 0]);
  expect(hours('22:00-04:00', '03:00')).toEqual([1, 0]);
  expect(hours('22:00-04:00', '12:00')).toEqual([0, 10]);
});

it.each(['', '1-5', '01:00', '25:00-01:00', '01:60-02:00', '01:00-01:00', '01:00-02:00-03:00'])('refuses the window "%s"', (text) => {
  expect(() => parseWindow(text)).toThrow(/no time window/);
});
