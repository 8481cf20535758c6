import { describe, expect, test } from 'vitest';
import { knownEnds, type LogRow, rowsOf, udpFlow } from '../../../../test/build/rows.ts';
import { describeDetector, findingsOf } from '../../../../test/contract/detector.ts';
import type { ConnRecord } from '../../../model/records/conn.ts';
import { udpFlood } from './udp-flood.ts';

// Fixtures are synthesised: two floods; a video call, a QUIC upload, a log shipper, a group, and the carrier of a mirror.
describeDetector(udpFlood, import.meta.dirname);

const pour = (packets: number, seconds: number, replies = 0, values: Partial<ConnRecord> = {}): LogRow[] => [
  udpFlow(0, '10.0.0.7:4444', '203.0.113.9:9999', [packets, replies], { duration: seconds, ...values }),
];
const judge = (rows: readonly LogRow[]) => findingsOf(udpFlood, rows);

describe('a flood of UDP', () => {
  test('is high from 10 000 packets a second, medium from 2000', () => {
    expect(judge(pour(110_000, 10))).toMatchObject([{ severity: 'high', subject: { address: '10.0.0.7' } }]);
    expect(judge(pour(30_000, 10))).toMatchObject([{ severity: 'medium' }]);
    expect(judge(pour(19_000, 10))).toEqual([]);
  });

  test('takes at least 10 000 packets', () => {
    expect(judge(pour(9999, 0.5))).toEqual([]);
    expect(judge(pour(10_000, 0.5))).toMatchObject([{ count: 10_000 }]);
  });

  test('of large datagrams is high from 100 Mb/s', () => {
    expect(judge(pour(90_000, 10, 0, { orig_ip_bytes: 145_000_000 }))).toMatchObject([{ severity: 'high' }]);
    expect(judge(pour(90_000, 10, 0, { orig_ip_bytes: 120_000_000 }))).toMatchObject([{ severity: 'medium' }]);
  });

  test('is told from a conversation by what comes back', () => {
    expect(judge(pour(200_000, 10, 12_000))).toEqual([]);
    expect(judge(pour(200_000, 10, 9000))).toMatchObject([{ severity: 'high' }]);
  });

  test('is added up over ports', () => {
    const carpet = rowsOf(4000, (i) => udpFlow(i / 400, `10.0.0.7:${1024 + i}`, `203.0.113.9:${i}`, [25, 0], { duration: 0.1 }));
    expect(judge(carpet)).toMatchObject([{ count: 100_000, evidence: { flows: 4000 } }]);
  });

  test('is found in a burst inside a longer quiet stretch', () =>
    expect(judge([...pour(6000, 600), ...pour(90_000, 3)])).toMatchObject([{ severity: 'high' }]));

  test('does not accuse who is poured upon: what it sends back is not the flood', () =>
    expect(judge([udpFlow(0, '203.0.113.9:9999', '10.0.0.7:4444', [3, 200_000], { duration: 10 })])).toEqual([]));

  test('of a known load test is shown, and no more', () => {
    const known = knownEnds('load test', '10.0.0.7/32');
    expect(findingsOf(udpFlood, pour(200_000, 10), [], { known })).toMatchObject([{ severity: 'info' }]);
  });

  test('is not added up over two tenants with the same addresses', () =>
    expect(judge([...pour(9000, 1, 0, { context: 'vxlan:11' }), ...pour(9000, 1, 0, { context: 'vxlan:12' })])).toEqual([]));
});
