import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tickScale } from './tick-scale.ts';

const scaled = (resolution: number, ticks: bigint, offset = 0): number =>
  tickScale(resolution, offset)(Number(ticks >> 32n), Number(ticks & 0xffffffffn));

describe('time stamps of pcapng', () => {
  const at = 1_700_000_000_123_456n;
  it.each([
    ['seconds', 0, at / 1_000_000n, 1_700_000_000_000_000],
    ['milliseconds', 3, at / 1000n, 1_700_000_000_123_000],
    ['microseconds', 6, at, 1_700_000_000_123_456],
    ['nanoseconds, truncated', 9, at * 1000n + 999n, 1_700_000_000_123_456],
    ['picoseconds, truncated', 12, at * 1000n * 1000n + 999_999n, 1_700_000_000_123_456],
    ['2^-20 seconds', 0x80 | 20, (1_700_000_000n << 20n) | (1n << 19n), 1_700_000_000_500_000],
    ['2^-32 seconds', 0x80 | 32, (1_700_000_000n << 32n) | (1n << 30n), 1_700_000_000_250_000],
    ['whole seconds as a power of 2', 0x80, 1_700_000_000n, 1_700_000_000_000_000],
  ])('count %s', (_, resolution, ticks, expected) => {
    expect(scaled(resolution, ticks)).toBe(expected);
  });

  it('are moved by the offset of their interface', () => {
    expect(scaled(6, 5n, 1_700_000_000)).toBe(1_700_000_000_000_005);
    expect(scaled(9, 3_600_000_000_000n, -3600)).toBe(0);
  });

  it('agree with exact arithmetic at every resolution', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (resolution, ticks) => {
        const power = BigInt(resolution & 0x7f);
        const exact = (ticks * 1_000_000n) / (resolution >= 0x80 ? 1n << power : 10n ** power);
        fc.pre(exact < 1n << 53n);
        expect(scaled(resolution, ticks)).toBe(Number(exact));
      }),
      { numRuns: 2000 },
    );
  });
});
