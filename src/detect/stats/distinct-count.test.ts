import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DistinctCount } from './distinct-count.ts';

describe('a distinct count', () => {
  test('is exact up to its limit, whatever is repeated', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }).map(String), { maxLength: 600 }), (values) => {
        const count = new DistinctCount(401);
        for (const value of values) count.add(value);
        expect([count.size, count.isExact]).toEqual([new Set(values).size, true]);
        expect(count.sample(5)).toEqual([...new Set(values)].slice(0, 5));
      }),
    );
  });

  test('is off by less than five standard errors above it (1.6 % each)', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 65, max: 60_000 }), (seed, size) => {
        const count = new DistinctCount(64);
        for (let i = 0; i < size; i++) count.add(`${seed}:${i}`);
        expect(count.isExact).toBe(false);
        expect(Math.abs(count.size - size) / size).toBeLessThan(5 * 0.01625);
      }),
      { numRuns: 25, seed: 20_260_101 },
    );
  });

  test('does not change when everything comes again, and keeps its first values as samples', () => {
    const count = new DistinctCount(64);
    const addAll = (): void => {
      for (let i = 0; i < 5000; i++) count.add(`10.0.${i >> 8}.${i & 255}`);
    };
    addAll();
    const before = count.size;
    addAll();
    expect(count.size).toBe(before);
    expect(count.sample(3)).toEqual(['10.0.0.0', '10.0.0.1', '10.0.0.2']);
    expect(count.sample(1000).length).toBeLessThanOrEqual(100);
  });
});
