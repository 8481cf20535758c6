import { describe, expect, test } from 'vitest';
import { conn, knownEnds, type LogRow, type Outcome, rowsOf } from '../../../../test/build/rows.ts';
import { describeDetector, findingsOf } from '../../../../test/contract/detector.ts';
import type { ConnRecord } from '../../../model/records/conn.ts';
import { spoofedSource } from './spoofed-source.ts';

// Fixtures are synthesised: a machine that forges 60 sources; a gateway, strangers that come in, and a leak of 20 packets.
describeDetector(spoofedSource, import.meta.dirname);

const mac = 'fa:16:3e:00:00:07';
const own = conn(0, '10.0.0.7:40000', '203.0.113.1:443', 'answered', { orig_l2_addr: mac });
const forged = (sources: number, values: Partial<ConnRecord> = {}, outcome: Outcome = 'silent'): LogRow[] =>
  rowsOf(sources, (i) =>
    conn(i * 0.01, `198.51.${100 + (i >> 8)}.${i & 255}:40000`, '203.0.113.9:80', outcome, {
      orig_l2_addr: mac,
      orig_pkts: 10,
      duration: 0.01,
      ...values,
    }),
  );
const judge = (rows: readonly LogRow[], options: Parameters<typeof findingsOf>[3] = {}) => findingsOf(spoofedSource, rows, [], options);

describe('forged sources', () => {
  test('name the machine by an address of ours that its hardware address used', () =>
    expect(judge([own, ...forged(60)])).toMatchObject([
      { severity: 'high', subject: { address: '10.0.0.7' }, evidence: { hardwareAddress: mac, sources: 60 } },
    ]));

  test('are high from 50 sources, and one forgotten address is medium', () => {
    expect(judge([own, ...forged(49)])).toMatchObject([{ severity: 'medium' }]);
    expect(
      judge([own, conn(0, '198.51.100.1:40000', '203.0.113.9:80', 'silent', { orig_l2_addr: mac, orig_pkts: 5000, duration: 60 })]),
    ).toMatchObject([{ severity: 'medium', evidence: { sources: 1 } }]);
  });

  test('need 200 packets at ten a second', () => {
    expect(judge([own, ...forged(19)])).toEqual([]);
    expect(judge([own, ...forged(20)])).toHaveLength(1);
    expect(
      judge([own, conn(0, '198.51.100.1:40000', '203.0.113.9:80', 'silent', { orig_l2_addr: mac, orig_pkts: 500, duration: 500 })]),
    ).toEqual([]);
  });

  test('are not a gateway, which also carries what is answered', () =>
    expect(judge([own, ...forged(60), ...forged(10, {}, 'answered')])).toEqual([]));

  test('are not strangers on their way to ours', () =>
    expect(
      judge(rowsOf(60, (i) => conn(i, `198.51.100.${i}:40000`, '10.0.0.80:80', 'silent', { orig_l2_addr: mac, orig_pkts: 100 }))),
    ).toEqual([]));

  test('are only a hint where hardware addresses are missing, as in Zeek logs, and still name somebody', () => {
    const [finding] = judge(forged(400, { orig_l2_addr: undefined }));
    expect(finding).toMatchObject({ severity: 'low', subject: { address: '198.51.100.0' }, evidence: { hardwareAddress: null } });
    expect(finding?.peers).toEqual([{ address: '203.0.113.9' }]);
  });

  test('of a known machine are shown, and no more', () => {
    const known = knownEnds('traffic generator', '10.0.0.7/32');
    expect(judge([own, ...forged(60)], { known })).toMatchObject([
      { severity: 'info', summary: expect.stringContaining('traffic generator') },
    ]);
  });

  test('are kept apart by network context: equal hardware addresses prove nothing', () => {
    const rows = [...forged(10, { context: 'vlan:11' }), ...forged(15, { context: 'vlan:12' })];
    expect(judge([own, ...rows])).toEqual([]);
  });

  test('are judged by the inventory where it knows the card: allowed addresses are not forged, and the sender has a name', () => {
    const sender = (allowed: RegExp) => ({
      inventory: {
        owns: () => false,
        holding: () => 'unknown' as const,
        sender: () => ({ address: '10.0.0.9', permits: (address: string) => allowed.test(address) }),
      },
    });
    expect(judge(forged(60), sender(/^198[.]51[.]/))).toEqual([]);
    expect(judge(forged(60), sender(/^10[.]0[.]0[.]9$/))).toMatchObject([{ severity: 'high', subject: { address: '10.0.0.9' } }]);
  });
});
