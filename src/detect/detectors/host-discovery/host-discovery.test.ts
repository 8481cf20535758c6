import { describe, expect, test } from 'vitest';
import { arp, echoes, type LogRow, ofTwoTenants, rowsOf } from '../../../../test/build/rows.ts';
import { describeDetector, findingsOf } from '../../../../test/contract/detector.ts';
import type { ArpRecord } from '../../../model/records/arp.ts';
import { hostDiscovery } from './host-discovery.ts';

// Fixtures are synthesised: 40 ARP requests in two seconds; neighbours that answer, announcements, and monitoring by echo request.
describeDetector(hostDiscovery, import.meta.dirname);

const requests = (count: number, values: Partial<ArpRecord> = {}, step = 0.05): LogRow[] =>
  rowsOf(count, (i) => arp(i * step, 'request', '10.0.0.7', `10.0.1.${i}`, values));
const judge = (rows: readonly LogRow[]) => findingsOf(hostDiscovery, rows);

describe('discovery of hosts', () => {
  test('begins with 32 within a minute and is high from 100 on', () => {
    expect(judge(requests(31))).toEqual([]);
    expect(judge(requests(32))).toMatchObject([{ severity: 'medium', evidence: { method: 'ARP', hardwareAddress: 'fa:16:3e:00:00:07' } }]);
    expect(judge(requests(100))).toMatchObject([{ severity: 'high' }]);
    expect(judge(requests(60, {}, 4))).toEqual([]);
  });

  test('counts a question once, however often it is repeated', () =>
    expect(judge(rowsOf(200, (i) => arp(i * 0.1, 'request', '10.0.0.7', `10.0.1.${i % 20}`)))).toEqual([]));

  test('does not accuse those who are found: their replies are no questions', () => {
    const answered = rowsOf(64, (i) => [
      arp(i * 0.1, 'request', '10.0.0.7', `10.0.1.${i}`),
      ...(i % 4 === 0 ? [arp(i * 0.1 + 0.001, 'reply', `10.0.1.${i}`, '10.0.0.7')] : []),
    ]);
    expect(judge(answered)).toMatchObject([{ subject: { address: '10.0.0.7' }, evidence: { withoutSuccess: 48 } }]);
  });

  test('does not take a late reply for an answer', () => {
    const late = rowsOf(40, (i) => arp(60 + i * 0.1, 'reply', `10.0.1.${i}`, '10.0.0.7'));
    expect(judge([...requests(40), ...late])).toMatchObject([{ evidence: { withoutSuccess: 40 } }]);
  });

  test('may use echo requests', () => {
    const pings = rowsOf(100, (i) => echoes(i * 0.1, '10.0.0.7', `10.0.1.${i}`, i % 10 === 0 ? [1, 1] : [1, 0]));
    expect(judge(pings)).toMatchObject([{ severity: 'high', evidence: { method: 'echo request', withoutSuccess: 90 } }]);
  });

  test('is not added up over two tenants with the same addresses', () => expect(judge(ofTwoTenants(requests(62)))).toEqual([]));
});
