import { expect, test } from 'vitest';
import { epochMicros, formatInstant, secondsBetween } from './units.ts';

test('prints instants with microseconds in UTC', () => {
  expect(formatInstant(epochMicros(1_678_048_721_123_456))).toBe('2023-03-05T20:38:41.123456Z');
  expect(formatInstant(epochMicros(0))).toBe('1970-01-01T00:00:00.000000Z');
  expect(formatInstant(epochMicros(1_000_001))).toBe('1970-01-01T00:00:01.000001Z');
});

test('measures in seconds, backwards too', () => {
  expect(secondsBetween(epochMicros(1_500_000), epochMicros(4_000_000))).toBe(2.5);
  expect(secondsBetween(epochMicros(4_000_000), epochMicros(1_500_000))).toBe(-2.5);
});
