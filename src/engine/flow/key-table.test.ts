import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyTable } from './key-table.ts';

/** Places filed under a hash, in any order. */
function placesOf(table: KeyTable, hash: number): number[] {
  const places: number[] = [];
  for (let index = table.first(hash); index >= 0; index = table.next(hash, index)) places.push(table.place(index));
  return places.sort((a, b) => a - b);
}

// Few hashes, so that many entries stand in the way of each other; some at the very end of the table, so that chains wrap.
const hashes = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 4090, max: 4100 }), fc.integer());
const steps = fc.array(fc.record({ hash: hashes, place: fc.nat(300), insert: fc.boolean() }), { maxLength: 400 });

test('holds what was inserted and not removed, whatever the order', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const table = new KeyTable();
      const model = new Map<number, number>();
      for (const { hash, place, insert } of list) {
        const known = model.get(place);
        if (insert && known === undefined) {
          table.insert(hash, place);
          model.set(place, hash);
        } else if (!insert && known !== undefined) {
          table.remove(known, place);
          model.delete(place);
        }
      }
      expect(table.count).toBe(model.size);
      for (const hash of new Set(list.map((step) => step.hash))) {
        const expected = [...model].filter(([, its]) => its === hash).map(([place]) => place);
        expect(placesOf(table, hash)).toEqual(expected.sort((a, b) => a - b));
      }
    }),
  );
});

test('grows', () => {
  const table = new KeyTable();
  for (let i = 0; i < 100_000; i++) table.insert(Math.imul(i, 0x9e3779b1), i);
  for (let i = 0; i < 100_000; i++) expect(placesOf(table, Math.imul(i, 0x9e3779b1))).toEqual([i]);
});

test('removing what is not there changes nothing', () => {
  const table = new KeyTable();
  table.insert(1, 7);
  table.remove(1, 8);
  table.remove(2, 7);
  expect(placesOf(table, 1)).toEqual([7]);
});
