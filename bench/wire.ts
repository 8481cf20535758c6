// Cost of the decoder alone, nanoseconds per packet by kind of frame: node bench/wire.ts

import type { CarrierFlow } from '../src/engine/wire/carrier.ts';
import { Decoder } from '../src/engine/wire/decoder.ts';
import { batchOf, capturePoint, erspan2, ethernet, inGre, inVxlan, ipv4, ipv6, tagged, tcp, udp } from '../test/build/frames.ts';

const packets = 20_000;
const rounds = 60;
const point = capturePoint();

const segment = (i: number): Uint8Array =>
  ipv4(tcp(40_000 + (i % 5000), 80, { sequence: i * 100 }, new Uint8Array(200)), {
    protocol: 6,
    id: i & 0xffff,
    source: `10.0.${(i >> 8) & 31}.${i & 255}`,
  });

const kinds: readonly (readonly [string, (i: number) => Uint8Array])[] = [
  ['Ethernet/IPv4/TCP', (i) => ethernet(segment(i))],
  ['Ethernet/IPv6/UDP', (i) => ethernet(ipv6(udp(1000 + (i % 5000), 53, new Uint8Array(100))))],
  ['one VLAN (contexts are followed)', (i) => tagged([100], segment(i))],
  ['VXLAN, 100 VNIs (both packets)', (i) => inVxlan(i % 100, ethernet(segment(i)), { sourcePort: 50_000 + (i % 1000) })],
  ['ERSPAN, 10 ids', (i) => inGre(erspan2(i % 10, 1, ethernet(segment(i))))],
];

const newCarrier = (): CarrierFlow => ({
  uid: 'C1',
  transport: 'udp',
  serverPort: 4789,
  carrierState: 0,
  confirm: () => {},
  reject: () => {},
  weird: () => {},
});

for (const [name, build] of kinds) {
  const batch = batchOf(Array.from({ length: packets }, (_, i) => ({ frame: build(i), at: 1e15 + i * 10 })));
  const carrier = newCarrier();
  const decoder = new Decoder({ events: { weird: () => {} } });
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < packets; i++) batch.times[i] = 1e15 + (round * packets + i) * 10;
    const started = process.hrtime.bigint();
    for (let i = 0; i < packets; i++) {
      for (let more = decoder.decode(batch, i, point); more; ) more = decoder.next(carrier, true);
    }
    times.push(Number(process.hrtime.bigint() - started) / packets);
  }
  const best = Math.min(...times);
  console.log(`${name.padEnd(36)} ${best.toFixed(1).padStart(7)} ns per frame`);
}
