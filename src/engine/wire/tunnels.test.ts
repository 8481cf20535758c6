import { describe, expect, test } from 'vitest';
import { decodeFrames } from '../../../test/build/decode-frames.ts';
import {
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
import { bytesOf, long, short } from '../../../test/build/wire-bytes.ts';

const inner = ethernet(ipv4(tcp(40_000, 80, { sequence: 7 }), { protocol: 6, source: '10.1.0.1', target: '10.1.0.2', id: 77 }));
const innerIp = inner.subarray(14);
const last = (frame: Uint8Array) => decodeFrames([frame]).packets.at(-1);
const carried = (source: number, target: number, payload: Uint8Array) =>
  ethernet(ipv4(udp(source, target, payload), { source: '192.0.2.1', target: '192.0.2.2' }));

describe('carriers in UDP', () => {
  test.each([
    ['vxlan', 'vxlan:11', inVxlan(11, inner)],
    ['vxlan', 'vxlan:11/vlan:5', inVxlan(11, tagged([5], innerIp))],
    ['geneve', 'geneve:9', carried(50_000, 6081, geneve(9, inner))],
    ['geneve', 'geneve:9', carried(50_000, 6081, geneve(9, innerIp, 0x0800, [0, 1, 1, 1, 9, 9, 9, 9]))],
    ['gtpv1', undefined, carried(50_000, 2152, bytesOf([0x30, 255], short(innerIp.length), long(1), innerIp))],
    [
      'gtpv1',
      undefined,
      carried(50_000, 2152, bytesOf([0x34, 255], short(innerIp.length + 8), long(1), short(1), [0, 0x85, 1, 0, 0, 0], innerIp)),
    ],
  ])('%s is a flow of its own and holds a packet in %s', (service, text, frame) => {
    const { packets, flows } = decodeFrames([frame]);
    expect(packets).toHaveLength(2);
    expect(packets[0]).toMatchObject({ source: '192.0.2.1', depth: 0 });
    expect(packets[1]).toMatchObject({ source: '10.1.0.1', target: '10.1.0.2', sourcePort: 40_000, depth: 1, parents: ['C1'], text });
    expect([...flows.values()][0]?.service).toBe(service);
  });

  test('Teredo is confirmed when both sides spoke it, and needs no port', () => {
    const there = ipv6(udp(1, 2, bytesOf('x')), { source: '2001:0:1::1', target: '2001:db8::1' });
    const back = ipv6(udp(2, 1, bytesOf('x')), { source: '2001:db8::1', target: '2001:0:1::1' });
    const frames = [carried(50_000, 3000, there), ethernet(ipv4(udp(3000, 50_000, back), { source: '192.0.2.2', target: '192.0.2.1' }))];
    const { packets, flows } = decodeFrames(frames);
    expect(packets.map(({ source }) => source)).toEqual(['192.0.2.1', '2001:0:1::1', '192.0.2.2', '2001:db8::1']);
    expect([...flows.values()].find(({ serverPort }) => serverPort === 3000)?.service).toBe('teredo');
    expect([...decodeFrames(frames.slice(0, 1)).flows.values()][0]?.service).toBe('');
  });

  test('Teredo authentication and origin come first', () => {
    const head = bytesOf([0, 1, 0, 0], new Uint8Array(9), [0, 0], short(1), long(1));
    const there = ipv6(udp(1, 2), { source: '2001:0:1::1' });
    expect(last(carried(50_000, 3544, bytesOf(head, there)))).toMatchObject({ source: '2001:0:1::1', depth: 1 });
  });

  test('AYIYA', () => {
    const head = bytesOf([0x44, 0x52, 0x11, 41], long(0), new Uint8Array(16 + 20));
    expect(last(carried(50_000, 5072, bytesOf(head, ipv6(udp(1, 2)))))).toMatchObject({ source: '2001:db8::1', depth: 1 });
  });

  test('what is no VXLAN rejects the flow for good', () => {
    const { packets, flows } = decodeFrames([carried(50_000, 4789, bytesOf(new Uint8Array(60))), carried(50_000, 4789, vxlan(1, inner))]);
    expect(packets).toHaveLength(2);
    expect([...flows.values()][0]).toMatchObject({ rejected: "VXLAN 'I' flag not set", service: '' });
  });

  test('VXLAN ports can be chosen', () => {
    expect(decodeFrames([carried(50_000, 8472, vxlan(3, inner))]).packets).toHaveLength(1);
    expect(decodeFrames([carried(50_000, 8472, vxlan(3, inner))], undefined, { vxlanPorts: [4789, 8472] }).packets).toHaveLength(2);
  });

  test('a mirror that is itself in the capture: the carrier is told from what it carries', () => {
    const { packets, rows, decoder } = decodeFrames([inVxlan(11, inner), inVxlan(11, inner, { id: 2 })]);
    expect(packets.filter(({ depth }) => depth === 0).every(({ targetPort }) => targetPort === 4789)).toBe(true);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject(['tunnel', { tunnel_type: 'Tunnel::VXLAN', action: 'Tunnel::DISCOVER', uid: 'C1', 'id.orig_p': 50_000 }]);
    decoder.tunnels.close('C1', 1_600_000_001_000_000);
    expect(rows[1]).toMatchObject(['tunnel', { action: 'Tunnel::CLOSE', 'id.resp_p': 4789 }]);
    expect(decoder.tunnels.size).toBe(0);
  });
});

describe('carriers without a flow', () => {
  test.each([
    ['tunnel:192.0.2.1-192.0.2.2', inGre(gre(0x0800, innerIp))],
    ['gre:7', inGre(gre(0x0800, innerIp, { key: 7, checksum: true, sequence: 3 }))],
    ['gre:7', inGre(gre(0x6558, inner, { key: 7 }))],
    ['tunnel:192.0.2.1-192.0.2.2', inGre(gre(0x88be, inner))],
    ['erspan:102', inGre(erspan2(102, 258, inner))],
    ['erspan:103', inGre(erspan3(103, inner))],
    [
      'tunnel:192.0.2.1-192.0.2.2',
      inGre(bytesOf(short(0x3001), short(0x880b), short(innerIp.length + 4), short(9), long(1), short(0xff03), short(0x21), innerIp)),
    ],
    ['tunnel:192.0.2.1-192.0.2.2', ethernet(ipv4(innerIp, { source: '192.0.2.1', target: '192.0.2.2', protocol: 4 }))],
  ])('%s', (text, frame) => {
    const { packets, rows } = decodeFrames([frame]);
    expect(packets).toHaveLength(1);
    expect(packets[0]).toMatchObject({ source: '10.1.0.1', depth: 1, text });
    expect(rows[0]).toMatchObject([
      'tunnel',
      { uid: packets[0]?.parents[0], 'id.orig_h': '192.0.2.1', 'id.orig_p': 0, action: 'Tunnel::DISCOVER' },
    ]);
  });

  test('6in4 carries addresses that are the same everywhere', () => {
    expect(last(ethernet(ipv4(ipv6(udp(1, 2)), { protocol: 41 })))).toMatchObject({ source: '2001:db8::1', depth: 1, text: undefined });
  });

  test('both directions are one tunnel', () => {
    const there = ethernet(ipv4(innerIp, { source: '192.0.2.1', target: '192.0.2.2', protocol: 4 }));
    const back = ethernet(
      ipv4(ipv4(tcp(80, 40_000), { protocol: 6, source: '10.1.0.2', target: '10.1.0.1', id: 9 }), {
        source: '192.0.2.2',
        target: '192.0.2.1',
        protocol: 4,
      }),
    );
    const { packets, rows } = decodeFrames([there, back]);
    expect(packets[0]?.context).toBe(packets[1]?.context);
    expect(packets[0]?.parents).toEqual(packets[1]?.parents);
    expect(rows).toHaveLength(1);
  });

  test.each([
    ['truncated_GRE@', inGre(bytesOf([0, 0]))],
    ['unknown_gre_version@', inGre(bytesOf([0, 3], short(0x0800), innerIp))],
    ['gre_routing@', inGre(bytesOf([0x40, 0], short(0x0800), innerIp))],
    ['invalid_inner_IP_version@', ethernet(ipv4(ipv6(udp(1, 2)), { protocol: 4 }))],
    ['truncated_inner_IP@', ethernet(ipv4(innerIp.subarray(0, 30), { protocol: 4 }))],
    ['inner_IP_payload_length_mismatch@', ethernet(ipv4(bytesOf(innerIp, 0, 0), { protocol: 4 }))],
  ])('%s', (name, frame) => {
    const { packets, weirds } = decodeFrames([frame]);
    expect(packets).toEqual([]);
    expect(weirds).toEqual([name]);
  });
});

describe('test vectors of the capabilities', () => {
  test('6: equal inner tuples under VNI 11 and VNI 12 are two conversations, whatever their order', () => {
    const syn = ethernet(ipv4(tcp(40_000, 80, { sequence: 7, flags: 2 }), { protocol: 6, source: '10.1.0.1', target: '10.1.0.2', id: 77 }));
    const answer = ethernet(
      ipv4(tcp(80, 40_000, { sequence: 9, acknowledged: 8, flags: 0x12 }), { protocol: 6, source: '10.1.0.2', target: '10.1.0.1', id: 5 }),
    );
    for (const order of [
      [11, 12, 11, 12],
      [11, 11, 12, 12],
      [12, 11, 11, 12],
    ] as const) {
      const seen = new Set<number>();
      const frames = order.map((vni, i) => {
        const isAnswer = order.indexOf(vni) < i;
        return inVxlan(vni, isAnswer ? answer : syn, { sourcePort: 50_000 + i });
      });
      const { packets, decoder, united } = decodeFrames(frames);
      const held = packets.filter(({ depth }) => depth === 1);
      for (const packet of held) seen.add(packet.context);
      expect(held.map(({ text }) => text)).toEqual(order.map((vni) => `vxlan:${vni}`));
      expect(seen.size).toBe(2);
      expect(united).toEqual([]);
      expect(decoder.report.counters.duplicates).toBe(0);
    }
  });

  test('7: ERSPAN II with span id 102 and index 258', () => {
    expect(last(inGre(erspan2(102, 258, inner)))).toMatchObject({ source: '10.1.0.1', text: 'erspan:102', missing: 0 });
  });

  test('7: VXLAN cut by the mirror: the inner length goes beyond what was captured', () => {
    const long = ethernet(ipv4(tcp(40_000, 80, {}, new Uint8Array(1000)), { protocol: 6 }));
    const frame = inVxlan(11, long);
    const cut = decodeFrames([{ frame: frame.subarray(0, 150), wire: frame.length }]);
    expect(cut.packets[1]).toMatchObject({ payloadBytes: 66, missing: 954, text: 'vxlan:11' });
    // Cut before the outer header was written: the inner packet claims more than the outer one holds.
    const lying = decodeFrames([inVxlan(11, long.subarray(0, 100))]);
    expect(lying.packets).toHaveLength(1);
    expect(lying.weirds).toEqual(['truncated_IP_len']);
  });

  test('7: VXLAN in Geneve, as behind a gateway load balancer', () => {
    const frame = carried(
      50_000,
      6081,
      geneve(0, ipv4(udp(50_000, 4789, vxlan(11, inner)), { source: '10.9.0.1', target: '10.9.0.2' }), 0x0800, [1, 8, 0, 1, 0, 0, 0, 7]),
    );
    const { packets } = decodeFrames([frame]);
    expect(packets.map(({ depth }) => depth)).toEqual([0, 1, 2]);
    expect(packets[2]).toMatchObject({ source: '10.1.0.1', text: 'geneve:0/vxlan:11', parents: ['C1', 'C2'] });
  });
});

describe('nesting', () => {
  const nested = (levels: number, wrap: (packet: Uint8Array) => Uint8Array): Uint8Array => {
    let packet = innerIp;
    for (let i = 0; i < levels; i++) packet = wrap(packet);
    return ethernet(packet);
  };
  const wraps: readonly (readonly [string, (packet: Uint8Array) => Uint8Array])[] = [
    ['IP in IP', (packet) => ipv4(packet, { protocol: 4 })],
    ['GRE', (packet) => ipv4(gre(0x0800, packet), { protocol: 47 })],
    ['VXLAN', (packet) => ipv4(udp(50_000, 4789, vxlan(1, ethernet(packet))))],
    ['Geneve', (packet) => ipv4(udp(50_000, 6081, geneve(1, packet, 0x0800)))],
  ];

  test.each(wraps)('%s is followed eight deep', (_, wrap) => {
    expect(last(nested(8, wrap))).toMatchObject({ source: '10.1.0.1', depth: 8 });
  });

  test.each(wraps)('a hundred times %s stops at the eighth, counted', (_, wrap) => {
    const { packets, decoder, weirds } = decodeFrames([nested(100, wrap)]);
    expect(packets.every(({ depth }) => depth <= 8)).toBe(true);
    expect(decoder.report.counters.tunnelsTooDeep).toBe(1);
    expect(weirds).toEqual(['exceeded_tunnel_max_depth@']);
  });
});
