import { describe, expect, test } from 'vitest';
import { conn, knownEnds, type LogRow } from '../../../../test/build/rows.ts';
import { describeDetector, findingsOf } from '../../../../test/contract/detector.ts';
import type { ConnRecord } from '../../../model/records/conn.ts';
import { mismatchOf, protocolMismatch } from './protocol-mismatch.ts';

// Fixtures are synthesised: something unknown on 443, SSH on 8022, IRC on 80; ordinary services and connections that cannot be judged.
describeDetector(protocolMismatch, import.meta.dirname);

const to = (port: number, values: Partial<ConnRecord> = {}): LogRow => conn(0, '10.0.0.7:40000', `203.0.113.9:${port}`, 'answered', values);
const judge = (rows: readonly LogRow[], options: Parameters<typeof findingsOf>[3] = {}) => findingsOf(protocolMismatch, rows, [], options);

describe('a port and its protocol', () => {
  test.each([
    [443, ['ssl'], undefined],
    [443, ['ssl', 'http'], undefined],
    [443, ['ssh'], 'port 443 stands for ssl but carries ssh'],
    [443, [], 'port 443 stands for ssl but carries no recognised protocol'],
    [22, ['http'], 'port 22 stands for ssh but carries http'],
    [2222, ['ssh'], undefined],
    [8022, ['ssh'], 'ssh on port 8022'],
    [31_337, ['irc'], 'irc on port 31337'],
    [9100, [], undefined],
    [12_345, ['http'], undefined],
  ])('%d with %j', (port, services, what) => expect(mismatchOf(port, services)?.what).toBe(what));

  test('are judged for a whole conversation only, of at least 32 bytes each way', () => {
    expect(judge([to(443, { orig_bytes: 31 })])).toEqual([]);
    expect(judge([to(443, { orig_bytes: 32, resp_bytes: 32 })])).toMatchObject([{ severity: 'low', subject: { address: '10.0.0.7' } }]);
    expect(judge([to(443, { missed_bytes: 1 })])).toEqual([]);
    expect(judge([to(443, { history: '^dADa', conn_state: 'OTH' })])).toEqual([]);
    expect(judge([to(443, { carrier: true })])).toEqual([]);
  });

  test('are told once for an edge, with how often', () => expect(judge([to(443), to(443), to(443)])).toMatchObject([{ count: 3 }]));

  test('are told once in each network context', () =>
    expect(judge([to(443, { context: 'vxlan:11' }), to(443, { context: 'vxlan:12' })]).map(({ subject }) => subject.context)).toEqual([
      'vxlan:11',
      'vxlan:12',
    ]));

  test.each(['203.0.113.9/32', '10.0.0.7/32'])('of the known end %s are shown, and no more', (text) => {
    const known = knownEnds('our VPN', text);
    expect(judge([to(443)], { known })).toMatchObject([{ severity: 'info' }]);
  });
});
