// The suite that every detector passes: uniform metadata, a firing and a silent fixture, bounded and deterministic state.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { epochMicros } from '../../src/base/units.ts';
import { Detection, type DetectionOptions } from '../../src/detect/detection.ts';
import type { Detector } from '../../src/detect/detector.ts';
import { detectors } from '../../src/detect/detectors/index.ts';
import type { Finding } from '../../src/model/finding.ts';
import { type RecordName, type RecordRow, recordTypes } from '../../src/model/records/index.ts';
import type { LogRow } from '../build/rows.ts';

/** One line of a fixture: the log and its row. */
export type FixtureRow = LogRow;

/** Rows of a fixture file, one JSON object a line: `{"log":"conn", …columns}`; `ts` in seconds since the epoch. */
export function readFixture(path: string): readonly FixtureRow[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const { log, ts, ...rest } = JSON.parse(line) as { log: RecordName; ts: number };
      return { log, row: { ...rest, ts: epochMicros(Math.round(ts * 1e6)) } as unknown as RecordRow<RecordName> };
    });
}

/** What one detector, with those whose findings it joins, says of rows. */
export function findingsOf(
  detector: Detector,
  rows: readonly FixtureRow[],
  others: readonly Detector[] = [],
  options: Omit<DetectionOptions, 'detectors'> = {},
): readonly Finding[] {
  const detection = new Detection({ ...options, detectors: [...others, detector] });
  for (const { log, row } of rows) detection.emit(log, row);
  detection.finish();
  return detection.findings().filter((finding) => finding.detector === detector.id);
}

/** Rows that no detector has reason to mind, of every log that the detector reads, all different. */
function* unrelatedRows(detector: Detector, from: number, to: number): Generator<FixtureRow> {
  for (let i = from; i < to; i++) {
    const log = detector.reads[i % detector.reads.length] ?? 'conn';
    const address = `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;
    yield {
      log,
      row: {
        ts: epochMicros(1.7e15 + i * 1e6),
        uid: `C${i}`,
        'id.orig_h': address,
        'id.orig_p': 40_000,
        'id.resp_h': '203.0.113.80',
        'id.resp_p': 443,
        proto: 'tcp',
        service: 'ssl',
        duration: 0.5,
        orig_bytes: 700,
        resp_bytes: 4000,
        conn_state: 'SF',
        history: 'ShADadFf',
        local_orig: true,
        local_resp: false,
        missed_bytes: 0,
        orig_pkts: 9,
        orig_ip_bytes: 1100,
        resp_pkts: 9,
        resp_ip_bytes: 4400,
        ip_proto: 6,
        query: `www${i}.example.org`,
        answers: ['203.0.113.80'],
        TTLs: [60],
        rejected: false,
        trans_id: i & 0xffff,
        operation: 'request',
        sender_addr: address,
        sender_mac: '02:00:00:00:00:01',
        target_addr: '10.0.0.1',
        target_mac: '00:00:00:00:00:00',
        turns: 2,
        server_prompted_turns: 0,
        client_prompted_turns: 1,
        first_sender: 'client',
        client_printable: 0.1,
        server_printable: 0.1,
        client_prompts: 0,
        server_prompts: 0,
        host: 'www.example.org',
        method: 'GET',
        uri: `/page/${i}`,
        status_code: 200,
        trans_depth: 1,
        request_body_len: 0,
        response_body_len: 2000,
        tags: [],
        fuid: `F${i}`,
        source: 'HTTP',
        depth: 0,
        mime_type: 'text/html',
        seen_bytes: 2000,
        missing_bytes: 0,
        overflow_bytes: 0,
        timedout: false,
        is_orig: false,
      } as unknown as RecordRow<RecordName>,
    };
  }
}

const slugOf = (id: string): string => id.replace(/^D\d\d-/, '');

function describeMetadata(detector: Detector, directory: string): void {
  test('is named as its folder, and listed', () => {
    expect(detector.id).toMatch(/^D\d\d-[a-z0-9-]+$/);
    expect(basename(directory)).toBe(slugOf(detector.id));
    expect(detectors).toContain(detector);
  });

  test('says what it finds, misses, and what else it could be', () => {
    expect(detector.title.length).toBeGreaterThan(3);
    expect(detector.finds).toMatch(/\.$/);
    for (const list of [detector.misses, detector.benign, detector.investigate, detector.sources]) expect(list.length).toBeGreaterThan(0);
    for (const technique of detector.attack) expect(technique).toMatch(/^T\d{4}(\.\d{3})?$/);
    expect(detector.attack.length).toBeGreaterThan(0);
  });

  test('names a record and a time window in the next steps', () => {
    const names = new RegExp(`\\b(${Object.keys(recordTypes).join('|')})\\b`);
    expect(detector.investigate.some((step) => names.test(step) && /\b(second|minute|hour|day)s?\b/.test(step))).toBe(true);
  });

  test('gives every threshold a unit, a range and a reason', () => {
    for (const [name, { default: value, unit, min, max, why }] of Object.entries(detector.tunables)) {
      expect([name, value >= min && value <= max]).toEqual([name, true]);
      expect(unit).not.toBe('');
      expect(why.length).toBeGreaterThan(10);
    }
  });
}

function describeBounds(detector: Detector, fires: () => readonly FixtureRow[], others: readonly Detector[]): void {
  test('says the same however the rows are batched', () => {
    // Rows are pushed one by one; nothing may be shared between detections, so two runs are interleaved.
    const [first, second] = [new Detection({ detectors: [...others, detector] }), new Detection({ detectors: [...others, detector] })];
    for (const { log, row } of fires()) {
      first.emit(log, row);
      second.emit(log, row);
    }
    first.finish();
    second.finish();
    expect(JSON.stringify(second.findings())).toBe(JSON.stringify(first.findings()));
  });

  test('does not grow with traffic that does not concern it', { timeout: 60_000 }, () => {
    const detection = new Detection({ detectors: [detector] });
    const collect = (globalThis as { gc?: () => void }).gc;
    const feed = (from: number, to: number): void => {
      for (const { log, row } of unrelatedRows(detector, from, to)) detection.emit(log, row);
    };
    feed(0, 200_000);
    collect?.();
    const before = process.memoryUsage().heapUsed;
    feed(200_000, 400_000);
    collect?.();
    // Tables are full by then (at most 200,000 entries each): the second half must cost next to nothing.
    if (collect !== undefined) expect(process.memoryUsage().heapUsed - before).toBeLessThan(48 << 20);
    detection.finish();
    expect(detection.findings().filter(({ severity }) => severity === 'high' || severity === 'critical')).toEqual([]);
  });
}

export interface DetectorSuiteOptions {
  /** Detectors whose findings this one joins. */
  readonly others?: readonly Detector[];
  /** The firing rows, where they are too many for a file (floods); `fixtures/fires.ndjson` is not read then. */
  readonly fires?: () => readonly FixtureRow[];
}

/** Runs the suite; `directory` is the detector's folder, with `fixtures/fires.ndjson` and `fixtures/silent.ndjson`. */
export function describeDetector(detector: Detector, directory: string, { others = [], ...options }: DetectorSuiteOptions = {}): void {
  const fixture = (name: string): string => join(directory, 'fixtures', `${name}.ndjson`);
  const fires = options.fires ?? ((): readonly FixtureRow[] => readFixture(fixture('fires')));
  describe(detector.id, () => {
    describeMetadata(detector, directory);

    test('fires on its firing fixture, with evidence, times and records', () => {
      const findings = findingsOf(detector, fires(), others);
      expect(findings.length).toBeGreaterThan(0);
      for (const finding of findings) {
        expect(finding.summary).not.toMatch(/undefined|NaN|\[object/);
        expect(finding.firstSeen).toBeLessThanOrEqual(finding.lastSeen);
        expect(finding.confidence).toBeGreaterThan(0);
        expect(finding.confidence).toBeLessThanOrEqual(1);
        expect(Object.keys(finding.evidence).length).toBeGreaterThan(0);
        expect(finding.count).toBeGreaterThan(0);
      }
    });

    test('is silent on its silent fixture', () => {
      expect(existsSync(fixture('silent'))).toBe(true);
      expect(findingsOf(detector, readFixture(fixture('silent')), others)).toEqual([]);
    });

    describeBounds(detector, fires, others);
  });
}
