import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failureOf, pauseMs, retryAfterMs, standardLimits } from './retry-policy.ts';

describe('repeating', () => {
  it('reads Retry-After in seconds and as a date', () => {
    const now = Date.UTC(2026, 0, 1);
    expect(retryAfterMs('12', now)).toBe(12_000);
    expect(retryAfterMs('Thu, 01 Jan 2026 00:00:05 GMT', now)).toBe(5_000);
    expect(retryAfterMs('Wed, 31 Dec 2025 00:00:00 GMT', now)).toBe(0);
    expect(retryAfterMs('soon', now)).toBeUndefined();
    expect(retryAfterMs(undefined, now)).toBeUndefined();
  });

  it('never pauses longer than its limits, nor shorter than it was asked to', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.float({ min: 0, max: Math.fround(0.99), noNaN: true }),
        fc.option(fc.nat(100_000)),
        (attempt, random, asked) => {
          const pause = pauseMs(attempt, random, asked ?? undefined, standardLimits);
          if (attempt >= standardLimits.attempts || (asked ?? 0) > standardLimits.longestRetryAfterMs) return pause === undefined;
          return pause !== undefined && pause >= (asked ?? 0) && pause <= Math.max(standardLimits.longestPauseMs, asked ?? 0);
        },
      ),
    );
  });

  it.each([
    ['ECONNREFUSED', 'not-sent'],
    ['UND_ERR_CONNECT_TIMEOUT', 'not-sent'],
    ['ECONNRESET', 'perhaps-done'],
    ['UND_ERR_HEADERS_TIMEOUT', 'perhaps-done'],
    ['ENOTFOUND', 'hopeless'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'hopeless'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'hopeless'],
  ])('%s means %s', (code, failure) => {
    expect(failureOf(code)).toBe(failure);
  });
});
