import { describe, expect, test } from 'vitest';
import type { Taken } from '../../../test/build/frames.ts';
import { handshake, playFrames, said } from '../../../test/build/play-frames.ts';

const only = (taken: readonly Taken[]) => {
  const rows = playFrames(taken).rows('conn');
  expect(rows).toHaveLength(1);
  const [row] = rows;
  if (row === undefined) throw new Error('no row');
  return row;
};

const closing = [
  said('>', 'PA', { data: 'hello' }),
  said('<', 'PA', { ack: 6, data: 'good day' }),
  said('>', 'FA', { seq: 6, ack: 9 }),
  said('<', 'FA', { seq: 9, ack: 7 }),
  said('>', 'A', { seq: 7, ack: 10 }),
];

const cases: readonly (readonly [string, readonly Taken[], string, string | undefined])[] = [
  ['a whole connection', [...handshake(), ...closing], 'SF', 'ShADdFf'],
  ['a SYN without an answer', [said('>', 'S', { seq: 0 })], 'S0', 'S'],
  ['a refused SYN', [said('>', 'S', { seq: 0 }), said('<', 'RA', { seq: 0, ack: 1 })], 'REJ', 'Sr'],
  ['an established connection', handshake(), 'S1', 'ShA'],
  ['a client that closes, a server that does not', [...handshake(), said('>', 'FA')], 'S2', 'ShAF'],
  ['a server that closes, a client that does not', [...handshake(), said('<', 'FA')], 'S3', 'ShAf'],
  ['a client that aborts', [...handshake(), said('>', 'RA')], 'RSTO', 'ShAR'],
  ['a server that aborts', [...handshake(), said('<', 'RA')], 'RSTR', 'ShAr'],
  ['a SYN that its sender aborts', [said('>', 'S', { seq: 0 }), said('>', 'R')], 'RSTOS0', 'SR'],
  ['a SYN and a FIN without an answer', [said('>', 'S', { seq: 0 }), said('>', 'F')], 'SH', 'SF'],
  ['data from the middle', [said('>', 'PA', { data: 'x' }), said('<', 'A', { ack: 2 })], 'OTH', 'Da'],
  ['FIN and RST in one segment', [...handshake(), said('>', 'FRA')], 'RSTO', 'ShAI'],
  ['SYN and FIN in one segment', [said('>', 'SF', { seq: 0 })], 'SH', 'Q'],
];

test.each(cases)('%s', (_, taken, state, history) => {
  const row = only(taken);
  expect(row.conn_state).toBe(state);
  expect(row.history).toBe(history);
});

describe('counts', () => {
  test('bytes come from sequence numbers, packets and IP bytes from packets', () => {
    const row = only([...handshake(), ...closing]);
    expect(row).toMatchObject({ orig_bytes: 5, resp_bytes: 8, orig_pkts: 5, resp_pkts: 3, orig_ip_bytes: 205, resp_ip_bytes: 128 });
  });

  test('a retransmission is marked and counted once', () => {
    const again = said('>', 'PA', { data: 'hello' });
    const row = only([...handshake(), said('>', 'PA', { data: 'hello' }), again]);
    expect(row).toMatchObject({ orig_bytes: 5, history: 'ShADT' });
  });

  test('sequence numbers go over 2^32', () => {
    const far = 0xffffffff - 1000 - 50;
    const taken = [
      said('>', 'S', { seq: far }),
      said('<', 'SA', { seq: 0, ack: far + 1 }),
      ...Array.from({ length: 10 }, (_, i) => said('>', 'PA', { seq: far + 1 + i * 20, data: 'x'.repeat(20) })),
    ];
    expect(only(taken).orig_bytes).toBe(200);
  });

  test('missed bytes are those that were acknowledged and never seen', () => {
    const row = only([...handshake(), said('>', 'PA', { seq: 101, data: 'late' }), said('<', 'A', { ack: 105 })]);
    expect(row).toMatchObject({ orig_bytes: 104, missed_bytes: 100, history: 'ShADaG' });
  });

  test('the duration ends with the second close, not with what trails behind', () => {
    const row = only([
      said('>', 'S', { seq: 0, at: 0 }),
      said('<', 'SA', { seq: 0, at: 0.1 }),
      said('>', 'A', { at: 0.2 }),
      said('>', 'FA', { at: 1 }),
      said('<', 'FA', { ack: 2, at: 2 }),
      said('>', 'A', { seq: 2, ack: 2, at: 3 }),
    ]);
    expect(row.duration).toBe(2);
  });

  test('a single packet has neither duration nor bytes', () => {
    const row = only([said('>', 'S', { seq: 0 })]);
    expect(row.duration).toBeUndefined();
    expect(row.orig_bytes).toBeUndefined();
  });
});

describe('who opened', () => {
  const client = { 'id.orig_h': '10.0.0.1', 'id.resp_h': '198.51.100.2' };

  test('a server known by its port is the server, whoever is seen first', () => {
    const row = only([said('<', 'PA', { data: 'x', serverPort: 443 })]);
    expect(row).toMatchObject({ ...client, history: '^d' });
  });

  test('a SYN-ACK that is taken up comes from the server', () => {
    const row = only([said('<', 'SA', { seq: 0 }), said('>', 'A')]);
    expect(row).toMatchObject({ ...client, history: '^hA' });
  });

  test('a lone SYN-ACK may be a scan and stays as it came', () => {
    expect(only([said('<', 'SA', { seq: 0 })])).toMatchObject({ 'id.orig_h': '198.51.100.2', history: 'H' });
  });
});

describe('a tuple that is used again', () => {
  const rows = (taken: readonly Taken[]) => playFrames(taken).rows('conn');

  test('is another connection after an unanswered SYN has been given up', () => {
    expect(rows([said('>', 'S', { seq: 0, at: 0 }), said('>', 'S', { seq: 0, at: 5.5 })])).toHaveLength(2);
    expect(rows([said('>', 'S', { seq: 0, at: 0 }), said('>', 'S', { seq: 0, at: 4.5 })])).toHaveLength(1);
  });

  test('is another connection when a SYN with another number comes', () => {
    const taken = [...handshake(), said('>', 'S', { seq: 77_777 })];
    const played = playFrames(taken);
    expect(played.rows('conn').map((row) => row.conn_state)).toEqual(['S1', 'S0']);
    expect(played.rows('weird').map((row) => row.name)).toContain('active_connection_reuse');
  });

  test('has identifiers of its own, also within a microsecond', () => {
    const at = 0;
    const taken = [said('>', 'S', { seq: 0, at }), said('>', 'S', { seq: 9999, at }), said('>', 'S', { seq: 5, at })];
    expect(new Set(rows(taken).map((row) => row.uid)).size).toBe(3);
  });
});

describe('time', () => {
  const seconds = (list: readonly number[]) =>
    playFrames([...handshake(), ...list.map((at, i) => said('>', 'PA', { seq: 1 + i, data: 'x', at }))]).rows('conn').length;

  test('five minutes of silence end a connection', () => {
    expect(seconds([1, 300])).toBe(1);
    expect(seconds([1, 302])).toBe(2);
  });

  test('packets in disorder do not turn the clock back', () => {
    const taken = [
      said('>', 'S', { seq: 0, at: 100, clientPort: 1 }),
      said('>', 'S', { seq: 0, at: 90 }),
      said('<', 'SA', { seq: 0, at: 90.1 }),
    ];
    // The SYN of second 90 was due to be given up at 95, and it is 100 already.
    expect(playFrames(taken).rows('conn')).toHaveLength(3);
  });
});

test('what is open at the end is in both logs', () => {
  const played = playFrames(handshake());
  expect(played.rows('open_conn')).toEqual(played.rows('conn'));
  expect(playFrames([...handshake(), ...closing]).rows('open_conn')).toEqual([]);
});
