import { describe, expect, test } from 'vitest';
import { dns, type LogRow, ofTwoTenants, rowsOf } from '../../../../test/build/rows.ts';
import { describeDetector, findingsOf } from '../../../../test/contract/detector.ts';
import { dnsFlood } from './dns-flood.ts';

/** Queries for ever new names of one zone. */
const randomNames = (count: number, perSecond: number): LogRow[] =>
  rowsOf(count, (i) => dns(i / perSecond, '10.0.0.7', `r${i * 7919}.example.org`, []));
const judge = (rows: readonly LogRow[]) => findingsOf(dnsFlood, rows);

// The firing rows are made here, since they are thousands; the silent ones are synthesised: a mail filter, service discovery, reverse names.
describeDetector(dnsFlood, import.meta.dirname, { fires: () => randomNames(6000, 600) });

describe('a flood of DNS queries', () => {
  test('is high from 1000 a second towards one server', () => {
    const same = rowsOf(12_000, (i) => dns(i / 1200, '10.0.0.7', 'example.org', [['203.0.113.80', 60]]));
    expect(judge(same)).toMatchObject([{ severity: 'high', subject: { address: '10.0.0.7' }, count: 12_000 }]);
    expect(judge(rowsOf(6000, (i) => dns(i / 400, '10.0.0.7', 'example.org', [])))).toEqual([]);
  });

  test('is high from 200 new names of one zone a second, and every name counts', () => {
    const [finding] = judge(randomNames(6000, 250));
    expect(finding).toMatchObject({ severity: 'high', count: 6000, summary: expect.stringContaining('new names of example.org') });
    expect(judge(randomNames(1999, 1000))).toEqual([]);
  });

  test('is not a resolver that asks for the same names again and again', () =>
    expect(judge(rowsOf(20_000, (i) => dns(i / 450, '10.0.0.7', `host${i % 500}.example.org`, [['203.0.113.80', 60]])))).toEqual([]));

  test('is told for the server and for the zone, so that one does not hide the other', () =>
    expect(judge(randomNames(24_000, 1200))).toHaveLength(2));

  test('is not added up over two tenants with the same addresses', () => expect(judge(ofTwoTenants(randomNames(3800, 600)))).toEqual([]));
});
