import { describe, expect, it } from 'vitest';
import { batchOf, capturePoint, ethernet, ipv4, type Taken, tagged, udp } from '../../test/build/frames.ts';
import { bytesOf } from '../../test/build/wire-bytes.ts';
import type { PacketSource } from '../capture/packet-source.ts';
import { PacketWalk } from '../engine/packet-walk.ts';
import type { CapturePoint } from '../model/packet-batch.ts';
import { collectPackets, type PacketWant } from './collect-packets.ts';
import { wantedOf } from './packet-picker.ts';

const start = 1_600_000_000_000_000;
const second = 1e6;

/** Datagram `n` of a client's port to a server. */
const datagram = (port: number, n: number): Uint8Array => ipv4(udp(port, 9999, bytesOf('number ', String(n))), { id: n });

/** A capture in blocks of ten packets. */
function sourceOf(frames: readonly Taken[], points: readonly CapturePoint[]): PacketSource {
  let at = 0;
  return {
    points,
    next: async () => {
      if (at >= frames.length) return null;
      const batch = batchOf(frames.slice(at, at + 10));
      for (let i = 0; i < batch.count; i++) batch.numbers[i] = at + i + 1;
      at += 10;
      return batch;
    },
    summaries: () => [],
    close: async () => {},
  };
}

const connection = (uid: string, port: number, from: number, seconds: number, context?: string) =>
  wantedOf({
    ...{ uid, proto: 'udp', 'id.orig_h': '10.0.0.1', 'id.orig_p': port, 'id.resp_h': '10.0.0.2', 'id.resp_p': 9999 },
    ...{ ts: start + from * second, duration: seconds, context },
  });

/** Numbers of the packets found, and how often the capture was read. */
async function collect(
  frames: readonly Taken[],
  wanted: readonly ReturnType<typeof connection>[],
  points: readonly CapturePoint[] = [capturePoint()],
): Promise<{ found: number[][]; readings: number }> {
  const connections = new Map(wanted.flatMap((one) => (one === undefined ? [] : [[one.uid, one] as const])));
  const wants = [...connections.keys()].map((uid): PacketWant => ({ uids: [uid], packets: [], bare: 0 }));
  let readings = 0;
  const reopen = async (): Promise<PacketSource> => {
    readings++;
    return sourceOf(frames, points);
  };
  await collectPackets(wants, connections, { reopen });
  return { found: wants.map(({ packets }) => packets.map(({ number }) => number)), readings };
}

describe('collectPackets', () => {
  /** One a second, by three ports in turn. */
  const frames = Array.from({ length: 600 }, (_, i): Taken => ({ frame: ethernet(datagram(1000 + (i % 3), i)), at: start + i * second }));

  it('finds the packets of each connection in its time only, in one reading', async () => {
    const { found, readings } = await collect(frames, [
      connection('Ca', 1000, 300, 6),
      connection('Cb', 1001, 310, 3),
      connection('Cc', 7, 0, 600),
    ]);
    expect(found).toEqual([[301, 304, 307], [311, 314], []]);
    expect(readings).toBe(1);
  });

  it('takes the first twelve, also of a connection that goes on', async () => {
    const { found } = await collect(frames, [connection('Ca', 1000, 0, 600), connection('Cb', 1001, 500, 4)]);
    expect(found).toEqual([Array.from({ length: 12 }, (_, i) => 1 + 3 * i), [503]]);
  });

  it('finds packets that lie out of order', async () => {
    const { found } = await collect(
      [...frames.slice(0, 300), ...frames.slice(305), ...frames.slice(300, 305)],
      [connection('Ca', 1000, 300, 3)],
    );
    // The capture goes on for longer than a disorder that is looked through.
    expect(found).toEqual([[]]);
    const near = [...frames.slice(0, 300), ...frames.slice(305, 315), ...frames.slice(300, 305), ...frames.slice(315)];
    expect((await collect(near, [connection('Ca', 1000, 300, 3)])).found).toEqual([[311, 314]]);
  });

  it('tells tenants with equal ends apart, by reading everything when a name decides', async () => {
    const vlans = frames.map(({ at }, i): Taken => ({ frame: tagged([5 + (i % 2)], datagram(1000, i)), at: at ?? 0 }));
    const { found, readings } = await collect(vlans, [connection('Ca', 1000, 300, 4, 'vlan:5')]);
    expect(found).toEqual([[301, 303, 305]]);
    expect(readings).toBe(2);
  });

  it('knows all capture points, as the first reading did', async () => {
    const points = [capturePoint({ interfaceName: 'eth0' }), capturePoint({ interfaceName: 'eth1' })];
    const twoPoints = frames.map(({ frame, at }, i): Taken => ({ frame, at: at ?? 0, point: i < 3 ? i % 2 : 0 }));
    const { found, readings } = await collect(twoPoints, [connection('Ca', 1000, 300, 6, 'eth0')], points);
    expect(found).toEqual([[301, 304, 307]]);
    expect(readings).toBe(1);
  });
});

describe('PacketWalk', () => {
  it('passes over frames that are not near, but for the first of each capture point', () => {
    const frames = Array.from({ length: 9 }, (_, i): Taken => ({ frame: ethernet(datagram(1, i)), at: start + i, point: i > 5 ? 1 : 0 }));
    const seen: number[] = [];
    const isNear = (at: number): boolean => at === start + 4;
    new PacketWalk().onBatch(batchOf(frames), [capturePoint(), capturePoint()], ({ number }) => void seen.push(number), isNear);
    expect(seen).toEqual([1, 5, 7]);
  });
});
