// The test vectors about mirrors, through the whole engine: what conn.log says of them.
import { expect, test } from 'vitest';
import { batchOf, capturePoint, ethernet, inVxlan, ipv4, type Taken, tcp } from '../../../test/build/frames.ts';
import { bytesOf } from '../../../test/build/wire-bytes.ts';
import type { CapturePoint } from '../../model/packet-batch.ts';
import type { ConnRecord } from '../../model/records/conn.ts';
import { nodePlatform } from '../../platform/node-platform.ts';
import { Engine } from '../engine.ts';

const start = 1_600_000_000_000_000;

/** Rows of conn.log for frames. */
function connections(frames: readonly Taken[], points: readonly CapturePoint[] = [capturePoint()]): ConnRecord[] {
  const rows: ConnRecord[] = [];
  const engine = new Engine({}, nodePlatform, { emit: (name, row) => (name === 'conn' ? void rows.push(row as ConnRecord) : undefined) });
  engine.onBatch(batchOf(frames), points);
  engine.finish();
  return rows.sort((a, b) => a['id.orig_h'].localeCompare(b['id.orig_h']) || a.ts - b.ts);
}

/** A TCP conversation with its closing. */
function conversation(id: number): Uint8Array[] {
  const there = { protocol: 6, source: '10.1.0.1', target: '10.1.0.2' };
  const back = { protocol: 6, source: '10.1.0.2', target: '10.1.0.1' };
  const say = (fields: Parameters<typeof tcp>[2], text: string, n: number) =>
    ipv4(tcp(40_000, 9999, fields, bytesOf(text)), { ...there, id: id + n });
  const reply = (fields: Parameters<typeof tcp>[2], text: string, n: number) =>
    ipv4(tcp(9999, 40_000, fields, bytesOf(text)), { ...back, id: id + 500 + n });
  return [
    say({ sequence: 99, flags: 2 }, '', 0),
    reply({ sequence: 499, acknowledged: 100, flags: 0x12 }, '', 0),
    say({ sequence: 100, acknowledged: 500 }, '', 1),
    say({ sequence: 100, acknowledged: 500, flags: 0x18 }, 'hello', 2),
    reply({ sequence: 500, acknowledged: 105, flags: 0x18 }, 'world!', 1),
    say({ sequence: 105, acknowledged: 506, flags: 0x11 }, '', 3),
    reply({ sequence: 506, acknowledged: 106, flags: 0x11 }, '', 2),
    say({ sequence: 106, acknowledged: 507 }, '', 4),
  ];
}

const counted = (row: ConnRecord | undefined) => ({
  orig_pkts: row?.orig_pkts,
  resp_pkts: row?.resp_pkts,
  orig_bytes: row?.orig_bytes,
  resp_bytes: row?.resp_bytes,
  orig_ip_bytes: row?.orig_ip_bytes,
  resp_ip_bytes: row?.resp_ip_bytes,
  history: row?.history,
  conn_state: row?.conn_state,
});

const plain = conversation(1).map((packet) => ethernet(packet));
const once = counted(connections(plain.map((frame, i) => ({ frame, at: start + i * 5000 })))[0]);

test('9: a conversation that two mirrors copied counts as if there had been one', () => {
  expect(once).toMatchObject({ orig_pkts: 5, resp_pkts: 3, orig_bytes: 5, resp_bytes: 6, conn_state: 'SF' });
  const copies = plain.flatMap((frame, i): Taken[] => [0, 7].map((late) => ({ frame, at: start + i * 5000 + late })));
  expect(connections(copies).map(counted)).toEqual([once]);
});

test.each([0, 1, 2])('9: a plain copy and one in VXLAN count once, in whatever order they come (%i)', (turn) => {
  const copies = plain.flatMap((frame, i): Taken[] => {
    const pair = [frame, inVxlan(11, frame)];
    const ordered = (turn === 2 ? i % 2 : turn) === 0 ? pair : pair.reverse();
    return ordered.map((one, k) => ({ frame: one, at: start + i * 5000 + k * 50 }));
  });
  const rows = connections(copies);
  expect(rows.filter((row) => row.carrier !== true).map(counted)).toEqual([once]);
});

test('8: the mirror itself is marked as a carrier, not reported as a machine of its own', () => {
  const rows = connections(plain.map((frame, i) => ({ frame: inVxlan(11, frame), at: start + i * 5000 })));
  expect(rows.map((row) => [row['id.resp_p'], row.service, row.carrier, row.context])).toEqual([
    [9999, undefined, undefined, 'vxlan:11'],
    [4789, 'vxlan', true, undefined],
  ]);
  expect(counted(rows[0])).toEqual(once);
  expect(rows[0]?.tunnel_parents).toEqual([rows[1]?.uid]);
});

test('6: equal conversations of two tenants are two rows', () => {
  const frames = plain.flatMap((frame, i): Taken[] =>
    [11, 12].map((vni, k) => ({ frame: inVxlan(vni, frame), at: start + i * 5000 + k * 900 })),
  );
  const rows = connections(frames).filter((row) => row.carrier !== true);
  expect(rows.map((row) => row.context)).toEqual(['vxlan:11', 'vxlan:12']);
  expect(rows.map(counted)).toEqual([once, once]);
});
