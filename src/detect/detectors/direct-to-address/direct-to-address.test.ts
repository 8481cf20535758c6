import { describe, expect, test } from 'vitest';
import { conn, dns, knownEnds, type LogRow, rowsOf } from '../../../../test/build/rows.ts';
import { describeDetector, findingsOf } from '../../../../test/contract/detector.ts';
import type { ConnRecord } from '../../../model/records/conn.ts';
import { directToAddress } from './direct-to-address.ts';

// Fixtures are synthesised: a call-back next to ordinary traffic; a name behind an alias, and what is never looked up.
describeDetector(directToAddress, import.meta.dirname);

const target = '198.51.100.9';
/** The client resolves something, so its DNS is in view. */
const resolver = dns(0, '10.0.0.7', 'www.example.org', [['203.0.113.80', 60]]);
const call = (seconds = 2000, values: Partial<ConnRecord> = {}): LogRow =>
  conn(seconds, '10.0.0.7:40000', `${target}:3000`, 'answered', { uid: 'C1', ...values });
const judge = (rows: readonly LogRow[], options: Parameters<typeof findingsOf>[3] = {}) => findingsOf(directToAddress, rows, [], options);

describe('a connection without a name', () => {
  test('is low at a port of no service, and a fact at a port of the web', () => {
    expect(judge([resolver, call()])).toMatchObject([
      { severity: 'low', subject: { address: '10.0.0.7' }, peers: [{ address: target, port: 3000 }] },
    ]);
    expect(judge([resolver, call(2000, { 'id.resp_p': 443 })])).toMatchObject([{ severity: 'info' }]);
    expect(judge([resolver, call(2000, { 'id.resp_p': 443, resp_bytes: 1_000_000 })])).toMatchObject([{ severity: 'low' }]);
  });

  test('is explained by an answer before it, of the type A or AAAA, behind an alias too', () => {
    const answers = [
      ['cdn.example.net', 300],
      [target, 300],
    ] as const;
    expect(judge([resolver, dns(1990, '10.0.0.7', 'www.example.com', answers), call()])).toEqual([]);
    const six = '2001:db8::9';
    const overSix = call(2000, { 'id.resp_h': six });
    expect(judge([resolver, overSix])).toHaveLength(1);
    expect(judge([resolver, dns(1990, '10.0.0.7', 'www.example.com', [[six, 300]]), overSix])).toEqual([]);
  });

  test('is explained for the time to live and an hour', () => {
    const answer = dns(100, '10.0.0.7', 'www.example.com', [[target, 300]]);
    expect(judge([resolver, answer, call(100 + 300 + 3600)])).toEqual([]);
    expect(judge([resolver, answer, call(100 + 300 + 3601)])).toHaveLength(1);
  });

  test('is not cleared by an answer that came later', () =>
    expect(judge([resolver, dns(2100, '10.0.0.7', 'www.example.com', [[target, 300]]), call()])).toHaveLength(1));

  test('is cleared whatever the order of the rows: the time of the answer counts', () => {
    const early = dns(1990, '10.0.0.7', 'www.example.com', [[target, 300]]);
    const late = dns(2100, '10.0.0.7', 'www.example.com', [[target, 300]]);
    expect(judge([resolver, call(), late, early])).toEqual([]);
  });

  test('is not cleared by what another client, or another tenant, was told', () => {
    expect(judge([resolver, dns(1990, '10.0.0.8', 'www.example.com', [[target, 300]]), call()])).toHaveLength(1);
    const [here, there] = [{ context: 'vxlan:11' }, { context: 'vxlan:12' }];
    const rows = [
      dns(0, '10.0.0.7', 'www.example.org', [['203.0.113.80', 60]], here),
      dns(1990, '10.0.0.7', 'x.example', [[target, 300]], there),
    ];
    expect(judge([...rows, call(2000, here)])).toMatchObject([{ subject: { context: 'vxlan:11' } }]);
  });

  test('has a name when TLS or HTTP named the server', () => {
    const ends = { ts: call().row.ts, uid: 'C1', 'id.orig_h': '10.0.0.7', 'id.orig_p': 40_000, 'id.resp_h': target, 'id.resp_p': 3000 };
    const ssl = (server_name: string | undefined): LogRow => ({
      log: 'ssl',
      row: { ...ends, resumed: false, established: true, server_name } as never,
    });
    const http = (host: string): LogRow => ({ log: 'http', row: { ...ends, host } as never });
    expect(judge([resolver, ssl('www.example.com'), call()])).toEqual([]);
    expect(judge([resolver, ssl(undefined), call()])).toHaveLength(1);
    expect(judge([resolver, http('www.example.com:3000'), call()])).toEqual([]);
    // Letters of hexadecimal digits do not make an address.
    expect(judge([resolver, http('cafe.be'), call()])).toEqual([]);
    for (const host of [target, `${target}:3000`, '[2001:db8::9]', '[2001:db8::9]:3000'])
      expect(judge([resolver, http(host), call()])).toHaveLength(1);
  });

  test('is not judged for a client whose look-ups are not in view', () => expect(judge([call()])).toEqual([]));

  test('is not an inbound connection, flipped or seen from the middle, nor a carrier', () => {
    expect(judge([resolver, conn(2000, `${target}:40000`, '10.0.0.7:22', 'answered')])).toEqual([]);
    expect(judge([resolver, call(2000, { history: '^dADa', conn_state: 'OTH' })])).toEqual([]);
    expect(judge([resolver, call(2000, { carrier: true })])).toEqual([]);
  });

  test('early in the capture is less sure, since answers may have come before it', () => {
    const early = judge([resolver, call(60)])[0];
    const later = judge([resolver, call(6000)])[0];
    expect(early?.confidence).toBeLessThan(later?.confidence ?? 0);
    expect(early?.evidence['seenEarly']).toBe(true);
  });

  test('is told of at most fifty servers: beyond, the client works by address', () => {
    const rows = rowsOf(80, (i) => conn(2000 + i, '10.0.0.7:40000', `198.51.100.${i}:3000`, 'answered'));
    expect(judge([resolver, ...rows])).toHaveLength(50);
  });

  test.each([`${target}/32`, '10.0.0.7/32'])('of the known end %s is shown, and no more', (text) => {
    const known = knownEnds('licence server', text);
    expect(judge([resolver, call()], { known })).toMatchObject([{ severity: 'info', summary: expect.stringContaining('licence server') }]);
  });
});
