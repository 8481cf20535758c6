import { expect, test } from 'vitest';
import { Memo } from './memo.ts';

test('keeps answers, and begins anew when it is full', () => {
  const memo = new Memo<string, number>(2);
  expect([memo.set('a', 1), memo.set('b', 2), memo.get('a'), memo.get('c')]).toEqual([1, 2, 1, undefined]);
  memo.set('c', 3);
  expect([memo.get('a'), memo.get('b'), memo.get('c')]).toEqual([undefined, undefined, 3]);
});
