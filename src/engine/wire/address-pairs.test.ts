import { expect, test } from 'vitest';
import { Bytes } from '../../base/bytes.ts';
import { AddressPairs } from './address-pairs.ts';
import { Packet } from './packet.ts';

/** From one host of 10.0.0.0/8 to another, as IPv4. */
function packetOf(source: number, target: number): Packet {
  const packet = new Packet(new Bytes(new Uint8Array(0)));
  packet.s2 = 0xffff;
  packet.s3 = 0x0a000000 + source;
  packet.d2 = 0xffff;
  packet.d3 = 0x0a000000 + target;
  return packet;
}

test('a pair keeps its number, whatever the direction and however many there are', () => {
  const pairs = new AddressPairs();
  const first = Array.from({ length: 5000 }, (_, i) => pairs.intern(packetOf(i, i + 7)));
  expect(first).toEqual(Array.from({ length: 5000 }, (_, i) => i));
  expect(Array.from({ length: 5000 }, (_, i) => pairs.intern(packetOf(i + 7, i)))).toEqual(first);
  expect(pairs.size).toBe(5000);
});

test('a full table has no number for new pairs, and still knows the old ones', () => {
  const pairs = new AddressPairs();
  for (let i = 0; i < 65_536; i++) pairs.intern(packetOf(i, i + 1));
  expect(pairs.intern(packetOf(70_000, 80_000))).toBe(-1);
  expect(pairs.intern(packetOf(65_536, 65_535))).toBe(65_535);
});
