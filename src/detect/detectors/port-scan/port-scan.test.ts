import { describe, expect, test } from 'vitest';
import { conn, type LogRow, type Outcome, ofTwoTenants, rowsOf, udpFlow } from '../../../../test/build/rows.ts';
import { describeDetector, findingsOf } from '../../../../test/contract/detector.ts';
import type { ConnRecord } from '../../../model/records/conn.ts';
import { portScan } from './port-scan.ts';

// Fixtures are synthesised: a scan of 20 ports, one open; monitoring, backscatter, and answers to ports that are closed by now.
describeDetector(portScan, import.meta.dirname);

const scan = (ports: number, outcome: Outcome, values: Partial<ConnRecord> = {}, step = 0.01, from = 0): LogRow[] =>
  rowsOf(ports, (i) => conn(from + i * step, '10.0.0.7:40000', `10.0.0.9:${i + 1}`, outcome, values));
const judge = (rows: readonly LogRow[]) => findingsOf(portScan, rows);

describe('a port scan', () => {
  test('begins with the fifteenth port and is high from the sixtieth', () => {
    expect(judge(scan(14, 'refused'))).toEqual([]);
    expect(judge(scan(15, 'refused'))).toMatchObject([
      { severity: 'medium', subject: { address: '10.0.0.7' }, peers: [{ address: '10.0.0.9' }] },
    ]);
    expect(judge(scan(60, 'refused'))).toMatchObject([{ severity: 'high', count: 60 }]);
  });

  test('reports the scanner only, with the ports that answered, whether others were refused or silent', () => {
    const rows = scan(1000, 'refused').map((one, i) => (i === 21 || i === 79 ? (scan(1000, 'probe')[i] ?? one) : one));
    expect(judge(rows)).toMatchObject([
      { subject: { address: '10.0.0.7' }, evidence: { targets: 1000, answeringPorts: [22, 80], methods: ['syn'] } },
    ]);
  });

  test('is told by handshakes that carry nothing, too', () =>
    expect(judge(scan(30, 'probe', { history: 'ShAR' }))).toMatchObject([{ evidence: { methods: ['connect'] } }]));

  test('may use bare FIN, no flags, or UDP', () => {
    expect(judge(scan(30, 'silent', { history: 'F', conn_state: 'OTH' }))).toMatchObject([{ evidence: { methods: ['fin'] } }]);
    expect(judge(scan(30, 'silent', { history: undefined, conn_state: 'OTH' }))).toMatchObject([{ evidence: { methods: ['null'] } }]);
    const udp = rowsOf(30, (i) => udpFlow(i, '10.0.0.7:40000', `10.0.0.9:${i + 1}`, [1, 0], { icmp_unreachable: 'port' }));
    expect(judge(udp)).toMatchObject([{ evidence: { methods: ['udp'] } }]);
  });

  test('is not the end of connections that began before the capture', () =>
    expect(judge(scan(30, 'silent', { history: 'FA', conn_state: 'OTH' }))).toEqual([]));

  test('is not a server that answers to ports which its client has closed', () => {
    expect(judge(rowsOf(60, (i) => udpFlow(i, '10.0.0.2:53', `10.0.0.9:${40_000 + i}`, [1, 0])))).toEqual([]);
    expect(judge(rowsOf(60, (i) => conn(i, '10.0.0.80:443', `10.0.0.9:${40_000 + i}`, 'silent', { history: 'F' })))).toEqual([]);
  });

  test('is not made of what a victim sends back', () => expect(judge(scan(1000, 'backscatter'))).toEqual([]));

  test('is seen when it takes an hour, and not when it takes a day', () => {
    expect(judge(scan(60, 'silent', {}, 50))).toMatchObject([{ count: 60 }]);
    expect(judge(scan(60, 'silent', {}, 1440))).toEqual([]);
  });

  test('that was known to be large does not shrink with what follows', () => {
    const [finding] = judge([...scan(200, 'silent', {}, 30), ...scan(20, 'silent', {}, 0.01, 40_000)]);
    expect(finding?.count).toBeGreaterThanOrEqual(200);
  });

  test('is not added up over two tenants with the same addresses', () => expect(judge(ofTwoTenants(scan(28, 'refused')))).toEqual([]));
});
