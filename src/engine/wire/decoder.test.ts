import { describe, expect, test } from 'vitest';
import { decodeFrames } from '../../../test/build/decode-frames.ts';
import { arp, capturePoint, ethernet, ipv4, ipv6, macA, macB, tagged, tcp, udp } from '../../../test/build/frames.ts';
import { bytesOf, long, short } from '../../../test/build/wire-bytes.ts';

const datagram = ipv4(udp(1234, 53, bytesOf('hello')));
const first = (frame: Uint8Array, linkType = 1) => decodeFrames([frame], [capturePoint({ linkType })]).packets[0];

describe('link layers', () => {
  const framings: readonly (readonly [string, number, Uint8Array])[] = [
    ['Ethernet', 1, ethernet(datagram)],
    ['raw IP', 101, datagram],
    ['raw IP of BSD', 12, datagram],
    ['raw IPv4', 228, datagram],
    ['loopback, little-endian', 0, bytesOf([2, 0, 0, 0], datagram)],
    ['loopback, big-endian', 0, bytesOf([0, 0, 0, 2], datagram)],
    ['loopback of OpenBSD', 108, bytesOf([0, 0, 0, 2], datagram)],
    ['cooked v1', 113, bytesOf(short(0), short(1), short(6), macA, short(0), short(0x0800), datagram)],
    ['cooked v2', 276, bytesOf(short(0x0800), short(0), long(3), short(1), 0, 6, macA, short(0), datagram)],
    ['NFLOG', 239, bytesOf([2, 0], short(0), [8, 0, 1, 0], long(0), [5, 0, 2, 0, 65, 0, 0, 0], [0, 0, 9, 0], datagram)],
    ['PPP', 9, bytesOf(short(0x0021), datagram)],
    ['PPP with HDLC framing', 50, bytesOf([0xff, 3], short(0x0021), datagram)],
    ['PPPoE', 51, bytesOf([0x11, 0], short(7), short(datagram.length + 2), short(0x21), datagram)],
    ['FDDI', 10, bytesOf(0x50, macB, macA, [0xaa, 0xaa, 3, 0, 0, 0], short(0x0800), datagram)],
    ['802.3 with SNAP', 1, bytesOf(macB, macA, short(datagram.length + 8), [0xaa, 0xaa, 3, 0, 0, 0], short(0x0800), datagram)],
    ['VLAN', 1, tagged([100], datagram)],
    ['QinQ', 1, tagged([100, 7], datagram, 0x88a8)],
    ['MPLS', 1, ethernet(bytesOf(long(0x00010040), long(0x00020140), datagram), 0x8847)],
    ['Ethernet in MPLS', 1, ethernet(bytesOf(long(0x00010140), long(0), ethernet(datagram)), 0x8847)],
    ['PPPoE session', 1, ethernet(bytesOf([0x11, 0], short(7), short(datagram.length + 2), short(0x21), datagram), 0x8864)],
    ['VN-Tag', 1, ethernet(bytesOf(long(0), short(0x0800), datagram), 0x8926)],
    ['provider backbone', 1, ethernet(bytesOf(long(1), ethernet(datagram)), 0x88e7)],
    ['Wi-Fi', 105, bytesOf([0x08, 1], short(0), macB, macA, macB, short(0), [0xaa, 0xaa, 3, 0, 0, 0], short(0x0800), datagram)],
    [
      'radiotap',
      127,
      bytesOf(
        [0, 0, 8, 0],
        long(0),
        [0x88, 1],
        short(0),
        macB,
        macA,
        macB,
        short(0),
        short(0),
        [0xaa, 0xaa, 3, 0, 0, 0],
        short(0x0800),
        datagram,
      ),
    ],
  ];
  test.each(framings)('%s leads to the IP packet', (_, linkType, frame) => {
    expect(first(frame, linkType)).toMatchObject({
      source: '10.0.0.1',
      target: '10.0.0.2',
      protocol: 17,
      sourcePort: 1234,
      payloadBytes: 13,
      missing: 0,
    });
  });

  test.each(framings)('%s survives every truncation', (_, linkType, frame) => {
    for (let length = 0; length <= frame.length; length++) {
      decodeFrames([frame.subarray(0, length)], [capturePoint({ linkType })]);
      decodeFrames([{ frame: frame.subarray(0, length), wire: frame.length }], [capturePoint({ linkType })]);
    }
  });

  test('what is not known is counted, not guessed', () => {
    const { decoder, packets } = decodeFrames([ethernet(datagram, 0x1234)]);
    expect(packets).toEqual([]);
    expect(decoder.report.counters.unknownEtherType).toBe(1);
    expect(decodeFrames([datagram], [capturePoint({ linkType: 147 })]).decoder.report.counters.unknownLinkType).toBe(1);
  });

  test('VLAN ids are kept and name the context; priority tags do not', () => {
    expect(first(tagged([100, 7], datagram))).toMatchObject({ vlan: 100, innerVlan: 7, text: 'vlan:100/inner-vlan:7' });
    expect(first(tagged([0], datagram))).toMatchObject({ vlan: 0, text: undefined });
  });
});

describe('IP', () => {
  test('padding behind the IP length is no payload', () => {
    expect(first(bytesOf(ethernet(datagram), new Uint8Array(13)))).toMatchObject({
      payloadBytes: 13,
      missing: 0,
      ipLength: datagram.length,
    });
  });

  test('bytes that a snap length cut are missing, not absent', () => {
    const frame = ethernet(ipv4(udp(1, 2, new Uint8Array(1000))));
    const { packets } = decodeFrames([{ frame: frame.subarray(0, 96), wire: frame.length }]);
    expect(packets[0]).toMatchObject({ payloadBytes: 62, missing: 946, ipLength: 1028 });
  });

  test('a length of zero means offload: everything there belongs to it', () => {
    const { packets, weirds } = decodeFrames([ethernet(ipv4(udp(1, 2, new Uint8Array(50)), { length: 0 }))]);
    expect(packets[0]).toMatchObject({ payloadBytes: 58, ipLength: 0 });
    expect(weirds).toEqual(['ip_hdr_len_zero']);
  });

  test.each([
    ['truncated_IP_len', ethernet(ipv4(udp(1, 2), { length: 60 }))],
    ['invalid_IP_header_size', ethernet(ipv4(udp(1, 2), { length: 12 }))],
    ['unknown_ip_version', ethernet(bytesOf(0x50, new Uint8Array(30)), 0x0800)],
    ['IPv4_min_header_size', ethernet(bytesOf(0x43, ipv4(udp(1, 2)).subarray(1)))],
    ['truncated_IP', ethernet(new Uint8Array(10).fill(0x45))],
  ])('%s', (name, frame) => {
    const { packets, weirds, decoder } = decodeFrames([frame]);
    expect(packets).toEqual([]);
    expect(weirds).toEqual([name]);
    expect(decoder.report.counters.malformed).toBe(1);
  });

  test('options are skipped', () => {
    expect(first(ethernet(ipv4(udp(7, 8), { options: [1, 1, 1, 1, 1, 1, 1, 1] })))).toMatchObject({
      sourcePort: 7,
      targetPort: 8,
      payloadBytes: 8,
    });
  });

  test('IPv6 extension headers lead to the transport', () => {
    const chain = bytesOf(
      [43, 0],
      new Uint8Array(6),
      [60, 0, 4, 0, 0, 0, 0, 0],
      [51, 0, 1, 4, 0, 0, 0, 0],
      [17, 1],
      new Uint8Array(10),
      udp(5, 6),
    );
    expect(first(ethernet(ipv6(chain, { next: 0 })))).toMatchObject({ protocol: 17, sourcePort: 5, source: '2001:db8::1' });
  });

  test('a source route of type 0 names the final target', () => {
    const route = bytesOf([17, 2, 0, 1], long(0), long(0x20010db8), long(0), long(0), long(0x99), udp(5, 6));
    const { packets, weirds } = decodeFrames([ethernet(ipv6(route, { next: 43 }))]);
    expect(packets[0]?.target).toBe('2001:db8::99');
    expect(weirds).toEqual(['routing0_hdr@']);
  });

  test('ESP ends what can be read', () => {
    const { packets, decoder } = decodeFrames([ethernet(ipv6(new Uint8Array(64), { next: 50 }))]);
    expect(packets).toEqual([]);
    expect(decoder.report.counters.encryptedIp).toBe(1);
  });

  test('a chain of headers without end is cut off', () => {
    const chain = new Uint8Array(1200);
    for (let at = 0; at < chain.length; at += 8) chain[at] = 60;
    expect(decodeFrames([ethernet(ipv6(chain, { next: 60 }))]).packets.length).toBeLessThanOrEqual(1);
  });
});

test('ARP becomes rows', () => {
  const { rows, decoder } = decodeFrames([arp(1, '10.0.0.1', '10.0.0.9'), arp(2, '10.0.0.9', '10.0.0.9')]);
  expect(rows[0]).toEqual([
    'arp',
    {
      ts: 1_600_000_000_000_000,
      operation: 'request',
      sender_mac: 'fa:16:3e:00:00:0a',
      sender_addr: '10.0.0.1',
      target_mac: '00:00:00:00:00:00',
      target_addr: '10.0.0.9',
      gratuitous: false,
      context: undefined,
    },
  ]);
  expect(rows[1]?.[1]).toMatchObject({ operation: 'reply', gratuitous: true });
  expect(decoder.report.counters.arp).toBe(2);
});

test('every frame is a packet, a row or a counter', () => {
  const frames = [
    ethernet(ipv4(tcp(1, 2), { protocol: 6 })),
    arp(1, '10.0.0.1', '10.0.0.2'),
    ethernet(datagram, 0x1234),
    ethernet(bytesOf([0x42, 0x42, 3], new Uint8Array(40)), 43),
  ];
  const { counters } = decodeFrames(frames).decoder.report;
  expect(counters.frames).toBe(4);
  expect(counters.packets + counters.arp + counters.unknownEtherType + counters.otherLink + counters.malformed).toBe(4);
});
