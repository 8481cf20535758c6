import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BoundedMap } from './bounded-map.ts';

/** The same by brute force: entries from the least to the most recently used. */
class Model {
  entries: [string, number][] = [];
  evicted: string[] = [];
  readonly #capacity: number;
  constructor(capacity: number) {
    this.#capacity = capacity;
  }
  touch(key: string): number | undefined {
    const found = this.entries.find(([k]) => k === key);
    if (found !== undefined) this.entries = [...this.entries.filter((entry) => entry !== found), found];
    return found?.[1];
  }
  set(key: string, value: number): void {
    this.delete(key);
    this.entries.push([key, value]);
    if (this.entries.length > this.#capacity) this.evicted.push(this.entries.shift()?.[0] ?? '');
  }
  delete(key: string): boolean {
    const before = this.entries.length;
    this.entries = this.entries.filter(([k]) => k !== key);
    return this.entries.length < before;
  }
}

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const step = fc.record({ what: fc.constantFrom('set', 'get', 'peek', 'ensure', 'delete'), key, value: fc.nat(9) });
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Applies one step to both and compares what it returned. */
function apply(map: BoundedMap<string, number>, model: Model, { what, key: k, value }: Step): void {
  if (what === 'set') {
    map.set(k, value);
    model.set(k, value);
  } else if (what === 'get') expect(map.get(k)).toBe(model.touch(k));
  else if (what === 'peek') expect(map.peek(k)).toBe(model.entries.find(([name]) => name === k)?.[1]);
  else if (what === 'delete') expect(map.delete(k)).toBe(model.delete(k));
  else {
    const known = model.touch(k);
    if (known === undefined) model.set(k, value);
    expect(map.ensure(k, () => value)).toBe(known ?? value);
  }
}

describe('a bounded map', () => {
  test('does what a plain list of uses does, whatever is done with it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 60 }), (capacity, steps) => {
        const map = new BoundedMap<string, number>(capacity);
        const model = new Model(capacity);
        for (const one of steps) {
          apply(map, model, one);
          expect(map.size).toBeLessThanOrEqual(capacity);
        }
        expect([...map.entries()]).toEqual(model.entries);
        expect([...map.values()]).toEqual(model.entries.map(([, value]) => value));
        expect(map.evicted).toBe(model.evicted.length);
      }),
    );
  });

  test('may be emptied while it is walked through', () => {
    const map = new BoundedMap<number, number>(10);
    for (let i = 0; i < 10; i++) map.set(i, i);
    const seen: number[] = [];
    for (const [name] of map.entries()) {
      seen.push(name);
      map.delete(name);
    }
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(map.size).toBe(0);
  });
});
