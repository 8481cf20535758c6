import { describe, expect, test } from 'vitest';
import { conn, knownEnds, type Outcome, ofTwoTenants, rowsOf, udpFlow } from '../../../../test/build/rows.ts';
import { describeDetector, findingsOf } from '../../../../test/contract/detector.ts';
import type { ConnRecord } from '../../../model/records/conn.ts';
import { outboundSweep } from './outbound-sweep.ts';

// Fixtures are synthesised: a worm's tries on 445; a crawler, backscatter of a forged flood, and announcements to groups.
describeDetector(outboundSweep, import.meta.dirname);

/** One port on so many hosts of ours, a second apart. */
const sweep = (hosts: number, outcome: Outcome, values: Partial<ConnRecord> = {}, from = 0) =>
  rowsOf(hosts, (i) => conn(from + i, '10.0.0.7:40000', `10.0.${1 + (i >> 8)}.${i & 255}:445`, outcome, values));
const judge = (rows: ReturnType<typeof sweep>) => findingsOf(outboundSweep, rows);

describe('a sweep', () => {
  test('begins with the thirtieth host of ours and is high when most of them fail', () => {
    expect(judge(sweep(29, 'silent'))).toEqual([]);
    expect(judge(sweep(30, 'silent'))).toMatchObject([
      { severity: 'high', subject: { address: '10.0.0.7' }, count: 30, evidence: { targets: 30, port: 445, thresholds: { ownHosts: 30 } } },
    ]);
  });

  test('needs a hundred hosts outside', () => {
    const outside = (hosts: number) => judge(rowsOf(hosts, (i) => conn(i, '10.0.0.7:40000', `203.0.113.${i}:22`, 'silent')));
    expect(outside(99)).toEqual([]);
    expect(outside(100)).toMatchObject([{ severity: 'high', evidence: { targetsAreOurs: false } }]);
  });

  test('counts probes of open ports as tries: the kernel of a scanner resets what it did not open', () =>
    expect(judge(sweep(30, 'probe'))).toMatchObject([{ evidence: { withoutSuccessShare: 1 } }]));

  test('by a stranger is at most medium, since the Internet always scans', () => {
    const rows = rowsOf(40, (i) => conn(i, '198.51.100.7:40000', `10.0.1.${i}:445`, 'silent'));
    expect(judge(rows)).toMatchObject([{ severity: 'medium', subject: { address: '198.51.100.7' } }]);
  });

  test('does not accuse those who answer', () =>
    expect(
      judge(sweep(200, 'backscatter')).concat(judge(sweep(60, 'refused')).filter(({ subject }) => subject.address !== '10.0.0.7')),
    ).toEqual([]));

  test('is not made of groups that a machine announces itself to', () =>
    expect(judge(rowsOf(150, (i) => udpFlow(i, '10.0.0.7:40000', `239.1.1.${i}:5000`, [1, 0])))).toEqual([]));

  test('does not count carriers of the network', () => expect(judge(sweep(60, 'silent', { carrier: true }))).toEqual([]));

  test('is not added up over two tenants with the same addresses', () => {
    expect(judge(ofTwoTenants(sweep(58, 'silent')))).toEqual([]);
    expect(judge(sweep(30, 'silent', { context: 'vxlan:11' }))).toMatchObject([{ subject: { address: '10.0.0.7', context: 'vxlan:11' } }]);
  });

  test('of a known scanner is shown, and no more', () => {
    const known = knownEnds('our scanner', '10.0.0.7/32');
    const [finding] = findingsOf(outboundSweep, sweep(40, 'silent'), [], { known });
    expect(finding).toMatchObject({ severity: 'info', summary: expect.stringContaining('(known: our scanner)') });
  });

  test('is not made of rows that only end at the same time', () => {
    // Long waits for one host each, reported together: the window goes by when they began.
    expect(judge(rowsOf(40, (i) => conn((40 - i) * 600, '10.0.0.7:40000', `10.0.1.${i}:445`, 'silent')))).toEqual([]);
  });

  test('goes on after a pause, and what was known is kept', () => {
    const again = [...sweep(200, 'silent'), ...sweep(30, 'silent', {}, 7200)];
    expect(judge(again)).toMatchObject([{ count: 230 }]);
  });

  test('still names samples of its targets when they are too many to keep', () => {
    const [finding] = judge(rowsOf(5000, (i) => conn(i * 0.01, '10.0.0.7:40000', `10.1.${i >> 8}.${i & 255}:445`, 'silent')));
    expect(finding?.peers).toHaveLength(50);
    expect(finding?.evidence).toMatchObject({ targetsAreEstimated: true });
  });
});
