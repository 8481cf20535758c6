import { describe, expect, test } from 'vitest';
import { echo, ethernet, ipv4, ipv6, macA, macB, type Taken, tagged, udp } from '../../../test/build/frames.ts';
import { playFrames, said } from '../../../test/build/play-frames.ts';
import { bytesOf, short } from '../../../test/build/wire-bytes.ts';
import type { Analyzer } from '../analyzers/analyzer.ts';

const start = 1_600_000_000_000_000;
let id = 0;
const client = '10.0.0.1';
const server = '198.51.100.2';

function datagram(side: '>' | '<', at: number, length = 10, ports: readonly [number, number] = [50_000, 7777]): Taken {
  const [source, target] = side === '>' ? [client, server] : [server, client];
  const [from, to] = side === '>' ? ports : [ports[1], ports[0]];
  id = (id + 1) & 0xffff;
  return { frame: ethernet(ipv4(udp(from, to, new Uint8Array(length)), { source, target, id })), at: start + at * 1e6 };
}

const ping = (type: number, source: string, target: string): Taken => {
  id = (id + 1) & 0xffff;
  return { frame: ethernet(ipv4(echo(type, 7, 1), { source, target, protocol: 1, id })) };
};

describe('UDP', () => {
  test('state tells who sent', () => {
    const state = (...sides: readonly ('>' | '<')[]) => playFrames(sides.map((side, i) => datagram(side, i))).rows('conn')[0]?.conn_state;
    expect(state('>')).toBe('S0');
    expect(state('>', '<')).toBe('SF');
  });

  test('a server known by its port is the server, whoever is seen first', () => {
    const [row] = playFrames([datagram('<', 0, 30, [50_000, 53])]).rows('conn');
    expect(row).toMatchObject({ 'id.orig_h': client, 'id.resp_p': 53, conn_state: 'SHR', history: '^d', resp_pkts: 1 });
  });

  test('a minute of silence ends the flow', () => {
    expect(playFrames([datagram('>', 0), datagram('>', 59)]).rows('conn')).toHaveLength(1);
    expect(playFrames([datagram('>', 0), datagram('>', 60)]).rows('conn')).toHaveLength(2);
  });

  test('a session may have silence looked at now and then only', () => {
    const patient: Analyzer = {
      name: 'patient',
      transports: ['udp'],
      ports: { udp: [7777] },
      spec: '',
      probe: () => 'no',
      open: (flow) => {
        flow.setInactivity(9e6, 10e6);
        return { onBytes: () => {}, onClose: () => {} };
      },
    };
    const count = (...times: readonly number[]) =>
      playFrames(
        times.map((at) => datagram('>', at)),
        { analyzers: [patient] },
      ).rows('conn').length;
    // Looked at in second 10: silent for 8 s only, so that the next look is in second 20.
    expect(count(0, 2, 10.5, 15)).toBe(1);
    // Silent since the beginning.
    expect(count(0, 10.5)).toBe(2);
  });
});

describe('ICMP', () => {
  test('an echo and its reply are one flow, with type and counterpart as ports', () => {
    const rows = playFrames([ping(8, client, server), ping(0, server, client)]).rows('conn');
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ proto: 'icmp', 'id.orig_p': 8, 'id.resp_p': 0, orig_bytes: 8, resp_bytes: 8, conn_state: 'OTH' });
    expect(rows[0]?.history).toBeUndefined();
  });

  test('an error marks the flow that caused it', () => {
    const cause = datagram('>', 0);
    const quoted = cause.frame.slice(14, 14 + 28);
    const error = ethernet(ipv4(bytesOf(3, 3, short(0), short(0), short(0), quoted), { source: server, target: client, protocol: 1 }));
    const rows = playFrames([cause, { frame: error }]).rows('conn');
    expect(rows.find((row) => row.proto === 'udp')?.icmp_unreachable).toBe('port');
    expect(rows.find((row) => row.proto === 'icmp')).toMatchObject({ 'id.orig_p': 3, 'id.resp_p': 3 });
  });
});

test('other protocols are flows without ports', () => {
  const frame = ethernet(ipv4(new Uint8Array(20), { source: client, target: server, protocol: 132 }));
  expect(playFrames([{ frame }]).rows('conn')[0]).toMatchObject({
    proto: 'unknown_transport',
    ip_proto: 132,
    'id.orig_p': 0,
    orig_pkts: 1,
  });
});

test('equal addresses of two VLANs are two flows', () => {
  const packet = (n: number) => ipv4(udp(1000, 2000, new Uint8Array(5)), { id: n });
  const rows = playFrames([{ frame: tagged([100], packet(1)) }, { frame: tagged([200], packet(2)) }]).rows('conn');
  expect(rows.map((row) => [row.vlan, row.context])).toEqual([
    [100, 'vlan:100'],
    [200, 'vlan:200'],
  ]);
  expect(new Set(rows.map((row) => row.uid)).size).toBe(2);
});

test('a row names the hardware addresses and the community id', () => {
  const frames = [
    ethernet(ipv6(udp(1, 2)), 0x86dd, macA, macB),
    ethernet(ipv6(udp(2, 1), { source: '2001:db8::2', target: '2001:db8::1' }), 0x86dd, macB, macA),
  ];
  const [row] = playFrames(frames.map((frame) => ({ frame }))).rows('conn');
  expect(row).toMatchObject({ orig_l2_addr: 'fa:16:3e:00:00:0a', resp_l2_addr: 'fa:16:3e:00:00:0b', conn_state: 'SF' });
  expect(row?.community_id).toMatch(/^1:[\w+/]{27}=$/);
});

test('the same packets give the same identifiers, another seed gives others', () => {
  const uids = (seed: number) =>
    playFrames([datagram('>', 0), datagram('>', 100)], { seed })
      .rows('conn')
      .map((row) => row.uid);
  expect(uids(1)).toEqual(uids(1));
  expect(uids(1)).not.toEqual(uids(2));
  for (const uid of uids(1)) expect(uid).toMatch(/^C[0-9A-Za-z]{12,18}$/);
});

describe('when there are too many connections', () => {
  test('unanswered attempts give way, the others stay whole', () => {
    const scan = Array.from({ length: 500 }, (_, i) => said('>', 'S', { seq: 0, serverPort: 1000 + i, at: 1 + i / 1000 }));
    const talk = [
      said('>', 'S', { seq: 0, clientPort: 5, at: 0.1 }),
      said('<', 'SA', { seq: 0, clientPort: 5, at: 0.2 }),
      said('>', 'A', { clientPort: 5, at: 0.3 }),
      ...scan,
      said('>', 'PA', { clientPort: 5, data: 'still here', at: 2 }),
    ];
    const played = playFrames(talk, { maxConnections: 50 });
    expect(played.counters.flow).toMatchObject({ peak: 50, evicted: 451 });
    expect(played.rows('conn').find((row) => row['id.orig_p'] === 5)).toMatchObject({ conn_state: 'S1', orig_bytes: 10 });
    expect(played.rows('conn')).toHaveLength(501);
  });
});
