import { describe, expect, it } from 'vitest';
import { path } from './api.ts';
import { requestOf } from './call-requests.ts';
import { atLeastVersion, chosenMicroversion, microversionHeaders, offeredVersions } from './microversions.ts';

describe('microversions', () => {
  it('compare as numbers, not as text', () => {
    expect(atLeastVersion('2.9', '2.10')).toBe(false);
    expect(atLeastVersion('2.10', '2.9')).toBe(true);
    expect(atLeastVersion('3.0', '2.90')).toBe(true);
    expect(atLeastVersion(undefined, '2.1')).toBe(false);
  });

  it.each([
    ['2.1', '2.96', '2.90'],
    ['2.1', '2.60', '2.60'],
    ['2.95', '2.99', '2.95'],
  ])('from %s to %s are agreed on as %s', (min, max, chosen) => {
    expect(chosenMicroversion({ min, max })).toBe(chosen);
  });

  it('are read from either document, and missing from old servers', () => {
    expect(offeredVersions({ version: { version: '2.93', min_version: '2.1' } })).toEqual({ min: '2.1', max: '2.93' });
    const versions = [
      { id: 'v2.0', version: '' },
      { id: 'v2.1', version: '2.38', min_version: '2.1' },
    ];
    expect(offeredVersions({ versions })).toEqual({ min: '2.1', max: '2.38' });
    expect(offeredVersions({ versions: [{ id: 'v2.0', version: '' }] })).toBeUndefined();
    expect(microversionHeaders(undefined)).toEqual({});
  });

  it('are asked for as the server understands', () => {
    expect(microversionHeaders('2.90')).toEqual({ 'openstack-api-version': 'compute 2.90' });
    expect(microversionHeaders('2.12')).toEqual({ 'x-openstack-nova-api-version': '2.12' });
  });

  it('decide whether a lock has a reason', () => {
    const lock = { call: 'lock', machineId: 'm', reason: 'r'.repeat(400) } as const;
    expect(requestOf(lock, { microversion: '2.73' }).body).toEqual({ lock: { locked_reason: 'r'.repeat(255) } });
    expect(requestOf(lock, { microversion: '2.72' }).body).toEqual({ lock: null });
  });
});

describe('paths', () => {
  it.each([
    ['7f3a', '/ports/7f3a/x'],
    ['a/../b?c#d', '/ports/a%2F..%2Fb%3Fc%23d/x'],
    ['..', '/ports/..%3F/x'],
    ['', '/ports/%3F/x'],
  ])('keep the id %j in its place', (id, expected) => {
    expect(path`/ports/${id}/x`).toBe(expected);
    expect(new URL(`http://h${path`/ports/${id}/x`}`).pathname).toBe(expected);
  });
});
