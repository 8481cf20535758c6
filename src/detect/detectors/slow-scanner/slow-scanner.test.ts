import { describe, expect, test } from 'vitest';
import { conn, dns, type LogRow, rowsOf } from '../../../../test/build/rows.ts';
import { describeDetector, findingsOf } from '../../../../test/contract/detector.ts';
import type { ConnRecord } from '../../../model/records/conn.ts';
import { outboundSweep } from '../outbound-sweep/outbound-sweep.ts';
import { slowScanner } from './slow-scanner.ts';

// Fixtures are synthesised: a probe every six minutes; a client most of whose targets answer, and mail to hosts that are gone.
describeDetector(slowScanner, import.meta.dirname);

const failures = (count: number, values: Partial<ConnRecord> = {}, client = '10.0.0.7', from = 0): LogRow[] =>
  rowsOf(count, (i) => conn(from + i * 360, `${client}:40000`, `203.0.113.${i}:${22 + (i % 5)}`, 'silent', values));
const judge = (rows: readonly LogRow[], others: Parameters<typeof findingsOf>[2] = []) => findingsOf(slowScanner, rows, others);

describe('the sequential test', () => {
  test('asks for 25 failed first contacts', () => {
    expect(judge(failures(24))).toEqual([]);
    expect(judge(failures(25))).toMatchObject([{ severity: 'medium', count: 25 }]);
  });

  test('is high from 150 on', () => expect(judge(failures(150))).toMatchObject([{ severity: 'high' }]));

  test('counts first contacts only, so a dead backend that is retried is one failure', () =>
    expect(judge(rowsOf(500, (i) => conn(i * 60, '10.0.0.7:40000', `203.0.113.${i % 3}:5432`, 'silent')))).toEqual([]));

  test('starts anew after successes, so that a busy client is never worn down', () =>
    expect(
      judge(rowsOf(400, (i) => conn(i * 60, '10.0.0.7:40000', `10.1.${i >> 8}.${i & 255}:443`, i % 2 === 0 ? 'silent' : 'answered'))),
    ).toEqual([]));

  test('forgets after a day', () =>
    expect(judge(rowsOf(40, (i) => conn(i * 90_000, '10.0.0.7:40000', `203.0.113.${i}:22`, 'silent')))).toEqual([]));

  test('takes no excuse from what another tenant resolved', () => {
    const rows = rowsOf(30, (i) => dns(i * 360, '10.0.0.7', `host${i}.example.org`, [[`203.0.113.${i}`, 300]], { context: 'vxlan:12' }));
    expect(judge([...rows, ...failures(30, { context: 'vxlan:11' })])).toMatchObject([{ subject: { context: 'vxlan:11' } }]);
    expect(judge([...rows, ...failures(30, { context: 'vxlan:12' })])).toEqual([]);
  });

  test('does not accuse whom others came to: the answers of a server are no contacts of its own', () => {
    const rows = rowsOf(40, (i) => [
      conn(i * 360, `203.0.113.${i}:40000`, '10.0.0.7:6881', 'answered'),
      conn(i * 360 + 60, '10.0.0.7:40000', `203.0.113.${i}:6881`, 'silent'),
    ]);
    expect(judge(rows)).toEqual([]);
  });

  test('holds back when many fail at once: then the network is at fault', () => {
    const outage = (machines: number) => rowsOf(30, (i) => rowsOf(machines, (m) => failures(30, {}, `10.0.0.${m}`, m)[i] ?? []));
    expect(judge(outage(9))).toHaveLength(9);
    // Three in ten were told before it could be known; nobody after them.
    expect(judge(outage(60))).toHaveLength(18);
  });

  test('leaves to others what they tell better', () => {
    const sweep = rowsOf(40, (i) => conn(i, '10.0.0.7:40000', `10.0.1.${i}:445`, 'silent'));
    const later = failures(200, {}, '10.0.0.7', 100);
    const [finding] = judge([...sweep, ...later], [outboundSweep]);
    // What it said before the sweep was one is not taken back, but not renewed either.
    expect(finding?.count ?? 0).toBeLessThanOrEqual(40);
  });
});
