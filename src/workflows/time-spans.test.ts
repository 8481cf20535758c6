import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimeSpans } from './time-spans.ts';

describe('TimeSpans', () => {
  it('covers nothing without a span', () => {
    const spans = new TimeSpans([]);
    expect([spans.covers(0), spans.end]).toEqual([false, Number.NEGATIVE_INFINITY]);
  });

  it('tells the same as looking at each span, whatever the order of times', () => {
    const time = fc.integer({ min: 0, max: 60 });
    const span = fc.tuple(time, time).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
    fc.assert(
      fc.property(fc.array(span, { maxLength: 8 }), fc.array(time, { maxLength: 60 }), (list, times) => {
        const spans = new TimeSpans(list);
        expect(times.map((at) => spans.covers(at))).toEqual(times.map((at) => list.some(({ from, to }) => at >= from && at <= to)));
        expect(spans.end).toBe(Math.max(...list.map(({ to }) => to)));
      }),
    );
  });
});
