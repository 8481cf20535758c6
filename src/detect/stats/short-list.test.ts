import { expect, test } from 'vitest';
import { appended, type Few, listed, withOne } from './short-list.ts';

test('a short list grows at its end and leaves what it was as it was', () => {
  const before: readonly string[] = Object.freeze(['a']);
  expect(appended(before as string[], 'b')).toEqual(['a', 'b']);
  let list: number[] = [];
  for (let i = 0; i < 100; i++) list = appended(list, i);
  expect(list).toEqual(Array.from({ length: 100 }, (_, i) => i));
});

test('few values are one, then a list, up to the bound', () => {
  let few: Few<string>;
  const seen: (readonly string[])[] = [listed(few)];
  for (const value of ['a', 'b', 'c', 'd']) {
    few = withOne(few, value, 3);
    seen.push(listed(few));
  }
  expect(seen).toEqual([[], ['a'], ['a', 'b'], ['a', 'b', 'c'], ['a', 'b', 'c']]);
});
