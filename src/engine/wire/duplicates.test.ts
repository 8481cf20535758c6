import { describe, expect, test } from 'vitest';
import { decodeFrames } from '../../../test/build/decode-frames.ts';
import { capturePoint, echo, ethernet, inVxlan, ipv4, ipv6, type Taken, tcp, udp } from '../../../test/build/frames.ts';
import { bytesOf } from '../../../test/build/wire-bytes.ts';

const start = 1_600_000_000_000_000;

/** A conversation: opening, `count` requests with answers, closing. */
function conversation(count: number, port = 40_000): Uint8Array[] {
  const client = { protocol: 6, source: '10.1.0.1', target: '10.1.0.2' };
  const server = { protocol: 6, source: '10.1.0.2', target: '10.1.0.1' };
  const packets = [
    ipv4(tcp(port, 80, { sequence: 99, flags: 2 }), { ...client, id: 100 }),
    ipv4(tcp(80, port, { sequence: 499, acknowledged: 100, flags: 0x12 }), { ...server, id: 0 }),
  ];
  for (let i = 0; i < count; i++) {
    packets.push(
      ipv4(tcp(port, 80, { sequence: 100 + 5 * i, acknowledged: 500 + 5 * i, flags: 0x18 }, bytesOf('hello')), { ...client, id: 101 + i }),
    );
    packets.push(
      ipv4(tcp(80, port, { sequence: 500 + 5 * i, acknowledged: 105 + 5 * i, flags: 0x18 }, bytesOf('world')), { ...server, id: 7 + i }),
    );
  }
  return packets;
}

const flood = (count: number): Uint8Array[] =>
  Array.from({ length: count }, () => ipv4(tcp(20, 80, { sequence: 0, flags: 2 }), { protocol: 6, id: 1, source: '10.1.0.1' }));

const twice = (frames: readonly Uint8Array[], gap = 5): Taken[] =>
  frames.flatMap((frame, i) => [
    { frame, at: start + i * 3000 },
    { frame, at: start + i * 3000 + gap },
  ]);

describe('test vector 9: two mirrors, every packet twice', () => {
  const packets = conversation(20);
  const plain = packets.map((packet) => ethernet(packet));

  test('two equal copies, back to back', () => {
    const { packets: seen, decoder } = decodeFrames(twice(plain));
    expect(seen).toHaveLength(plain.length);
    expect(decoder.report.counters.duplicates).toBe(plain.length);
  });

  test('a small capture', () => {
    expect(decodeFrames(twice(conversation(2).map((packet) => ethernet(packet)))).packets).toHaveLength(6);
  });

  test('copies that were routed: another TTL and other hardware addresses', () => {
    const routed = conversation(20).map((packet) => {
      const copy = packet.slice();
      copy[8] = 63;
      return ethernet(copy, 0x0800, [2, 0, 0, 0, 0, 9], [2, 0, 0, 0, 0, 8]);
    });
    const frames = plain.flatMap((frame, i): Taken[] => [
      { frame, at: start + i * 3000 },
      { frame: routed[i] ?? frame, at: start + i * 3000 + 40 },
    ]);
    expect(decodeFrames(frames).packets).toHaveLength(plain.length);
  });

  test.each([
    ['TEE copy first', false],
    ['VXLAN copy first', true],
    ['now one, now the other', undefined],
  ])('a plain copy and one in VXLAN: %s', (_, vxlanFirst) => {
    const frames = plain.flatMap((frame, i): Taken[] => {
      const mirrored = inVxlan(11, frame, { sourcePort: 50_000 });
      const order = (vxlanFirst ?? i % 3 === 1) ? [mirrored, frame] : [frame, mirrored];
      return order.map((one, k) => ({ frame: one, at: start + i * 3000 + k * 80 }));
    });
    const { packets: seen, decoder } = decodeFrames(frames);
    const mirrored = seen.filter(({ targetPort }) => targetPort !== 4789);
    expect(mirrored).toHaveLength(plain.length);
    expect(new Set(mirrored.map(({ context }) => decoder.contexts.canonical(context))).size).toBe(1);
    expect(seen.filter(({ targetPort }) => targetPort === 4789)).toHaveLength(plain.length);
  });

  test('the same on two interfaces of one router', () => {
    const points = [capturePoint({ interfaceName: 'qr-aaaa' }), capturePoint({ interfaceName: 'qr-bbbb' })];
    const frames = plain.flatMap((frame, i): Taken[] => [0, 1].map((point) => ({ frame, point, at: start + i * 3000 + point * 30 })));
    const { packets: seen, united } = decodeFrames(frames, points);
    expect(seen).toHaveLength(plain.length);
    expect(united).toEqual([[1, 0]]);
  });

  test('repeated packets are halved, not removed: a flood with constant fields through two mirrors', () => {
    const frames = conversation(40).map((packet) => ethernet(packet));
    const constant = flood(100).map((packet) => ethernet(packet));
    const taken = twice([...frames, ...constant]);
    expect(decodeFrames(taken).packets).toHaveLength(frames.length + 100);
    const points = [capturePoint({ interfaceName: 'a' }), capturePoint({ interfaceName: 'b' })];
    const both = constant.flatMap((frame, i): Taken[] => [0, 1].map((point) => ({ frame, point, at: start + i * 100 + point * 30 })));
    const telling = frames.flatMap((frame, i): Taken[] =>
      [0, 1].map((point) => ({ frame, point, at: start - 1e6 + i * 3000 + point * 30 })),
    );
    // The constant packets have sequence number 0: they are copies because others proved that one interface copies the other.
    expect(decodeFrames([...telling, ...both], points).packets).toHaveLength(frames.length + 100);
  });

  test('live, with one packet a batch, the rule switches itself on', () => {
    const long = Array.from({ length: 1200 }, (_, i) =>
      ethernet(ipv4(udp(40_000 + i, 53, bytesOf('question')), { id: i + 1, source: '10.1.0.1' })),
    );
    const { packets: seen } = decodeFrames(twice(long), undefined, { batchSize: 1 });
    expect(seen.length).toBeLessThan(1200 + 100);
    expect(seen.filter(({ sourcePort }) => sourcePort >= 41_100)).toHaveLength(100);
  });
});

describe('what a host really repeats is counted', () => {
  const counted = (frames: readonly Taken[]): number => decodeFrames(frames).packets.length;
  const spaced = (packets: readonly Uint8Array[], gap: number): Taken[] =>
    packets.map((packet, i) => ({ frame: ethernet(packet), at: start + i * gap }));

  test('a flood with constant fields', () => {
    expect(counted(spaced(flood(500), 10))).toBe(500);
  });

  test('equal questions, equal pings', () => {
    const question = ipv4(udp(5353, 53, bytesOf('question')), { id: 0, dontFragment: true });
    expect(counted(spaced(Array(50).fill(question), 900))).toBe(50);
    const ping = ipv4(echo(8, 1, 1), { protocol: 1, id: 0 });
    expect(counted(spaced(Array(50).fill(ping), 10))).toBe(50);
  });

  test('retransmissions among others, some of them quick', () => {
    const packets = conversation(30).flatMap((packet, i) => (i % 5 === 0 ? [packet, packet] : [packet]));
    expect(counted(spaced(packets, 10))).toBe(packets.length);
  });

  test('a capture driver that sees what its host sends twice', () => {
    const packets = conversation(30).flatMap((packet, i) => (i % 2 === 0 ? [packet, packet] : [packet]));
    expect(counted(spaced(packets, 4))).toBe(packets.length);
  });

  test('four copies of everything are none of two mirrors', () => {
    const packets = conversation(30).flatMap((packet) => [packet, packet, packet, packet]);
    expect(counted(spaced(packets, 1))).toBe(packets.length);
  });

  test('two tenants whose hosts announce themselves alike', () => {
    const points = [capturePoint({ interfaceName: 'a' }), capturePoint({ interfaceName: 'b' })];
    const solicit = ethernet(ipv6(bytesOf([133, 0, 0, 0, 0, 0, 0, 0]), { next: 58, source: 'fe80::1', target: 'ff02::2' }));
    const frames = [0, 1, 0, 1].map((point, i): Taken => ({ frame: solicit, point, at: start + i }));
    const { packets, united } = decodeFrames(frames, points);
    expect(packets).toHaveLength(4);
    expect(united).toEqual([]);
  });
});
