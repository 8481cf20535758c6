import { describe, expect, test } from 'vitest';
import { handshake, playFrames, said } from '../../../test/build/play-frames.ts';
import { type WeirdSubject, Weirds } from './weirds.ts';

const subject = (values: Partial<WeirdSubject> = {}): WeirdSubject => ({
  uid: 'C1',
  clientAddress: '10.0.0.1',
  clientPort: 1,
  serverAddress: '10.0.0.2',
  serverPort: 2,
  context: undefined,
  ...values,
});

function collect() {
  const rows: string[] = [];
  const weirds = new Weirds({ emit: (_, row) => void rows.push((row as { name: string }).name) });
  const raise = (name: string, about = subject(), at = 0): void => weirds.raise(at * 1e6, name, about, undefined, undefined);
  return { rows, weirds, raise };
}

describe('an oddity', () => {
  test('is written once in ten minutes for a connection', () => {
    const { rows, raise } = collect();
    raise('SYN_seq_jump');
    raise('SYN_seq_jump', subject(), 599);
    expect(rows).toHaveLength(1);
    raise('SYN_seq_jump', subject(), 601);
    raise('SYN_seq_jump', subject({ serverPort: 3 }), 601);
    expect(rows).toHaveLength(3);
  });

  test('of some names is written once a client and day', () => {
    const { rows, raise } = collect();
    raise('SYN_with_data');
    raise('SYN_with_data', subject({ clientPort: 9 }), 10);
    expect(rows).toHaveLength(1);
    raise('SYN_with_data', subject({ clientAddress: '10.0.0.9' }), 10);
    raise('SYN_with_data', subject(), 86_401);
    expect(rows).toHaveLength(3);
  });

  test('is counted, also where it is never written', () => {
    const { rows, weirds, raise } = collect();
    for (let i = 0; i < 5; i++) raise('spontaneous_RST');
    expect(rows).toEqual([]);
    expect(weirds.counts.get('spontaneous_RST')).toBe(5);
  });
});

const names = (...taken: Parameters<typeof playFrames>[0]) =>
  playFrames(taken)
    .rows('weird')
    .map((row) => row.name);

test('TCP oddities have the names that Zeek gives them', () => {
  expect(names(said('>', 'S', { seq: 0 }), said('>', 'PA', { data: 'x' }))).toContain('data_before_established');
  expect(names(said('>', 'S', { seq: 0 }), said('>', 'F'))).toContain('inappropriate_FIN');
  expect(names(said('>', 'SU', { seq: 0 }))).toContain('baroque_SYN');
  expect(names(said('<', 'SA', { seq: 0 }))).toContain('connection_originator_SYN_ack');
  expect(names(said('>', 'S', { seq: 0 }), said('>', 'A'))).toContain('possible_split_routing');
  expect(names(...handshake(), said('>', 'RA'), said('>', 'PA', { data: 'x' }))).toContain('data_after_reset');
  expect(names(said('>', 'S', { seq: 0, data: 'x' }))).toContain('SYN_with_data');
  expect(names(said('>', 'SR', { seq: 0 }))).toContain('TCP_christmas');
});
