// Tunnels, tenants and mirrors, told from packets: the ready-made vectors 6 to 9.
import { describe, expect, test } from 'vitest';
import { parseCidr } from '../../src/base/ip.ts';
import type { ConnRecord } from '../../src/model/records/conn.ts';
import { erspan2, ethernet, geneve, inGre, inVxlan, ipv4, udp, vxlan } from '../build/frames.ts';
import { conversation, segment, type TimedFrame, trafficStart, withChecksums } from '../build/segments.ts';
import { bytesOf } from '../build/wire-bytes.ts';
import { analyzeFrames } from '../support/analyze-frames.ts';
import { removeTemporaryFolders } from '../support/temporary-folder.ts';

removeTemporaryFolders();

const talk = conversation({ client: '10.0.0.5:40000', server: '10.0.0.9:8080' });

/** What a conn row counts, without its identity. */
const counted = (row: ConnRecord | undefined) => {
  const { conn_state, history, orig_pkts, resp_pkts, orig_bytes, resp_bytes, orig_ip_bytes, resp_ip_bytes, duration } = row ?? {};
  return { conn_state, history, orig_pkts, resp_pkts, orig_bytes, resp_bytes, orig_ip_bytes, resp_ip_bytes, duration };
};
const machines = (rows: readonly ConnRecord[]): readonly ConnRecord[] => rows.filter(({ carrier }) => carrier !== true);
/** The frames of `talk` wrapped, each kept at its time. */
const wrapped = (wrap: (frame: Uint8Array, i: number) => Uint8Array, frames: readonly TimedFrame[] = talk): TimedFrame[] =>
  frames.map(({ at, frame }, i) => ({ at, frame: wrap(frame, i) }));
const byTime = (...lists: readonly (readonly TimedFrame[])[]): TimedFrame[] => lists.flat().sort((a, b) => a.at - b.at);
const later = (frames: readonly TimedFrame[], micros: number): TimedFrame[] => frames.map(({ at, frame }) => ({ at: at + micros, frame }));

const bare = counted((await analyzeFrames([talk])).logged('conn')[0]);

describe('6: the same inner 5-tuple under VNI 11 and VNI 12', () => {
  test('is two flows in two contexts, each with its own packets', async () => {
    const twelve = conversation({ client: '10.0.0.5:40000', server: '10.0.0.9:8080', id: 900, lines: ['another', 'tenant altogether'] });
    const frames = byTime(
      wrapped((frame) => inVxlan(11, frame)),
      later(
        wrapped((frame) => inVxlan(12, frame), twelve),
        100,
      ),
    );
    const rows = machines((await analyzeFrames([frames])).logged('conn'));
    expect(rows.map(({ context }) => context).sort()).toEqual(['vxlan:11', 'vxlan:12']);
    expect(new Set(rows.map(({ uid }) => uid)).size).toBe(2);
    expect(counted(rows.find(({ context }) => context === 'vxlan:11'))).toEqual(bare);
    expect(rows.find(({ context }) => context === 'vxlan:12')).toMatchObject({ orig_bytes: 7, resp_bytes: 17, conn_state: 'SF' });
  });

  test('is told apart even when both say exactly the same', async () => {
    const frames = byTime(
      wrapped((frame) => inVxlan(11, frame)),
      later(
        wrapped((frame) => inVxlan(12, frame)),
        900,
      ),
    );
    const rows = machines((await analyzeFrames([frames])).logged('conn'));
    expect(rows.map(counted)).toEqual([bare, bare]);
  });

  test('has the finding at the tenant whose machine it was', async () => {
    const scan = Array.from({ length: 100 }, (_, i) => {
      const [from, to] = ['10.0.0.5:40000', `10.0.0.9:${i + 1}`];
      const at = trafficStart + i * 1000;
      const refusal = segment(to, from, 'RA', { sequence: 0, acknowledged: 1001, id: 0 });
      return [
        { at, frame: segment(from, to, 'S', { id: i + 1 }) },
        { at: at + 200, frame: refusal },
      ];
    }).flat();
    const frames = byTime(
      wrapped((frame) => inVxlan(11, frame)),
      wrapped((frame) => inVxlan(12, frame), scan),
    );
    const { findings } = await analyzeFrames([frames]);
    expect(findings).toMatchObject([{ detector: 'D02-port-scan', subject: { address: '10.0.0.5', context: 'vxlan:12' } }]);
  });
});

describe('7: frames in frames', () => {
  test('ERSPAN type II with SpanID 102 and Index 258 is the session 102', async () => {
    const { logged } = await analyzeFrames([wrapped((frame, i) => inGre(erspan2(102, 258, frame, i)))]);
    const rows = machines(logged('conn'));
    expect(rows.map(counted)).toEqual([bare]);
    expect(rows[0]?.context).toBe('erspan:102');
  });

  test('VXLAN in Geneve keeps both identifiers', async () => {
    const outer = (frame: Uint8Array): Uint8Array => {
      const inner = inVxlan(77, frame, { source: '172.16.0.1', target: '172.16.0.2' });
      return ethernet(ipv4(udp(50_000, 6081, geneve(5, inner)), { source: '192.0.2.1', target: '192.0.2.2', id: 0 }));
    };
    const { logged } = await analyzeFrames([wrapped(outer)]);
    const rows = logged('conn');
    expect(machines(rows).map(counted)).toEqual([bare]);
    expect(machines(rows)[0]?.context).toBe('geneve:5/vxlan:77');
    expect(
      rows
        .filter(({ carrier }) => carrier)
        .map(({ service }) => service)
        .sort(),
    ).toEqual(['geneve', 'vxlan']);
  });

  test('VXLAN in Geneve without an inner link layer, as gateways send it, is followed too', async () => {
    const outer = (frame: Uint8Array): Uint8Array => {
      const inner = ipv4(udp(50_001, 4789, vxlan(77, frame)), { source: '172.16.0.1', target: '172.16.0.2', id: 0 });
      return ethernet(ipv4(udp(50_000, 6081, geneve(0, inner, 0x0800, [0, 0, 0, 0])), { source: '192.0.2.1', target: '192.0.2.2', id: 0 }));
    };
    expect(machines((await analyzeFrames([wrapped(outer)])).logged('conn')).map(counted)).toEqual([bare]);
  });

  test('what a snap length cut is counted with the lengths that it had', async () => {
    const long = conversation({ client: '10.0.0.5:40000', server: '10.0.0.9:8080', lines: ['x'.repeat(700), 'y'.repeat(900)] });
    const whole = wrapped((frame) => inVxlan(11, frame), long);
    const cut = whole.map(({ at, frame }) => ({ at, frame: frame.slice(0, 128), wire: frame.length }));
    const [full, short] = [(await analyzeFrames([whole])).logged('conn'), (await analyzeFrames([cut])).logged('conn')];
    const sizes = (rows: readonly ConnRecord[]) => {
      const { orig_ip_bytes, resp_ip_bytes, orig_pkts, resp_pkts, conn_state } = machines(rows)[0] ?? {};
      return { orig_ip_bytes, resp_ip_bytes, orig_pkts, resp_pkts, conn_state };
    };
    expect(sizes(short)).toEqual(sizes(full));
    expect(machines(short)[0]).toMatchObject({ context: 'vxlan:11', orig_bytes: 700, resp_bytes: 900 });
  });

  test('an inner length beyond what was sent is a counted oddity, and the rest goes on', async () => {
    const [first] = talk;
    const lying = inVxlan(11, withLength(first?.frame ?? new Uint8Array(0), 1400));
    const frames = byTime(
      [{ at: trafficStart - 1000, frame: lying }],
      wrapped((frame) => inVxlan(11, frame)),
    );
    const { logged, counters } = await analyzeFrames([frames]);
    expect(machines(logged('conn')).map(({ conn_state }) => conn_state)).toContain('SF');
    expect(Object.keys(counters['weirds'] as object).length).toBeGreaterThan(0);
  });

  test('every shorter prefix of a wrapped frame is read without a failure', async () => {
    const frame = inVxlan(11, talk[3]?.frame ?? new Uint8Array(0));
    const prefixes = Array.from(
      { length: frame.length },
      (_, i): TimedFrame => ({ at: trafficStart + i * 1000, frame: frame.slice(0, i) }),
    );
    const cut = prefixes.map((one) => ({ ...one, wire: frame.length }));
    for (const frames of [prefixes, cut]) expect((await analyzeFrames([frames])).partial).toBeUndefined();
  });
});

/** A frame whose IP header claims another length. */
function withLength(frame: Uint8Array, length: number): Uint8Array {
  const changed = frame.slice();
  new DataView(changed.buffer).setUint16(16, length);
  return withChecksums(changed);
}

describe('8: a mirror stream seen by its own sensor', () => {
  const hours = 3;
  /** A conversation that goes on for hours, a line every half minute, and its mirror. */
  const lines = Array.from({ length: hours * 120 }, (_, i) => `line ${i}`);
  const session = conversation({ client: '10.0.0.5:40000', server: '203.0.113.9:4444', step: 30e6, lines });
  const mirror = wrapped((frame) => inVxlan(11, frame), session);

  test('is no long connection, while the one inside is', async () => {
    const { findings, logged } = await analyzeFrames([mirror]);
    const carriers = logged('conn').filter(({ carrier }) => carrier);
    expect(carriers).toHaveLength(1);
    expect(carriers[0]?.duration).toBeGreaterThan(hours * 3600);
    const long = findings.filter(({ detector }) => detector.startsWith('D24'));
    expect(long).toMatchObject([
      { subject: { address: '10.0.0.5', context: 'vxlan:11' }, peers: [{ address: '203.0.113.9', port: 4444 }] },
    ]);
    expect(findings.some(({ subject }) => subject.address.startsWith('192.0.2.'))).toBe(false);
  });

  test('is no flood, however much it carries', async () => {
    const local = parseCidr('192.0.2.0/24');
    const many = Array.from({ length: 12_000 }, (_, i): TimedFrame => {
      const frame = segment('10.0.0.5:40000', '10.0.0.9:8080', 'A', { sequence: i * 100, id: i & 0xffff, payload: 'x'.repeat(100) });
      return { at: trafficStart + i * 50, frame: inVxlan(11, frame, { sourcePort: 50_000 }) };
    });
    const { findings } = await analyzeFrames([many], local === undefined ? {} : { local: [local] });
    expect(findings.filter(({ subject }) => subject.address.startsWith('192.0.2.'))).toEqual([]);
  });
});

describe('9: every packet twice', () => {
  test('as a bare copy and one in VXLAN counts once, the space being one', async () => {
    const frames = byTime(
      talk,
      later(
        wrapped((frame) => inVxlan(11, frame)),
        40,
      ),
    );
    const { logged, counters } = await analyzeFrames([frames]);
    const rows = machines(logged('conn'));
    expect(rows.map(counted)).toEqual([bare]);
    expect(rows[0]?.duplicate_pkts).toBe(talk.length);
    expect(counters['wire']).toMatchObject({ duplicates: talk.length });
  });

  test('as two identical copies back to back counts once', async () => {
    const frames = byTime(talk, later(talk, 3));
    const { logged } = await analyzeFrames([frames]);
    expect(logged('conn').map(counted)).toEqual([bare]);
    expect(logged('conn')[0]?.duplicate_pkts).toBe(talk.length);
  });

  test('in two files of two interfaces counts once', async () => {
    const { logged } = await analyzeFrames([talk, later(talk, 30)]);
    expect(logged('conn').map(counted)).toEqual([bare]);
  });

  test('is told from a host that sends again: retransmissions count', async () => {
    const again = talk.flatMap((one, i) =>
      i === 3 ? [one, { at: one.at + 250_000, frame: one.frame }] : [i > 3 ? { ...one, at: one.at + 300_000 } : one],
    );
    const [row] = (await analyzeFrames([again])).logged('conn');
    expect(row).toMatchObject({ orig_pkts: (bare.orig_pkts ?? 0) + 1, orig_bytes: 5, resp_bytes: 6 });
    expect(row?.duplicate_pkts).toBeUndefined();
  });

  test('of a scan is one scan, with as many probes as were sent', async () => {
    const probes = Array.from(
      { length: 200 },
      (_, i): TimedFrame => ({
        at: trafficStart + i * 5000,
        frame: segment('10.0.0.5:40000', `10.0.0.9:${i + 1}`, 'S', { id: i + 1, payload: '' }),
      }),
    );
    const { findings } = await analyzeFrames([
      byTime(
        probes,
        later(
          wrapped((frame) => inVxlan(11, frame), probes),
          60,
        ),
      ),
    ]);
    expect(findings.filter(({ detector }) => detector === 'D02-port-scan')).toMatchObject([{ count: 200 }]);
  });
});

test('an unrelated datagram at the port of VXLAN is not lost', async () => {
  const frame = withChecksums(
    ethernet(ipv4(udp(40_000, 4789, bytesOf('a datagram of no tunnel')), { source: '10.0.0.5', target: '10.0.0.9' })),
  );
  const { logged } = await analyzeFrames([[{ at: trafficStart, frame }]]);
  expect(logged('conn')).toMatchObject([{ 'id.resp_p': 4789, orig_ip_bytes: 51 }]);
  expect(logged('conn')[0]?.carrier).toBeUndefined();
});
