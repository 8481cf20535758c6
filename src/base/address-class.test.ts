import { expect, test } from 'vitest';
import { inAny, isMulticastWords, isPublicWords, privateRanges, remembered } from './address-class.ts';

test('tells private, public and multicast addresses apart', () => {
  const isPrivate = remembered(10, (words) => inAny(privateRanges, words));
  const isPublic = remembered(10, isPublicWords);
  const isMulticast = remembered(10, isMulticastWords);
  for (const address of ['10.1.2.3', '172.31.6.55', '192.168.0.1', '100.64.9.9', 'fd00::1', 'fe80::1']) {
    expect([address, isPrivate(address), isPublic(address)]).toEqual([address, true, false]);
  }
  for (const address of ['8.8.8.8', '203.0.113.7', '2001:db8::7', '2a00:1450::1'])
    expect([address, isPublic(address)]).toEqual([address, true]);
  for (const address of ['224.0.0.251', 'ff02::1', '255.255.255.255'])
    expect([address, isMulticast(address), isPublic(address)]).toEqual([address, true, false]);
  expect(isPublic('127.0.0.1')).toBe(false);
  expect(isPublic('not an address')).toBe(false);
});

test('forgets rather than grow', () => {
  let asked = 0;
  const ask = remembered(2, () => {
    asked++;
    return true;
  });
  for (const address of ['1.1.1.1', '1.1.1.1', '2.2.2.2', '3.3.3.3', '1.1.1.1']) ask(address);
  expect(asked).toBe(4);
});
