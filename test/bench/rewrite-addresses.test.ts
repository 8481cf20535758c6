import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rewriteAddresses } from '../../bench/rewrite-addresses.ts';
import { ethernet, ipv4, ipv6, tcp } from '../build/frames.ts';

/** One's complement sum of 16-bit words; 0xffff when a checksum among them is right. RFC 1071. */
function sum(words: DataView, from: number, to: number, start = 0): number {
  let total = start;
  for (let at = from; at < to; at += 2) total += at + 1 < to ? words.getUint16(at) : words.getUint8(at) << 8;
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
  return total;
}

/** Sums over the IPv4 header and over the TCP segment with its pseudo header (RFC 9293 §3.1). */
function sums(frame: Uint8Array, at: { addresses: number; addressBytes: number; segment: number }): { header: number; segment: number } {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const pseudo = sum(view, at.addresses, at.addresses + at.addressBytes, 6 + frame.length - at.segment);
  return { header: sum(view, 14, 34), segment: sum(view, at.segment, frame.length, pseudo) };
}

const places = { v4: { addresses: 26, addressBytes: 8, segment: 34 }, v6: { addresses: 22, addressBytes: 32, segment: 54 } };

const publicOrPrivate = fc.constantFrom('10.1.2.3', '192.168.7.9', '172.20.1.1', '198.51.100.7', '8.8.8.8', '127.0.0.1', '224.0.0.5');

test('what was a right checksum stays right, what was wrong stays wrong', () => {
  fc.assert(
    fc.property(publicOrPrivate, publicOrPrivate, fc.integer({ min: 1, max: 2000 }), fc.nat(0xffff), (source, target, copy, noise) => {
      const frame = ethernet(ipv4(tcp(1000, 80, {}, Uint8Array.of(1, 2, 3)), { protocol: 6, source, target }));
      const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
      view.setUint16(24, 0);
      view.setUint16(24, ~sums(frame, places.v4).header & 0xffff);
      view.setUint16(50, 0);
      view.setUint16(50, (~sums(frame, places.v4).segment & 0xffff) ^ noise);
      const before = sums(frame, places.v4);
      rewriteAddresses(frame, copy);
      expect(sums(frame, places.v4)).toEqual(before);
      expect(before.header).toBe(0xffff);
    }),
  );
});

test('copies of a machine are different machines of the same kind', () => {
  const sourceOf = (copy: number, source: string): string => {
    const frame = ethernet(ipv4(tcp(1000, 80), { protocol: 6, source, target: '198.51.100.1' }));
    rewriteAddresses(frame, copy);
    return [...frame.subarray(26, 30)].join('.');
  };
  const copies = Array.from({ length: 256 }, (_, copy) => sourceOf(copy, '192.168.7.9'));
  expect(new Set(copies).size).toBe(256);
  expect(copies.every((address) => address.startsWith('192.168.'))).toBe(true);
  expect(copies[0]).toBe('192.168.7.9');
  expect(sourceOf(3, '224.0.0.5')).toBe('224.0.0.5');
});

test('IPv6 is rewritten with its checksum', () => {
  const frame = ethernet(ipv6(tcp(1000, 80), { next: 6, source: '2001:db8::1', target: 'fd00::2' }));
  const before = sums(frame, places.v6).segment;
  const addresses = frame.slice(22, 54);
  rewriteAddresses(frame, 5);
  expect(frame.slice(22, 54)).not.toEqual(addresses);
  expect(sums(frame, places.v6).segment).toBe(before);
});
