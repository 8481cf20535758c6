import { describe, expect, test } from 'vitest';
import { conn, echoes, udpFlow } from '../../../test/build/rows.ts';
import type { ConnRecord } from '../../model/records/conn.ts';
import { attemptOf } from './attempt.ts';

const tcp = (values: Partial<ConnRecord>): string => {
  const attempt = attemptOf(conn(0, '10.0.0.7:40000', '10.0.0.9:22', 'silent', values).row);
  return attempt === undefined ? 'none' : `${attempt.method} ${attempt.outcome}`;
};

describe('the attempt behind a TCP row', () => {
  test.each<[string, Partial<ConnRecord>, string]>([
    ['a SYN without answer', {}, 'syn silent'],
    ['a SYN refused', { conn_state: 'REJ', history: 'Sr', resp_pkts: 1 }, 'syn refused'],
    ['a SYN answered, then reset by the scanner', { conn_state: 'RSTO', history: 'ShR', orig_pkts: 2, resp_pkts: 1 }, 'syn probe'],
    [
      'a handshake without data',
      { conn_state: 'SF', history: 'ShAFf', orig_pkts: 3, resp_pkts: 2, orig_bytes: 0, resp_bytes: 0 },
      'connect probe',
    ],
    ['a handshake and a banner', { conn_state: 'RSTO', history: 'ShAdR', orig_pkts: 3, resp_pkts: 2, resp_bytes: 40 }, 'connect answered'],
    [
      'a request and its answer',
      { conn_state: 'SF', history: 'ShADadFf', orig_pkts: 6, resp_pkts: 5, orig_bytes: 70, resp_bytes: 900 },
      'connect answered',
    ],
    [
      'a reset after an ACK without handshake in view',
      { conn_state: 'RSTR', history: 'SAr', orig_pkts: 2, resp_pkts: 1 },
      'connect refused',
    ],
    ['a bare FIN', { conn_state: 'SH', history: 'F' }, 'fin silent'],
    ['a bare FIN to a closed port', { conn_state: 'OTH', history: 'Fr', resp_pkts: 1 }, 'fin refused'],
    ['no flags at all', { conn_state: 'OTH', history: undefined }, 'null silent'],
    ['the end of an old connection', { conn_state: 'OTH', history: 'FA' }, 'none'],
    ['the middle of an old connection', { conn_state: 'OTH', history: 'DadA', resp_pkts: 3 }, 'none'],
    ['a lone SYN-ACK', { conn_state: 'OTH', history: '^h', orig_pkts: 0, resp_pkts: 1 }, 'none'],
    ['a flipped row', { conn_state: 'OTH', history: '^dA', resp_pkts: 4 }, 'none'],
    ['a flipped row that ends', { conn_state: 'OTH', history: '^F' }, 'none'],
    ['a lone reset', { conn_state: 'OTH', history: 'R' }, 'none'],
    ['a carrier', { carrier: true }, 'none'],
  ])('%s', (_, values, expected) => expect(tcp(values)).toBe(expected));
});

describe('the attempt behind other rows', () => {
  const udp = (packets: readonly [number, number], values: Partial<ConnRecord> = {}) =>
    attemptOf(udpFlow(0, '10.0.0.7:40000', '10.0.0.9:161', packets, values).row);

  test('is judged by the answer and by what ICMP said', () => {
    expect(udp([1, 1])).toEqual({ method: 'udp', outcome: 'answered' });
    expect(udp([1, 0])).toEqual({ method: 'udp', outcome: 'silent' });
    expect(udp([1, 0], { icmp_unreachable: 'port' })).toEqual({ method: 'udp', outcome: 'refused' });
    expect(udp([0, 1])).toBeUndefined();
  });

  test('is an echo request, of either family, and no other ICMP', () => {
    const echo = (type: number, received: number) =>
      attemptOf({ ...echoes(0, '10.0.0.7', '10.0.0.9', [1, received]).row, 'id.orig_p': type })?.outcome;
    expect([echo(8, 1), echo(8, 0), echo(128, 0), echo(3, 0), echo(0, 0)]).toEqual(['answered', 'silent', 'silent', undefined, undefined]);
  });

  test('is none for other protocols', () => expect(udp([9, 0], { proto: 'unknown_transport', ip_proto: 47 })).toBeUndefined());
});
