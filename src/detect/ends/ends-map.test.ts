import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BoundedMap } from '../stats/bounded-map.ts';
import { EndsMap } from './ends-map.ts';

type Key = readonly [first: number, second: number, detail: number];

// Few and near, so that they meet in the table; some far, and details with high bits as services have them.
const part = fc.oneof(fc.nat(3), fc.constantFrom(16, 32, 1 << 20, 0x7fffffff));
const key = fc.tuple(part, part, fc.constantFrom(0, 80, (2 << 16) | 443));
const step = fc.record({ what: fc.constantFrom('set', 'get', 'peek', 'clear'), key, value: fc.nat(9) });
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Applies one step to both and compares what it returned; `clear` is rare. */
function apply(map: EndsMap<number>, model: BoundedMap<string, number>, { what, key: [first, second, detail], value }: Step): void {
  const text = `${first}|${second}|${detail}`;
  if (what === 'set') {
    expect(map.set(value, first, second, detail)).toBe(value);
    model.set(text, value);
  } else if (what === 'get') expect(map.get(first, second, detail)).toBe(model.get(text));
  else if (what === 'peek') expect(map.peek(first, second, detail)).toBe(model.peek(text));
  else if (value === 0) {
    map.clear();
    for (const [name] of model.entries()) model.delete(name);
  }
}

describe('a map of ends', () => {
  test('does what a bounded map of texts does, whatever is done with it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.array(step, { maxLength: 300 }), (capacity, steps) => {
        const map = new EndsMap<number>(capacity);
        const model = new BoundedMap<string, number>(capacity);
        for (const one of steps) {
          apply(map, model, one);
          expect(map.size).toBe(model.size);
        }
        const entries: [string, number][] = [];
        map.forEach((value, ...parts) => void entries.push([parts.join('|'), value]));
        expect(entries).toEqual([...model.entries()]);
        expect([...map.values()]).toEqual([...model.values()]);
        expect(map.evicted).toBe(model.evicted);
      }),
    );
  });

  test('keeps the newest of very many, and finds each of them', () => {
    const map = new EndsMap<Key>(1000);
    for (let i = 0; i < 20_000; i++) map.set([i, i * 7, i & 0xffff], i, i * 7, i & 0xffff);
    expect(map.size).toBe(1000);
    expect(map.evicted).toBe(19_000);
    for (let i = 19_000; i < 20_000; i++) expect(map.peek(i, i * 7, i & 0xffff)).toEqual([i, i * 7, i & 0xffff]);
    expect(map.peek(18_999, 18_999 * 7, 18_999)).toBeUndefined();
  });

  test('marks every end that it has an entry of', () => {
    const map = new EndsMap<true>(2);
    for (const [first, second] of [[1, 2] as const, [3, 4] as const, [5, 0] as const]) map.set(true, first, second);
    const marks = new Uint8Array(8);
    map.markEnds(marks);
    expect([...marks]).toEqual([1, 0, 0, 1, 1, 1, 0, 0]);
  });
});
