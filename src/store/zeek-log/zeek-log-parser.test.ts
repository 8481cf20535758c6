import { expect, test } from 'vitest';
import { recordTypes } from '../../model/records/index.ts';
import { ZeekLogParser } from './zeek-log-parser.ts';

const parse = (row: Readonly<Record<string, unknown>>) => new ZeekLogParser(recordTypes.conn).parse(JSON.stringify(row));

const ends = { ts: 1, 'id.orig_h': '10.0.0.1', 'id.orig_p': 1, 'id.resp_h': '10.0.0.2', 'id.resp_p': 2 };

// Found by fuzzing: a conn row without addresses reached the detectors, which read them.
test('lets no row through in which a column that every row has is missing', () => {
  for (const row of [{ ts: 1 }, { ...ends, 'id.resp_h': { nested: true } }]) {
    const parsed = parse(row);
    expect(parsed.kind === 'row' && parsed.row['id.resp_h']).toBe('');
  }
  expect(parse({ ...ends, ts: 'never' })).toEqual({ kind: 'bad', reason: 'no usable ts' });
});

test('gives a row of an old or cut log all columns that detectors read', () => {
  const parsed = parse({ ...ends, 'id.resp_p': 'none', orig_pkts: 'many' });
  expect(parsed).toMatchObject({ kind: 'row', row: { 'id.resp_p': 0, orig_pkts: 0, uid: '', local_orig: false, conn_state: 'OTH' } });
});
