import { describe, expect, test } from 'vitest';
import { conn, type LogRow, type Outcome, rowsOf } from '../../../../test/build/rows.ts';
import { describeDetector, findingsOf } from '../../../../test/contract/detector.ts';
import type { ConnRecord } from '../../../model/records/conn.ts';
import { synFlood } from './syn-flood.ts';

/** So many SYN packets, evenly over so many seconds, each from another port, as a flooding tool sends them. */
const flood = (count: number, seconds: number, outcome: Outcome = 'silent', values: Partial<ConnRecord> = {}): LogRow[] =>
  rowsOf(count, (i) => conn((i * seconds) / count, `10.0.0.7:${1024 + (i % 60_000)}`, '203.0.113.9:80', outcome, values));
const judge = (rows: readonly LogRow[]) => findingsOf(synFlood, rows);

// The firing rows are made here, since they are thousands; the silent ones are synthesised: a load generator, a dead backend, a victim.
describeDetector(synFlood, import.meta.dirname, { fires: () => flood(6000, 10) });

describe('a flood of SYN packets', () => {
  test('is high from 500 a second, medium from 100, and none below', () => {
    expect(judge(flood(5000, 10))).toMatchObject([
      { severity: 'high', subject: { address: '10.0.0.7' }, peers: [{ address: '203.0.113.9', port: 80 }] },
    ]);
    expect(judge(flood(2500, 20))).toMatchObject([{ severity: 'medium' }]);
    expect(judge(flood(3000, 60))).toEqual([]);
  });

  test('takes at least 1500 packets', () => {
    expect(judge(flood(1499, 1))).toEqual([]);
    expect(judge(flood(1500, 1))).toMatchObject([{ count: 1500 }]);
  });

  test('is also one connection whose SYN is repeated from a fixed port', () =>
    expect(judge([conn(0, '10.0.0.7:4000', '203.0.113.9:80', 'silent', { orig_pkts: 20_000, duration: 10 })])).toMatchObject([
      { count: 20_000 },
    ]));

  test('is not changed by answers: refused or answered by SYN-ACK, the handshake is not finished', () => {
    expect(judge(flood(5000, 10, 'refused'))).toMatchObject([{ severity: 'high' }]);
    expect(judge(flood(5000, 10, 'probe'))).toMatchObject([{ severity: 'high', count: 5000 }]);
  });

  test('is not what a load generator does, even when one in eight of its handshakes fails', () => {
    expect(judge(flood(20_000, 10, 'answered'))).toEqual([]);
    const overloaded = rowsOf(20_000, (i) => conn(i / 2000, `10.0.0.7:${1024 + i}`, '203.0.113.9:80', i % 8 === 0 ? 'silent' : 'answered'));
    expect(judge(overloaded)).toEqual([]);
  });

  test('does not accuse the victim, whose SYN-ACKs are thousands', () =>
    expect(judge(flood(9000, 10, 'backscatter')).concat(judge(flood(5000, 10, 'probe')).slice(1))).toEqual([]));

  test('is not a scan of many ports', () => {
    const scan = rowsOf(20_000, (i) => conn(i / 2000, '10.0.0.7:40000', `203.0.113.9:${i + 1}`, 'refused'));
    expect(judge(scan)).toEqual([]);
  });

  test('by a stranger is at most medium', () => {
    const rows = rowsOf(6000, (i) => conn(i / 600, `198.51.100.7:${1024 + i}`, '10.0.0.80:80', 'silent'));
    expect(judge(rows)).toMatchObject([{ severity: 'medium', subject: { address: '198.51.100.7' } }]);
  });

  test('is not added up over two tenants with the same addresses', () =>
    expect(judge([...flood(1000, 1, 'silent', { context: 'vxlan:11' }), ...flood(1000, 1, 'silent', { context: 'vxlan:12' })])).toEqual(
      [],
    ));

  test('does not count carriers of the network', () => expect(judge(flood(6000, 10, 'silent', { carrier: true }))).toEqual([]));
});
