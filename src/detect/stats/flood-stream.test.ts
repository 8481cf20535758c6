import { describe, expect, test } from 'vitest';
import { type FloodRule, judgeFlood } from './flood-stream.ts';
import type { Peak } from './traffic-seconds.ts';

const rule: FloodRule = {
  windowSeconds: 20,
  highPerSecond: 1000,
  highBitsPerSecond: 8e6,
  mediumPerSecond: 100,
  minPackets: 500,
  maxReplyShare: 0.1,
};
const peak: Peak = { from: 0, seconds: 2, packets: 2000, bytes: 1000, replies: 0 };

describe('a flood', () => {
  test.each<[string, Partial<Peak>, string | undefined]>([
    ['at the high rate', {}, 'high'],
    ['just below the high rate', { packets: 1999 }, 'medium'],
    ['of large packets', { packets: 600, bytes: 2e6 }, 'high'],
    ['of packets not quite as large', { packets: 600, bytes: 2e6 - 1 }, 'medium'],
    ['at the medium rate', { packets: 500, seconds: 5 }, 'medium'],
    ['just below the medium rate', { packets: 500, seconds: 6 }, undefined],
    ['of too few packets', { packets: 499, seconds: 1 }, undefined],
    ['with as many replies as may be', { replies: 200 }, 'high'],
    ['with one reply more', { replies: 201 }, undefined],
  ])('%s', (_, change, expected) => expect(judgeFlood({ ...peak, ...change }, rule)).toBe(expected));

  test('is not judged by bits where that is switched off', () =>
    expect(judgeFlood({ ...peak, packets: 600, bytes: 1e9 }, { ...rule, highBitsPerSecond: 0 })).toBe('medium'));
});
