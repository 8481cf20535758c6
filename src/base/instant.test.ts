import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInstant } from './instant.ts';
import { epochMicros, formatInstant } from './units.ts';

describe('a time', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e15 }), (micros) => {
        expect(parseInstant(formatInstant(epochMicros(micros)))).toBe(micros);
      }),
    );
  });

  it.each([
    ['2023-03-05', '2023-03-05T00:00:00.000000Z'],
    ['2023-03-05 20:38', '2023-03-05T20:38:00.000000Z'],
    ['2023-03-05T20:38:41.5+0200', '2023-03-05T18:38:41.500000Z'],
    ['2023-03-05T20:38:41-05:30', '2023-03-06T02:08:41.000000Z'],
    ['2023-03-05 20:38:41 UTC', '2023-03-05T20:38:41.000000Z'],
  ])('%j is %s', (text, meant) => {
    expect(formatInstant(parseInstant(text) ?? epochMicros(0))).toBe(meant);
  });

  it.each(['', 'yesterday', '2023-13-05', '2023-03-05T25:00:00Z', '5'])('%j is none', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});
