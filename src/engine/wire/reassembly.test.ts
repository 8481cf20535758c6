import { describe, expect, test } from 'vitest';
import { decodeFrames } from '../../../test/build/decode-frames.ts';
import { ethernet, inVxlan, ipv4, ipv6, type Taken, udp } from '../../../test/build/frames.ts';
import { bytesOf, long, short } from '../../../test/build/wire-bytes.ts';
import { Bytes } from '../../base/bytes.ts';
import { IpReader } from './ip.ts';
import { Packet } from './packet.ts';
import { Reassembly } from './reassembly.ts';
import { WireReport } from './report.ts';

const datagram = udp(
  1000,
  2000,
  Uint8Array.from({ length: 2992 }, (_, i) => i & 0xff),
);

/** A piece of the datagram as a frame. */
function piece(from: number, to: number, id = 9, content = datagram): Uint8Array {
  return ethernet(ipv4(content.subarray(from, to), { id, fragmentOffset: from, moreFragments: to < content.length }));
}

const whole = { sourcePort: 1000, targetPort: 2000, payloadBytes: 3000, missing: 0, ipLength: 3020 };

describe('fragments', () => {
  test.each([
    ['in order', [0, 1480, 2960]],
    ['last first', [2960, 1480, 0]],
    ['mixed', [1480, 0, 2960]],
  ])('%s make the datagram, which counts as one packet', (_, starts) => {
    const { packets, decoder, weirds } = decodeFrames(starts.map((from) => piece(from, Math.min(from + 1480, 3000))));
    expect(packets).toHaveLength(1);
    expect(packets[0]).toMatchObject(whole);
    expect(decoder.report.counters).toMatchObject({ fragments: 3, reassembled: 1, packets: 1 });
    expect(weirds).toEqual([]);
  });

  test('the bytes are those of the datagram', () => {
    const { decoder } = decodeFrames([piece(1480, 3000), piece(0, 1480)]);
    const { bytes, l4Start, end } = decoder.packet;
    expect(bytes.u8.slice(l4Start, end)).toEqual(datagram);
  });

  test('of different datagrams do not mix', () => {
    expect(decodeFrames([piece(0, 1480, 1), piece(1480, 3000, 2)]).packets).toEqual([]);
  });

  test('of equal datagrams of two tenants do not mix', () => {
    const { packets } = decodeFrames([inVxlan(11, piece(0, 1480)), inVxlan(12, piece(1480, 3000))]);
    expect(packets.filter(({ depth }) => depth > 0)).toEqual([]);
  });

  test('that overlap: what came first stays', () => {
    const other = new Uint8Array(3000).fill(0xee);
    const { decoder, weirds } = decodeFrames([piece(0, 1480), piece(800, 2000, 9, other), piece(2000, 3000)]);
    const { bytes, l4Start } = decoder.packet;
    expect(bytes.u8[l4Start + 1479]).toBe(datagram[1479]);
    expect(bytes.u8[l4Start + 1480]).toBe(0xee);
    expect(weirds).toEqual(['fragment_inconsistency@']);
  });

  test('that repeat are noted', () => {
    expect(decodeFrames([piece(0, 1480), piece(0, 1480)]).weirds).toEqual(['fragment_overlap@']);
  });

  test.each([
    ['excessively_small_fragment@', [piece(0, 8)]],
    ['fragment_size_inconsistency@', [piece(1480, 3000), ethernet(ipv4(datagram.subarray(0, 8), { id: 9, fragmentOffset: 4000 }))]],
    ['fragment_with_DF@', [ethernet(ipv4(datagram.subarray(0, 1480), { id: 9, moreFragments: true, dontFragment: true }))]],
    [
      'fragment_protocol_inconsistency@',
      [piece(0, 1480), ethernet(ipv4(datagram.subarray(1480, 2960), { id: 9, protocol: 6, fragmentOffset: 1480, moreFragments: true }))],
    ],
  ])('%s', (name, frames) => {
    expect(decodeFrames(frames).weirds).toContain(name);
  });

  test('cut by the capture: the first tells the ports, the others nothing', () => {
    const cut = (frame: Uint8Array): Taken => ({ frame: frame.subarray(0, 96), wire: frame.length });
    const { packets, weirds } = decodeFrames([cut(piece(0, 1480)), cut(piece(1480, 2960))]);
    expect(packets).toHaveLength(1);
    expect(packets[0]).toMatchObject({ sourcePort: 1000, payloadBytes: 62, missing: 1418 });
    expect(weirds).toEqual(['incompletely_captured_fragment@', 'incompletely_captured_fragment@']);
  });

  test('of IPv6, with an extension header before them', () => {
    const fragment = (from: number, to: number): Uint8Array =>
      ethernet(
        ipv6(
          bytesOf([44, 0, 1, 4, 0, 0, 0, 0], [17, 0], short(from | (to < 3000 ? 1 : 0)), long(0xabcdef01), datagram.subarray(from, to)),
          { next: 0 },
        ),
      );
    const { packets } = decodeFrames([fragment(1480, 3000), fragment(0, 1480)]);
    expect(packets[0]).toMatchObject({ ...whole, protocol: 17, ipLength: 40 + 8 + 3000 });
  });

  test('of IPv6 that are the whole datagram', () => {
    const atomic = ethernet(ipv6(bytesOf([17, 0], short(0), long(1), datagram), { next: 44 }));
    expect(decodeFrames([atomic]).packets[0]).toMatchObject({ sourcePort: 1000, payloadBytes: 3000 });
  });

  test('inside a tunnel whose datagrams are fragmented themselves', () => {
    const outer = (payload: Uint8Array, id: number): Uint8Array[] => {
      const packet = inVxlan(11, payload, { id, dontFragment: false }).subarray(34);
      const at = 800;
      return [
        ethernet(ipv4(packet.subarray(0, at), { source: '192.0.2.1', target: '192.0.2.2', id, moreFragments: true })),
        ethernet(ipv4(packet.subarray(at), { source: '192.0.2.1', target: '192.0.2.2', id, fragmentOffset: at })),
      ];
    };
    const { packets, decoder } = decodeFrames([...outer(piece(0, 1480), 1), ...outer(piece(1480, 3000), 2)]);
    expect(packets.at(-1)).toMatchObject({ ...whole, depth: 1 });
    expect(decoder.packet.bytes.u8.slice(decoder.packet.l4Start, decoder.packet.end)).toEqual(datagram);
  });

  test('that never become whole are given up after a minute', () => {
    const { packets, decoder } = decodeFrames([
      { frame: piece(0, 1480), at: 1e15 },
      { frame: piece(0, 1480, 10), at: 1e15 + 61e6 },
      { frame: piece(1480, 3000), at: 1e15 + 61e6 },
    ]);
    expect(packets).toEqual([]);
    expect(decoder.report.counters.fragmentsExpired).toBe(1);
  });
});

test('a flood of first fragments stays within its memory', () => {
  const packet = new Packet(new Bytes(new Uint8Array(0)));
  const report = new WireReport(packet, { weird: () => {} });
  let stray = 0;
  const reassembly = new Reassembly(report, ({ fragments }) => {
    stray += fragments;
  });
  const ip = new IpReader(packet, report);
  const frame = new Bytes(ipv4(new Uint8Array(40_000), { moreFragments: true }));
  const cursor = { bytes: frame, view: frame.view, at: 0, end: frame.u8.length, wireEnd: frame.u8.length, set: () => {}, has: () => true };
  for (let i = 0; i < 5000; i++) {
    frame.view.setUint16(4, i & 0xffff);
    ip.read(cursor);
    reassembly.add(packet, ip);
  }
  expect(reassembly.heldBytes).toBeLessThan(17 * 1024 * 1024);
  expect(report.counters.fragmentsExpired).toBeGreaterThan(4000);
  reassembly.finish();
  expect(stray).toBe(5000);
});
