// The decoder makes nothing per packet. Mutations of it that allocate one small object a packet take 48 bytes and more.
import { expect, test } from 'vitest';
import type { CarrierFlow } from '../../src/engine/wire/carrier.ts';
import { Decoder } from '../../src/engine/wire/decoder.ts';
import { batchOf, capturePoint, erspan2, ethernet, inGre, inVxlan, ipv4, ipv6, tagged, tcp, udp } from '../build/frames.ts';

const point = capturePoint();
const segment = (i: number): Uint8Array =>
  ipv4(tcp(40_000 + (i % 50), 80, { sequence: i * 100 }, new Uint8Array(64)), { protocol: 6, id: i & 0xffff });

const newCarrier = (): CarrierFlow => ({
  uid: 'C1',
  transport: 'udp',
  serverPort: 4789,
  carrierState: 0,
  confirm: () => {},
  reject: () => {},
  weird: () => {},
});

const kinds: readonly (readonly [string, (i: number) => Uint8Array])[] = [
  ['TCP in Ethernet', (i) => ethernet(segment(i))],
  ['UDP in IPv6', (i) => ethernet(ipv6(udp(1000 + (i % 100), 53, new Uint8Array(40))))],
  ['VLAN tags', (i) => tagged([100, 7], segment(i))],
  ['VXLAN', (i) => inVxlan(i % 7, ethernet(segment(i)))],
  ['ERSPAN', (i) => inGre(erspan2(i % 5, 1, ethernet(segment(i))))],
];

/** Garbage counts: it is not collected before the second reading. */
const used = (): number => {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

test.each(kinds)('%s', (_, build) => {
  const packets = 10_000;
  const batch = batchOf(Array.from({ length: 500 }, (_, i) => ({ frame: build(i), at: 1e15 + i * 1000 })));
  const carrier = newCarrier();
  const decoder = new Decoder({ events: { weird: () => {} } });
  const run = (rounds: number): void => {
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < batch.count; i++) {
        for (let more = decoder.decode(batch, i, point); more; ) more = decoder.next(carrier, true);
      }
    }
  };
  run(200);
  global.gc?.();
  const before = used();
  run(packets / batch.count);
  expect((used() - before) / packets).toBeLessThan(4);
});
