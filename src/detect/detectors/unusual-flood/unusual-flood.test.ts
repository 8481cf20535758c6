import { describe, expect, test } from 'vitest';
import { echoes, type LogRow, udpFlow } from '../../../../test/build/rows.ts';
import { describeDetector, findingsOf } from '../../../../test/contract/detector.ts';
import type { ConnRecord } from '../../../model/records/conn.ts';
import { unusualFlood } from './unusual-flood.ts';

// Fixtures are synthesised: a flood ping and a rare IP protocol; an hour of ordinary ping, tunnels, and QUIC.
describeDetector(unusualFlood, import.meta.dirname);

const lasting = ({ row }: LogRow<'conn'>, values: Partial<ConnRecord>): LogRow => ({ log: 'conn', row: { ...row, ...values } });
const pings = (count: number, seconds: number, values: Partial<ConnRecord> = {}): LogRow =>
  lasting(echoes(0, '10.0.0.7', '203.0.113.9', [count, count]), { duration: seconds, ...values });
const judge = (...rows: readonly LogRow[]) => findingsOf(unusualFlood, rows);

describe('a flood with something unusual', () => {
  test('is high from 1000 echo requests a second, answered or not, medium from 200', () => {
    expect(judge(pings(11_000, 10))).toMatchObject([{ severity: 'high', subject: { address: '10.0.0.7' } }]);
    expect(judge(pings(3000, 10))).toMatchObject([{ severity: 'medium' }]);
    expect(judge(pings(2000, 20))).toEqual([]);
    expect(judge(pings(1999, 1))).toEqual([]);
  });

  test('does not accuse who answers more than it sends', () =>
    expect(judge(lasting(echoes(0, '203.0.113.9', '10.0.0.7', [10, 30_000]), { duration: 10 }))).toEqual([]));

  test('may be UDP at a port of TCP, but not QUIC', () => {
    const at = (port: number) => judge(udpFlow(0, '10.0.0.7:4444', `203.0.113.9:${port}`, [50_000, 0], { duration: 10 }));
    expect(at(80)).toMatchObject([{ severity: 'high', summary: expect.stringContaining('UDP at TCP port 80') }]);
    expect(at(443)).toEqual([]);
  });

  test('is told once for each kind, so that one does not hide another', () => {
    const kinds = judge(pings(20_000, 10), udpFlow(0, '10.0.0.7:4444', '203.0.113.9:80', [50_000, 0], { duration: 10 }));
    expect(kinds.map(({ evidence }) => evidence['packets']).sort()).toEqual([20_000, 50_000]);
  });

  test('is not added up over two tenants with the same addresses', () =>
    expect(judge(pings(1500, 1, { context: 'vlan:11' }), pings(1500, 1, { context: 'vlan:12' }))).toEqual([]));

  test('does not count carriers of the network', () => expect(judge(pings(50_000, 10, { carrier: true }))).toEqual([]));
});
