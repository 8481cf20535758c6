import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatIpv4, formatIpv6, inCidr, parseAddress, parseCidr } from './ip.ts';

test('prints IPv6 as inet_ntop does', () => {
  expect(formatIpv6(0x20010db8, 0, 0, 1)).toBe('2001:db8::1');
  expect(formatIpv6(0, 0, 0, 1)).toBe('::1');
  expect(formatIpv6(0, 0, 0, 0)).toBe('::');
  expect(formatIpv6(0, 0, 0xffff, 0x0a000001)).toBe('::ffff:10.0.0.1');
  expect(formatIpv6(0x20010db8, 0x00010000, 0x00000001, 0x00000001)).toBe('2001:db8:1::1:0:1');
  // A single zero group is not shortened (RFC 5952 §4.2.2).
  expect(formatIpv6(0x20010db8, 0x00000001, 0x00010001, 0x00010001)).toBe('2001:db8:0:1:1:1:1:1');
});

test('reads back what it prints', () => {
  const word = fc.oneof(fc.constant(0), fc.nat(0xffff), fc.integer({ min: 0, max: 0xffffffff }));
  fc.assert(
    fc.property(word, word, word, word, (a, b, c, d) => {
      expect(parseAddress(formatIpv6(a, b, c, d))).toEqual([a, b, c, d]);
      expect(parseAddress(formatIpv4(d))).toEqual([0, 0, 0xffff, d]);
    }),
  );
});

test.each(['', '1.2.3', '1.2.3.4.5', '256.1.1.1', '1::2::3', ':::', '12345::', 'g::', '1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7::8', 'host'])(
  'refuses %j as an address',
  (text) => expect(parseAddress(text)).toBeUndefined(),
);

test('knows what lies in a range', () => {
  const within = (range: string, address: string): boolean => {
    const [cidr, words] = [parseCidr(range), parseAddress(address)];
    return cidr !== undefined && words !== undefined && inCidr(cidr, ...words);
  };
  expect(within('10.0.0.0/8', '10.255.0.1')).toBe(true);
  expect(within('10.0.0.0/8', '11.0.0.1')).toBe(false);
  expect(within('192.168.1.77', '192.168.1.77')).toBe(true);
  expect(within('0.0.0.0/0', '203.0.113.9')).toBe(true);
  expect(within('0.0.0.0/0', '2001:db8::1')).toBe(false);
  expect(within('2001:db8::/33', '2001:db8:8000::1')).toBe(false);
  expect(within('fe80::/10', 'fe80::1')).toBe(true);
});

test.each(['10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/8/8', '10.0.0.0/x', '::/129', '/8'])('refuses %j as a range', (text) =>
  expect(parseCidr(text)).toBeUndefined(),
);

test('prints any IPv6 address as the URL standard does, dotted quads aside', () => {
  const word = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0, max: 0xffffffff }));
  fc.assert(
    fc.property(fc.tuple(word, word, word, word), ([w0, w1, w2, w3]) => {
      const text = formatIpv6(w0, w1, w2, w3);
      expect(parseAddress(text)).toEqual([w0, w1, w2, w3]);
      if (!text.includes('.')) expect(new URL(`http://[${text}]/`).hostname).toBe(`[${text}]`);
    }),
  );
});
