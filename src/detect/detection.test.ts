import { describe, expect, test } from 'vitest';
import { conn, knownEnds, ranges } from '../../test/build/rows.ts';
import { epochMicros } from '../base/units.ts';
import type { Finding, FindingDraft, Severity } from '../model/finding.ts';
import { Detection } from './detection.ts';
import { type DetectionHost, type Detector, defineDetector } from './detector.ts';

/** A detector that raises what the row tells it to, and remembers what it was given. */
function echo(
  id: string,
  draftOf: (uid: string, host: DetectionHost) => Partial<FindingDraft> | undefined,
  heard: string[] = [],
): Detector {
  return defineDetector({
    id,
    title: `Title of ${id}`,
    attack: ['T1046'],
    reads: ['conn'],
    finds: 'What it is told.',
    misses: ['Everything else.'],
    benign: ['A test.'],
    investigate: ['Nothing.'],
    sources: ['Here.'],
    tunables: { limit: { default: 5, unit: 'pieces', min: 1, max: 10, why: 'A test of tunables.' } },
    start: (tune, host) => ({
      conn({ uid, ts }) {
        const draft = draftOf(uid, host);
        if (draft === undefined) return;
        host.raise({
          key: 'k',
          severity: 'low',
          confidence: 0.5,
          subject: { address: '10.0.0.7' },
          peers: [],
          firstSeen: ts,
          lastSeen: ts,
          count: tune.limit,
          summary: uid,
          evidence: {},
          records: [uid],
          ...draft,
        });
      },
      finding: ({ id: of }) => void heard.push(of),
      finish: () => void heard.push(`end of ${id}`),
    }),
  });
}

const row = (uid: string, seconds = 0) => conn(seconds, '10.0.0.7:40000', '203.0.113.9:80', 'answered', { uid }).row;
const emitAll = (detection: Detection, uids: readonly string[]): readonly Finding[] => {
  for (const [i, uid] of uids.entries()) detection.emit('conn', row(uid, i));
  return detection.findings();
};

describe('a finding', () => {
  test('has an identity of detector, context, subject and key, the same in every run', () => {
    const variants: Record<string, Partial<FindingDraft>> = {
      a: {},
      b: { key: 'other' },
      c: { subject: { address: '10.0.0.8' } },
      d: { subject: { address: '10.0.0.7', context: 'vxlan:11' } },
    };
    const run = (id: string) =>
      emitAll(new Detection({ detectors: [echo(id, (uid) => variants[uid])] }), ['a', 'b', 'c', 'd']).map((one) => one.id);
    const ids = run('D98-test');
    expect(new Set(ids).size).toBe(4);
    for (const id of ids) expect(id).toMatch(/^D98-test-[0-9a-f]{14}$/);
    expect(run('D98-test')).toEqual(ids);
    expect(run('D99-test')).not.toEqual(ids);
    // Fixed for good: stored findings are found again by it.
    expect(ids[0]).toBe('D98-test-097ae5cc51f20b');
  });

  test('that is raised again replaces what was said, and is announced once', () => {
    const announced: string[] = [];
    const detection = new Detection({ detectors: [echo('D98-test', () => ({}))], onNew: ({ summary }) => announced.push(summary) });
    expect(emitAll(detection, ['first', 'second', 'third'])).toMatchObject([{ summary: 'third' }]);
    expect(announced).toEqual(['first']);
  });

  test('is completed from what the detector declares', () => {
    const draft = { benign: ['A drill.'], blindSpots: ['The rest.'] };
    expect(emitAll(new Detection({ detectors: [echo('D98-test', () => draft)] }), ['x'])).toMatchObject([
      {
        schema: 1,
        title: 'Title of D98-test',
        attack: ['T1046'],
        benign: ['A test.', 'A drill.'],
        blindSpots: ['Everything else.', 'The rest.'],
      },
    ]);
    const own = { title: 'Variant', attack: ['T1595'] };
    expect(emitAll(new Detection({ detectors: [echo('D98-test', () => own)] }), ['x'])).toMatchObject([own]);
  });

  test('lists at most a hundred peers and records', () => {
    const many = Array.from({ length: 300 }, (_, i) => `${i}`);
    const [finding] = emitAll(
      new Detection({ detectors: [echo('D98-test', () => ({ peers: many.map((address) => ({ address })), records: many }))] }),
      ['x'],
    );
    expect([finding?.peers.length, finding?.records.length]).toEqual([100, 100]);
  });

  test('is sorted by severity, time, detector and identity', () => {
    const severities: Record<string, Severity> = { a: 'low', b: 'critical', c: 'info', d: 'high', e: 'medium', f: 'high' };
    const bySeverity = (uid: string): Partial<FindingDraft> => ({ key: uid, severity: severities[uid] ?? 'info' });
    const detection = new Detection({ detectors: [echo('D99-test', bySeverity), echo('D98-test', bySeverity)] });
    const order = emitAll(detection, ['a', 'b', 'c', 'd', 'e', 'f']).map(({ summary, detector }) => `${summary}${detector.slice(1, 3)}`);
    expect(order).toEqual(['b98', 'b99', 'd98', 'd99', 'f98', 'f99', 'e98', 'e99', 'a98', 'a99', 'c98', 'c99']);
    const together = emitAll(new Detection({ detectors: [echo('D98-test', (uid) => ({ key: uid, firstSeen: epochMicros(0) }))] }), [
      'x',
      'y',
      'z',
    ]);
    const ids = together.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort());
  });

  test('beyond the bound is counted, while known ones are renewed, and does not silence other detectors', () => {
    const all = echo('D98-test', (uid) => ({ key: uid.split(' ')[0] ?? '' }));
    const few = echo('D97-test', (uid) => (uid === '2009' ? {} : undefined));
    const detection = new Detection({ detectors: [all, few] });
    for (let i = 0; i < 2010; i++) detection.emit('conn', row(`${i}`));
    detection.emit('conn', row('0 again'));
    const kept = detection.findings();
    expect([kept.length, detection.dropped]).toEqual([2001, 10]);
    expect(kept.some(({ summary }) => summary === '0 again')).toBe(true);
    expect(kept.some(({ detector }) => detector === 'D97-test')).toBe(true);
  });

  test('that is graver takes the place of the newest of the least grave', () => {
    const severityOf = (uid: string): Severity => (uid === 'grave' ? 'high' : uid === '1000' ? 'info' : 'low');
    const detection = new Detection({ detectors: [echo('D98-test', (uid) => ({ key: uid, severity: severityOf(uid) }))] });
    for (let i = 0; i < 2000; i++) detection.emit('conn', row(`${i}`));
    detection.emit('conn', row('grave'));
    const kept = detection.findings();
    expect([kept.length, detection.dropped, kept[0]?.summary]).toEqual([2000, 1, 'grave']);
    expect(kept.some(({ summary }) => summary === '1000')).toBe(false);
  });

  test('that begins long after the one of its key had ended is another: what was known stays', () => {
    const detection = new Detection({ detectors: [echo('D98-test', () => ({}))] });
    for (const [uid, seconds] of [
      ['first', 0],
      ['renewed', 3600],
      ['another', 7201],
      ['renewed another', 7300],
    ] as const) {
      detection.emit('conn', row(uid, seconds));
    }
    expect(detection.findings().map(({ summary }) => summary)).toEqual(['renewed', 'renewed another']);
  });
});

describe('a detector', () => {
  test('hears of the findings of others, not of its own, and of the end in the order of the list', () => {
    const heard: string[] = [];
    const detection = new Detection({ detectors: [echo('D97-test', () => ({})), echo('D98-test', () => ({}), heard)] });
    const others = emitAll(detection, ['x']).filter(({ detector }) => detector === 'D97-test');
    detection.finish();
    expect(heard).toEqual([others[0]?.id, 'end of D98-test']);
  });

  test('gets the thresholds of the operator', () => {
    const detection = new Detection({
      detectors: [echo('D98-test', () => ({}))],
      tune: { 'D98-test': { limit: 9 }, 'D97-test': { limit: 2 } },
    });
    expect(emitAll(detection, ['x'])).toMatchObject([{ count: 9 }]);
  });

  test('can ask whose an address is', () => {
    let host: DetectionHost | undefined;
    const detection = new Detection({
      detectors: [
        echo('D98-test', (_, given) => {
          host = given;
          return undefined;
        }),
      ],
      local: ranges('203.0.113.0/24'),
      known: knownEnds('office', '198.51.100.0/28'),
    });
    detection.emit('conn', row('x', 5));
    expect(['10.1.2.3', '192.168.1.1', 'fd00::1', '203.0.113.9', '198.51.100.9', 'nonsense'].map((one) => host?.isOurs(one))).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(['8.8.8.8', '10.1.2.3', '224.0.0.1', '127.0.0.1'].map((one) => host?.isPublic(one))).toEqual([true, false, false, false]);
    expect(['224.0.0.1', 'ff02::1', '255.255.255.255', '10.0.0.1'].map((one) => host?.isMulticast(one))).toEqual([true, true, true, false]);
    expect([host?.knownAs('198.51.100.3'), host?.knownAs('198.51.100.16')]).toEqual(['office', undefined]);
    expect(host?.visibility).toMatchObject({ rows: { conn: 1 }, firstAt: row('x', 5).ts, lastAt: row('x', 5).ts });
  });
});
