import { describe, expect, test } from 'vitest';
import { conn, knownEnds, type LogRow, rowsOf } from '../../../../test/build/rows.ts';
import { describeDetector, findingsOf } from '../../../../test/contract/detector.ts';
import type { ConnRecord } from '../../../model/records/conn.ts';
import { longConnection } from './long-connection.ts';

// Fixtures are synthesised: one of two hours, five of a quarter; just below an hour, one-way, a mirror's carrier, a group, a ping.
describeDetector(longConnection, import.meta.dirname);

const hours = (duration: number, values: Partial<ConnRecord> = {}): LogRow<'conn'> =>
  conn(0, '10.0.0.7:40000', '203.0.113.9:4444', 'answered', { duration: duration * 3600, ...values });
const judge = (rows: readonly LogRow[], options: Parameters<typeof findingsOf>[3] = {}) => findingsOf(longConnection, rows, [], options);

describe('a long connection', () => {
  test('lasts an hour; to the outside and without a protocol it is medium', () => {
    expect(judge([hours(0.999)])).toEqual([]);
    expect(judge([hours(1)])).toMatchObject([{ severity: 'medium', count: 1, subject: { address: '10.0.0.7' } }]);
  });

  test('with a protocol that explains itself is a fact, and low from eight hours on', () => {
    expect(judge([hours(7.9, { service: 'ssh' })])).toMatchObject([{ severity: 'info' }]);
    expect(judge([hours(8, { service: 'ssh' })])).toMatchObject([{ severity: 'low' }]);
  });

  test('is also a pair that connects again and again: four short sessions, summed', () => {
    const short = rowsOf(4, (i) => conn(i * 1000, `10.0.0.7:${40_000 + i}`, '203.0.113.9:3000', 'answered', { duration: 117.285 }));
    const tuned = { tune: { 'D24-long-connection': { minHours: 0.1 } } };
    expect(judge(short)).toEqual([]);
    expect(judge(short, tuned)).toMatchObject([{ count: 4, evidence: { totalSeconds: 469.14, longestSeconds: 117.285, connections: 4 } }]);
  });

  test('counts a connection once that is reported while it is open and when it ends', () => {
    const open = (duration: number, bytes: number): LogRow => ({
      log: 'open_conn',
      row: hours(duration, { orig_bytes: bytes, resp_bytes: 0 }).row,
    });
    const rows = [open(0.5, 10), open(1, 20), open(1.5, 30), hours(2, { orig_bytes: 40, resp_bytes: 0 })];
    expect(judge(rows)).toMatchObject([{ count: 1, evidence: { totalSeconds: 7200, bytes: 40 } }]);
  });

  test('is summed over any number of connections without counting one twice', () => {
    const many = rowsOf(1000, (i) => {
      const { row } = conn(i * 60, `10.0.0.7:${1024 + i}`, '203.0.113.9:4444', 'answered', { duration: 50 });
      return [
        { log: 'open_conn', row: { ...row, duration: 20 } },
        { log: 'open_conn', row: { ...row, duration: 40 } },
        { log: 'conn', row },
      ];
    });
    const [finding] = judge(many);
    expect(finding).toMatchObject({ count: 1000, evidence: { totalSeconds: 50_000 } });
    expect(finding?.records.length).toBeLessThanOrEqual(100);
  });

  test('that comes in from outside says nothing about ours', () => {
    const inbound = conn(0, '198.51.100.7:40000', '10.0.0.7:22', 'answered', { duration: 9 * 3600, service: 'ssh' });
    expect(judge([inbound])).toMatchObject([{ severity: 'low', subject: { address: '198.51.100.7' } }]);
  });

  test('of a known end is shown, and no more', () => {
    const known = knownEnds('update server', '203.0.113.0/24');
    expect(judge([hours(30)], { known })).toMatchObject([{ severity: 'info', summary: expect.stringContaining('(known: update server)') }]);
  });

  test('is not a carrier of the network, however long it stays', () => expect(judge([hours(100, { carrier: true })])).toEqual([]));

  test('is not added up over two tenants with the same addresses', () =>
    expect(judge([hours(0.6, { context: 'vxlan:11', uid: 'A' }), hours(0.6, { context: 'vxlan:12', uid: 'B' })])).toEqual([]));
});
