import { describe, expect, test } from 'vitest';
import { arp, conn, knownEnds, type LogRow, rowsOf, udpFlow } from '../../../../test/build/rows.ts';
import { describeDetector, findingsOf } from '../../../../test/contract/detector.ts';
import type { ConnRecord } from '../../../model/records/conn.ts';
import { darkAddress } from './dark-address.ts';

// Fixtures are synthesised: four unused addresses within minutes; two stale ones, and three whose machines are seen elsewhere.
describeDetector(darkAddress, import.meta.dirname);

const touches = (count: number, values: Partial<ConnRecord> = {}, step = 60): LogRow[] =>
  rowsOf(count, (i) => conn(i * step, '10.0.0.7:40000', `10.0.9.${i}:22`, 'silent', values));
const judge = (rows: readonly LogRow[]) => findingsOf(darkAddress, rows);

describe('contact with unused addresses', () => {
  test('is told from the third on, and is medium from the sixteenth', () => {
    expect(judge(touches(2))).toEqual([]);
    expect(judge(touches(3))).toMatchObject([{ severity: 'low', count: 3 }]);
    expect(judge(touches(16))).toMatchObject([{ severity: 'medium' }]);
  });

  test('must come within an hour', () => expect(judge(touches(10, {}, 1900))).toEqual([]));

  test('is judged at the end: whoever was alive at any time is not unused', () => {
    const alive = rowsOf(3, (i) => arp(9000 + i, 'reply', `10.0.9.${i}`, '10.0.9.254'));
    expect(judge([...touches(4), ...alive])).toEqual([]);
  });

  test('takes a sign of life in its own network only', () => {
    const elsewhere = rowsOf(3, (i) => arp(i, 'reply', `10.0.9.${i}`, '10.0.9.254', { context: 'vxlan:12' }));
    expect(judge([...elsewhere, ...touches(3, { context: 'vxlan:11' })])).toMatchObject([{ subject: { context: 'vxlan:11' } }]);
    expect(judge([...elsewhere, ...touches(3, { context: 'vxlan:12' })])).toEqual([]);
  });

  test('does not mind a refusal, which only a live machine gives', () => {
    expect(judge(rowsOf(20, (i) => conn(i, '10.0.0.7:40000', `10.0.9.${i}:22`, 'refused')))).toEqual([]);
    const closed = rowsOf(20, (i) => udpFlow(i, '10.0.0.7:40000', `10.0.9.${i}:161`, [1, 0], { icmp_unreachable: 'port' }));
    expect(judge(closed)).toEqual([]);
  });

  test('does not mind addresses outside', () =>
    expect(judge(rowsOf(20, (i) => conn(i, '10.0.0.7:40000', `203.0.113.${i}:22`, 'silent')))).toEqual([]));

  test('of a known end is shown, and no more', () => {
    const known = knownEnds('operator', '10.0.0.0/24');
    expect(findingsOf(darkAddress, touches(20), [], { known })).toMatchObject([{ severity: 'info' }]);
  });
});
