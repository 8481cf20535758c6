import { expect, test } from 'vitest';
import { appended } from './short-list.ts';

test('a short list grows at its end and leaves what it was as it was', () => {
  const before: readonly string[] = Object.freeze(['a']);
  expect(appended(before as string[], 'b')).toEqual(['a', 'b']);
  let list: number[] = [];
  for (let i = 0; i < 100; i++) list = appended(list, i);
  expect(list).toEqual(Array.from({ length: 100 }, (_, i) => i));
});
