import { describe, expect, test } from 'vitest';
import { epochMicros } from '../../../base/units.ts';
import type { Finding } from '../../../model/finding.ts';
import { Detection } from '../../detection.ts';
import { defineDetector } from '../../detector.ts';
import { attackSequence } from './attack-sequence.ts';
import { fuse } from './fusion.ts';

const machine = '10.0.1.12';

function finding(detector: string, at: number, confidence: number, change: Partial<Finding> = {}): Finding {
  return {
    schema: 1,
    id: `${detector}-${at}`,
    detector: `${detector}-x`,
    title: detector,
    severity: 'high',
    confidence,
    subject: { address: machine },
    peers: [{ address: '203.0.113.162', port: 3000 }],
    firstSeen: epochMicros(1.7e15 + at * 1e6),
    lastSeen: epochMicros(1.7e15 + at * 1e6),
    count: 1,
    summary: detector,
    evidence: {},
    attack: ['T1190'],
    benign: [],
    blindSpots: [],
    records: [],
    ...change,
  };
}

/** An attack by somebody outside on the machine. */
const attacked = (at: number): Finding => finding('D44', at, 0.9, { subject: { address: '198.51.100.66' }, peers: [{ address: machine }] });

describe('fusion', () => {
  test('does not add up detectors of one family', () => {
    const once = fuse([finding('D01', 0, 0.9)], machine).probability;
    const often = fuse([finding('D01', 0, 0.9), finding('D02', 1, 0.9), finding('D03', 2, 0.9)], machine).probability;
    expect(often).toBe(once);
  });

  test('adds up families, more so in the order of an attack', () => {
    const ordered = fuse([attacked(0), finding('D32', 1, 0.7), finding('D43', 2, 0.6)], machine);
    const backwards = fuse([finding('D43', 0, 0.6), finding('D32', 1, 0.7), attacked(2)], machine);
    expect(ordered.ordered).toBe(true);
    expect(backwards.ordered).toBe(false);
    expect(ordered.probability).toBeGreaterThan(backwards.probability);
    // 1 − (1 − 0.9·0.3)(1 − 0.7)(1 − 0.6·0.8)
    expect(backwards.probability).toBeCloseTo(1 - 0.73 * 0.3 * 0.52, 10);
  });

  test('never reaches certainty', () => {
    expect(fuse([finding('D32', 1, 1), finding('D31', 2, 1), finding('D43', 3, 1)], machine).probability).toBeLessThan(1);
  });
});

describe('the sequence', () => {
  /** Runs the detector behind one that raises the given findings. */
  function declared(members: readonly Finding[]): readonly Finding[] {
    const sources = [...new Set(members.map(({ detector }) => detector))].map((id) =>
      defineDetector({
        id,
        title: id,
        attack: ['T1190'],
        reads: [],
        finds: '',
        misses: [],
        benign: [],
        investigate: [],
        sources: [],
        tunables: {},
        start: (_, host) => ({
          finish: () => {
            for (const [i, { schema: _schema, id: _id, detector, ...rest }] of members.entries())
              if (detector === id) host.raise({ key: String(i), ...rest });
          },
        }),
      }),
    );
    const detection = new Detection({ detectors: [...sources, attackSequence] });
    detection.finish();
    return detection.findings().filter(({ detector }) => detector === attackSequence.id);
  }

  test('is declared for request, call-back and tools, and lists its members in order', () => {
    const [sequence] = declared([finding('D43', 20, 0.6), attacked(0), finding('D32', 10, 0.97)]);
    const members = [{ detector: 'D44-x' }, { detector: 'D32-x' }, { detector: 'D43-x' }];
    expect(sequence).toMatchObject({
      severity: 'critical',
      subject: { address: machine },
      count: 3,
      evidence: { members, verdict: 'attempt and call-back' },
    });
  });

  test('is not declared for a machine that is only attacked', () => expect(declared([attacked(0), attacked(1), attacked(2)])).toEqual([]));
  test('is not declared for a machine that only attacks', () =>
    expect(declared([finding('D01', 0, 0.99), finding('D13', 1, 0.99)])).toEqual([]));
  test('is not declared on weak signs', () => expect(declared([finding('D34', 0, 0.3), finding('D33', 1, 0.4)])).toEqual([]));
  test('forgets what happened days before', () => expect(declared([attacked(0), finding('D43', 4 * 86_400, 0.9)])).toEqual([]));
  test('is not declared about somebody else’s machine', () => {
    const other = { subject: { address: '198.51.100.9' } };
    expect(declared([finding('D32', 0, 0.97, other), finding('D31', 1, 0.97, other)])).toEqual([]);
  });
});
