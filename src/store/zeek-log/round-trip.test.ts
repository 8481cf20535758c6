// What is written is read back, whatever the row: the same from TSV and from JSON.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bytes } from '../../base/bytes.ts';
import { recordTypes } from '../../model/records/index.ts';
import type { Column, RecordType, ScalarKind } from '../../model/records/record.ts';
import { RowBytes } from './row-bytes.ts';
import { elementKind, jsonPrinter, tsvHeader, tsvPrinter } from './zeek-format.ts';
import { type Row, ZeekLogParser } from './zeek-log-parser.ts';

/** Bytes that mean something to a log, among others. */
const piece = fc.oneof(
  fc.constantFrom(...['-', '(empty)', ',', '\\', 'x2c', '\\x2d', '\t', '\n', '#', '{', '"', 'é']).map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 4 }),
);
/** Text as the engine makes it of what was on the wire. */
const text = fc.array(piece, { maxLength: 4 }).map((pieces) => {
  const bytes = Uint8Array.from(pieces.flatMap((one) => [...one]));
  return new Bytes(bytes).text(0, bytes.length);
});

const micros = fc.integer({ min: 0, max: 4e15 });
const scalars: Readonly<Record<ScalarKind, fc.Arbitrary<unknown>>> = {
  time: micros,
  interval: fc.integer({ min: 0, max: 1e12 }).map((whole) => whole / 1e6),
  string: text,
  enum: fc.constantFrom('tcp', 'INBOUND'),
  addr: fc.constantFrom('192.0.2.1', '2001:db8::1'),
  port: fc.integer({ min: 0, max: 65535 }),
  count: fc.maxSafeNat(),
  int: fc.maxSafeInteger(),
  double: fc.integer({ min: -1e9, max: 1e9 }).map((whole) => whole / 1e6),
  bool: fc.boolean(),
};

/** An empty text alone in a container reads as an empty container: Zeek's format cannot tell them apart. */
const isTold = (values: readonly unknown[]): boolean => values.length !== 1 || values[0] !== '';

function columnValue({ kind, always }: Column): fc.Arbitrary<unknown> {
  const { scalar, container } = elementKind(kind);
  const value = container === undefined ? scalars[scalar] : fc.array(scalars[scalar], { maxLength: 3 }).filter(isTold);
  return always ? value : fc.option(value, { nil: undefined });
}

const rowOf = (type: RecordType): fc.Arbitrary<Row> =>
  fc.record(Object.fromEntries(Object.entries(type.columns).map(([name, column]) => [name, columnValue(column)])));

function read(type: RecordType, lines: string): unknown {
  const parser = new ZeekLogParser(type);
  const rows = lines.split('\n').flatMap((line) => {
    const parsed = parser.parse(line);
    return parsed.kind === 'none' ? [] : [parsed.kind === 'row' ? parsed.row : parsed.reason];
  });
  expect(rows).toHaveLength(1);
  return rows[0];
}

describe.each(Object.entries(recordTypes))('a row of %s', (_, type: RecordType) => {
  test('comes back as it was', () => {
    const [tsv, json] = [tsvPrinter(type), jsonPrinter(type)];
    fc.assert(
      fc.property(rowOf(type), (row) => {
        const [asTsv, asJson] = [new RowBytes(), new RowBytes()];
        tsv(row, asTsv);
        json(row, asJson);
        expect(read(type, tsvHeader(type, new Date(0)) + new TextDecoder().decode(asTsv.bytes))).toEqual(row);
        expect(read(type, new TextDecoder().decode(asJson.bytes))).toEqual(row);
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});
