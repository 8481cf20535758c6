import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VedetteError } from '../../base/errors.ts';
import { epochMicros } from '../../base/units.ts';
import type { RecordName, RecordRow, RecordSink } from '../../model/records/index.ts';
import { openOutputDirectory } from './output-directory.ts';
import { listZeekLogs, logNameOf, openZeekLogs } from './zeek-log-reader.ts';
import { ZeekLogWriter } from './zeek-log-writer.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vedette-zeek-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const now = (): Date => new Date('2026-11-21T05:06:07Z');

const query: RecordRow<'dns'> = {
  ts: epochMicros(1_678_048_721_000_001),
  uid: 'CabcDEF',
  'id.orig_h': '10.0.0.5',
  'id.orig_p': 40_000,
  'id.resp_h': '10.0.0.2',
  'id.resp_p': 53,
  proto: 'udp',
  trans_id: 7,
  rtt: 0.0125,
  query: '-',
  answers: ['a,b', '192.0.2.1'],
  TTLs: [60, 0.5],
  AA: false,
  RD: true,
  rejected: false,
};

function write(format: 'tsv' | 'json', rows: readonly RecordRow<'dns'>[]): string {
  const writer = new ZeekLogWriter({ directory, format, now });
  for (const row of rows) writer.emit('dns', row);
  writer.close();
  return readFileSync(join(directory, 'dns.log'), 'utf8');
}

async function readAll(
  paths: readonly string[],
): Promise<{ rows: [RecordName, RecordRow<RecordName>][]; reader: Awaited<ReturnType<typeof openZeekLogs>> }> {
  const rows: [RecordName, RecordRow<RecordName>][] = [];
  const sink: RecordSink = { emit: (name, row) => rows.push([name, row as RecordRow<RecordName>]) };
  const reader = await openZeekLogs(paths);
  while (await reader.pump(sink));
  return { rows, reader };
}

describe('writing', () => {
  test('prints the TSV that zeek-cut and RITA expect', () => {
    const lines = write('tsv', [query]).split('\n');
    expect(lines.slice(0, 6)).toEqual([
      '#separator \\x09',
      '#set_separator\t,',
      '#empty_field\t(empty)',
      '#unset_field\t-',
      '#path\tdns',
      '#open\t2026-11-21-05-06-07',
    ]);
    expect(lines[6]?.split('\t').slice(0, 5)).toEqual(['#fields', 'ts', 'uid', 'id.orig_h', 'id.orig_p']);
    const fields = lines[8]?.split('\t') ?? [];
    expect(fields[0]).toBe('1678048721.000001');
    expect(fields[8]).toBe('0.012500');
    // A lone dash would read back as unset.
    expect(fields[9]).toBe('\\x2d');
    expect(fields[10]).toBe('-');
    expect(lines[8]).toContain('a\\x2cb,192.0.2.1\t60.000000,0.500000');
    expect(lines.slice(9)).toEqual(['#close\t2026-11-21-05-06-07', '']);
  });

  test('caps long strings at 4096 bytes as Zeek does, an escape counting as one', () => {
    const rows = (text: string): string => write('json', [{ ...query, query: text, answers: [], TTLs: [] }]);
    expect((JSON.parse(rows('a'.repeat(5000))) as { query: string }).query).toBe('a'.repeat(4096));
    expect((JSON.parse(rows('\\x00'.repeat(4097))) as { query: string }).query).toBe('\\x00'.repeat(4096));
    expect((JSON.parse(rows('ø'.repeat(4096))) as { query: string }).query).toBe('ø'.repeat(2048));
  });

  test('prints JSON with unset fields left out', () => {
    const row = JSON.parse(write('json', [query])) as Record<string, unknown>;
    expect(row).toMatchObject({ ts: 1678048721.000001, 'id.orig_p': 40_000, rtt: 0.0125, answers: ['a,b', '192.0.2.1'], AA: false });
    expect(Object.keys(row)).not.toContain('rcode');
  });

  test('says what could not be written, on what', () => {
    expect(() => new ZeekLogWriter({ directory: join(directory, 'missing'), format: 'tsv', now }).emit('dns', query)).toThrow(
      /missing.*ENOENT/,
    );
  });
});

describe('reading', () => {
  test.each(['tsv', 'json'] as const)('gives back what was written as %s', async (format) => {
    write(format, [{ ...query, query: 'www.example.org', answers: ['192.0.2.1'], TTLs: [60] }]);
    const { rows } = await readAll(await listZeekLogs(directory));
    expect(rows).toHaveLength(1);
    expect(rows[0]?.[1]).toMatchObject({
      ts: query.ts,
      uid: 'CabcDEF',
      query: 'www.example.org',
      answers: ['192.0.2.1'],
      TTLs: [60],
      rtt: 0.0125,
      RD: true,
    });
  });

  test('reads gzip, concatenated header blocks and missing columns', async () => {
    const block = (fields: string, row: string): string => `#separator \\x09\n#fields\t${fields}\n${row}\n`;
    const text = block('ts\tid.orig_h\tquery', '1.5\t10.0.0.1\ta.example') + block('ts\tquery\textra', '2.25\tb.example\tx');
    writeFileSync(join(directory, 'dns.2023-03-05-21-00-00.log.gz'), gzipSync(text));
    const { rows, reader } = await readAll(await listZeekLogs(directory));
    expect(rows.map(([, row]) => [row.ts, (row as RecordRow<'dns'>).query])).toEqual([
      [1_500_000, 'a.example'],
      [2_250_000, 'b.example'],
    ]);
    expect(reader.summaries()[0]).toMatchObject({ log: 'dns', rows: 2, badLines: 0, truncated: false });
  });

  test('counts damage and goes on', async () => {
    writeFileSync(
      join(directory, 'conn.log'),
      '{"ts":1,"id.orig_h":"10.0.0.1","uid":"C1"}\n{"ts":2,"uid"\n[]\n{"uid":"C3"}\n{"ts":4,"uid":"C4"}\n',
    );
    const { rows, reader } = await readAll([join(directory, 'conn.log')]);
    expect(rows.map(([, row]) => (row as RecordRow<'conn'>).uid)).toEqual(['C1', 'C4']);
    expect(reader.summaries()[0]).toMatchObject({ rows: 2, badLines: 3, firstBad: { line: 2, reason: 'not valid JSON' } });
  });

  test('keeps what came before the end of a cut gzip file', async () => {
    const rowsText = Array.from({ length: 20_000 }, (_, i) => `{"ts":${i},"uid":"C${i}${(i * 7919) % 1009}"}\n`).join('');
    const whole = gzipSync(rowsText);
    writeFileSync(join(directory, 'conn.log.gz'), whole.subarray(0, whole.length / 2));
    const { rows, reader } = await readAll([join(directory, 'conn.log.gz')]);
    expect(rows.length).toBeGreaterThan(1000);
    expect(reader.summaries()[0]?.truncated).toBe(true);
  });

  test('interleaves several logs by the time at which rows were complete', async () => {
    writeFileSync(join(directory, 'conn.log'), '{"ts":10,"duration":100,"uid":"long"}\n{"ts":111,"uid":"late"}\n');
    writeFileSync(join(directory, 'http.log'), '{"ts":20,"uid":"request"}\n');
    const { rows } = await readAll(await listZeekLogs(directory));
    expect(rows.map(([, row]) => (row as { uid: string }).uid)).toEqual(['request', 'long', 'late']);
  });

  test('accepts nested ids and ISO times', async () => {
    writeFileSync(join(directory, 'conn.json'), '{"ts":"2023-03-05T20:38:41.5Z","uid":"C1","id":{"orig_h":"10.0.0.1","resp_p":22}}\n');
    const { rows } = await readAll([join(directory, 'conn.json')]);
    expect(rows[0]?.[1]).toMatchObject({ ts: 1_678_048_721_500_000, 'id.orig_h': '10.0.0.1', 'id.resp_p': 22 });
  });

  test.each([
    ['conn.log', 'conn'],
    ['open_conn.log', 'open_conn'],
    ['conn.21:00:00-22:00:00.log.gz', 'conn'],
    ['conn_20230305.log', 'conn'],
    ['conn-summary.log', undefined],
    ['notice.log', undefined],
  ])('takes %s for %s', (name, log) => expect(logNameOf(name)).toBe(log));

  test('refuses a directory without any log that it reads', async () => {
    await expect(openZeekLogs([])).rejects.toThrow(VedetteError);
  });
});

describe('the output directory', () => {
  test('is never touched when something is in it, unless forced, and then only our own files', () => {
    writeFileSync(join(directory, 'mine.txt'), 'precious');
    writeFileSync(join(directory, 'conn.log'), 'old');
    expect(() => openOutputDirectory(directory, { force: false, inputs: [], now })).toThrow(/not empty/);
    expect(readFileSync(join(directory, 'conn.log'), 'utf8')).toBe('old');
    openOutputDirectory(directory, { force: true, inputs: [], now }).write('run.json', '{}');
    expect(readFileSync(join(directory, 'mine.txt'), 'utf8')).toBe('precious');
    expect(() => readFileSync(join(directory, 'conn.log'))).toThrow();
  });

  test('refuses a file in its place', () => {
    writeFileSync(join(directory, 'file'), '');
    expect(() => openOutputDirectory(join(directory, 'file'), { force: true, inputs: [], now })).toThrow(/is a file/);
  });

  test('refuses to replace what is read, even when forced, whatever its path looks like', () => {
    writeFileSync(join(directory, 'conn.log'), 'precious');
    writeFileSync(join(directory, 'dns.log'), 'old');
    mkdirSync(join(directory, 'sub'));
    const inputs = [`${directory}/sub/../conn.log`];
    expect(() => openOutputDirectory(directory, { force: true, inputs, now })).toThrow(/is read/);
    expect(readdirSync(directory).sort()).toEqual(['conn.log', 'dns.log', 'sub']);
  });
});
