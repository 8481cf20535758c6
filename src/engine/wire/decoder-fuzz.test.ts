import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFrames } from '../../../test/build/decode-frames.ts';
import {
  arp,
  capturePoint,
  erspan2,
  erspan3,
  ethernet,
  geneve,
  gre,
  inGre,
  inVxlan,
  ipv4,
  ipv6,
  tagged,
  tcp,
  udp,
  vxlan,
} from '../../../test/build/frames.ts';
import { bytesOf, long, randomSource, short } from '../../../test/build/wire-bytes.ts';
import { LinkType } from './link-layers.ts';

const segment = ipv4(tcp(40_000, 80, {}, bytesOf('GET / HTTP/1.0')), { protocol: 6 });
const inner = ethernet(segment);

/** One frame of each kind of header. */
const golden: readonly Uint8Array[] = [
  inner,
  tagged([1, 2, 3], segment),
  arp(1, '10.0.0.1', '10.0.0.2'),
  ethernet(
    ipv6(bytesOf([43, 0], new Uint8Array(6), [44, 2, 0, 0], long(9), new Uint8Array(16), [17, 0], short(9), long(7), udp(1, 2)), {
      next: 0,
    }),
  ),
  ethernet(ipv4(udp(1, 2), { moreFragments: true, options: [7, 3, 4, 0] })),
  inVxlan(11, inVxlan(12, inner)),
  ethernet(ipv4(udp(50_000, 6081, geneve(1, inner, 0x6558, [0, 0, 0, 1, 1, 2, 3, 4])))),
  ethernet(ipv4(udp(50_000, 2152, bytesOf([0x37, 255], short(segment.length + 8), long(1), short(1), [0, 0x85, 1, 0, 0, 0], segment)))),
  ethernet(ipv4(udp(50_000, 3544, bytesOf([0, 1, 2, 2], new Uint8Array(13), [0, 0], short(1), long(1), ipv6(udp(1, 2)))))),
  ethernet(ipv4(udp(50_000, 5072, bytesOf([0x44, 0x52, 0x11, 41], long(0), new Uint8Array(36), ipv6(udp(1, 2)))))),
  inGre(gre(0x0800, segment, { key: 5, checksum: true, sequence: 1 })),
  inGre(erspan2(102, 258, inner)),
  inGre(erspan3(7, inner)),
  inGre(bytesOf(short(0x3001), short(0x880b), long(1), long(1), short(0x21), segment)),
  ethernet(ipv4(ipv4(ipv6(udp(1, 2)), { protocol: 41 }), { protocol: 4 })),
  ethernet(bytesOf(long(0x00010140), long(0), inner), 0x8847),
  ethernet(bytesOf([0x11, 0], short(7), short(segment.length + 2), short(0x21), segment), 0x8864),
  inGre(
    bytesOf(
      short(0),
      short(0x8210),
      [0x88, 1],
      short(0),
      new Uint8Array(20),
      [0x80, 0],
      new Uint8Array(12),
      short(segment.length + 8),
      [0xaa, 0xaa, 3, 0, 0, 0],
      short(0x0800),
      segment,
    ),
  ),
];

const linkTypes = Object.values(LinkType);

test('no bytes make the decoder throw, whatever the link type', () => {
  fc.assert(
    fc.property(fc.constantFrom(...linkTypes), fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 4 }), (linkType, frames) => {
      const { decoder } = decodeFrames(frames, [capturePoint({ linkType })]);
      return decoder.report.counters.frames === frames.length;
    }),
    { numRuns: 500 },
  );
});

test('every truncation of every kind of header, at the wire or at the snap length', () => {
  for (const frame of golden) {
    for (let length = 0; length <= frame.length; length++) {
      const cut = frame.slice(0, length);
      const { packets } = decodeFrames([cut, { frame: cut, wire: frame.length }]);
      for (const { payloadBytes, missing } of packets) expect(Math.min(payloadBytes, missing)).toBeGreaterThanOrEqual(0);
    }
  }
});

test('mutated headers keep offsets inside the buffer', () => {
  const random = randomSource(1);
  const mutated = (): Uint8Array => {
    const frame = (golden[Math.floor(random() * golden.length)] ?? inner).slice();
    for (let changes = 1 + Math.floor(random() * 4); changes > 0; changes--) {
      frame[Math.floor(random() * frame.length)] = Math.floor(random() * 256);
    }
    return frame;
  };
  for (let round = 0; round < 100; round++) {
    const { decoder, packets } = decodeFrames(Array.from({ length: 200 }, mutated));
    expect(packets.filter(({ payloadBytes, missing }) => payloadBytes < 0 || missing < 0)).toEqual([]);
    expect(decoder.packet.end).toBeLessThanOrEqual(decoder.packet.bytes.u8.length);
  }
});

test('what is inside is found at any place in the buffer', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 0xffffff }), fc.uint8Array({ minLength: 1, maxLength: 60 }), (vni, payload) => {
      const frame = ethernet(ipv4(udp(7, 9, payload)));
      const { packets } = decodeFrames([ethernet(ipv4(udp(50_000, 4789, vxlan(vni, frame)), { source: '192.0.2.1' }))]);
      expect(packets[1]).toMatchObject({ sourcePort: 7, payloadBytes: 8 + payload.length, text: `vxlan:${vni}` });
    }),
  );
});
