import { expect, test } from 'vitest';
import type { FragmentsRecord } from '../../model/records/fragments.ts';
import type { RecordSink } from '../../model/records/index.ts';
import { StrayFragments } from './stray-fragments.ts';

const collect = (): { rows: FragmentsRecord[]; sink: RecordSink } => {
  const rows: FragmentsRecord[] = [];
  return { rows, sink: { emit: (_, row) => rows.push(row as unknown as FragmentsRecord) } };
};
const piece = (sender: number, at: number) => ({
  addresses: Int32Array.of(0, 0, 0xffff, sender, 0, 0, 0xffff, 0x0a000009),
  protocol: 17,
  context: 0,
  firstAt: at,
  lastAt: at,
  fragments: 2,
});

test('sums a pair over half a minute and begins anew after it', () => {
  const { rows, sink } = collect();
  const stray = new StrayFragments(sink, () => undefined);
  for (const at of [1e15, 1e15 + 5e6, 1e15 + 40e6]) stray.add(piece(0x0a000001, at));
  stray.finish();
  expect(rows.map(({ fragments, datagrams, duration }) => [fragments, datagrams, duration])).toEqual([
    [4, 2, 5],
    [2, 1, 0],
  ]);
});

test('writes the oldest rather than grow', () => {
  const { rows, sink } = collect();
  const stray = new StrayFragments(sink, () => undefined);
  for (let i = 0; i < 3000; i++) stray.add(piece(0x0a000000 + i, 1e15));
  expect(rows.length).toBe(3000 - 1024);
  stray.finish();
  expect(rows.length).toBe(3000);
});
