import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RecentTargets } from './recent-targets.ts';

const windowMicros = 60e6;
const second = 1e6;

describe('targets within a window', () => {
  test('pass the threshold together with the contact that completes it', () => {
    const targets = new RecentTargets({ windowMicros, threshold: 3, failedShare: 0.6 });
    expect(targets.add('a', 0, true, 'A')).toBeUndefined();
    expect(targets.add('b', second, true, 'B')).toBeUndefined();
    expect(targets.add('b', 2 * second, true, 'B2')).toBeUndefined();
    expect(targets.add('c', 3 * second, false, 'C')).toMatchObject({
      contacts: 3,
      failed: 2,
      firstAt: 0,
      lastAt: 3 * second,
      uids: ['A', 'B', 'C'],
    });
  });

  test('do not pass when they are further apart than the window, in whatever order they are told', () => {
    const spread = fc.integer({ min: 10, max: 200 }).map((count) => Array.from({ length: count }, (_, i) => i));
    fc.assert(
      fc.property(
        spread.chain((order) => fc.shuffledSubarray(order, { minLength: order.length })),
        (order) => {
          // Every eleven seconds: at most six fit into a minute.
          const targets = new RecentTargets({ windowMicros, threshold: 7, failedShare: 0.6 });
          for (const i of order) expect(targets.add(`t${i}`, i * 11 * second, true, '')).toBeUndefined();
        },
      ),
    );
  });

  test('do not pass when too many succeed, and a contact that succeeded once is no failure', () => {
    const targets = new RecentTargets({ windowMicros, threshold: 10, failedShare: 0.6 });
    for (let i = 0; i < 200; i++) expect(targets.add(`t${i}`, i * second, i % 2 === 0, '')).toBeUndefined();
    const retried = new RecentTargets({ windowMicros, threshold: 3, failedShare: 0.6 });
    for (const name of ['a', 'b']) {
      retried.add(name, 0, true, '');
      retried.add(name, second, false, '');
    }
    expect(retried.add('c', 2 * second, true, '')).toBeUndefined();
  });

  test('are found when failures follow on many successes', () => {
    const targets = new RecentTargets({ windowMicros, threshold: 10, failedShare: 0.6 });
    for (let i = 0; i < 300; i++) targets.add(`good${i}`, i * 1000, false, '');
    let found = 0;
    for (let i = 0; i < 10; i++) if (targets.add(`bad${i}`, 300_000 + i * 1000, true, '') !== undefined) found++;
    expect(found).toBeGreaterThan(0);
  });

  test('go on in one episode: after a pause the threshold counts anew, what is known stays', () => {
    const targets = new RecentTargets({ windowMicros, threshold: 3, failedShare: 0.6 });
    for (let i = 0; i < 5; i++) targets.add(`t${i}`, i * second, true, '');
    const hour = 3600 * second;
    expect(targets.add('x', hour, true, '')).toBeUndefined();
    expect(targets.add('y', hour + second, true, '')).toBeUndefined();
    expect(targets.add('z', hour + 2 * second, true, '')).toMatchObject({ contacts: 8, firstAt: 0 });
    expect(targets.episode?.targets.size).toBe(8);
  });

  test('say that they grew each time they doubled', () => {
    const targets = new RecentTargets({ windowMicros, threshold: 4, failedShare: 0.6 });
    const grewAt: number[] = [];
    for (let i = 1; i <= 1000; i++) if (targets.add(`t${i}`, i * 1000, true, '')?.grew) grewAt.push(i);
    expect(grewAt).toEqual([4, 8, 16, 32, 64, 128, 256, 512]);
  });
});
