import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Taken } from '../../../test/build/frames.ts';
import { eavesdropper, handshake, playFrames, said } from '../../../test/build/play-frames.ts';

function hear(taken: readonly Taken[]): string[] {
  const heard: string[] = [];
  playFrames([...handshake(), ...taken], { analyzers: [eavesdropper(heard)] });
  return heard;
}

const stream = Array.from({ length: 2000 }, (_, i) => String.fromCharCode(33 + ((i * 7) % 90))).join('');
const segment = (from: number, to: number): Taken => said('>', 'PA', { seq: 1 + from, data: stream.slice(from, to) });

/** What the client said, gaps included, as one text. */
const clientText = (heard: readonly string[]): string =>
  heard
    .filter((line) => line.startsWith('>'))
    .map((line) => line.slice(1))
    .join('');

/** Pieces that cover the stream, with overlaps and repetitions, in any order. */
const pieces = fc.array(fc.tuple(fc.nat(stream.length - 1), fc.integer({ min: 1, max: 400 })), { maxLength: 30 }).chain((extra) => {
  const cuts = [0, ...new Set(extra.map(([at]) => at).sort((a, b) => a - b)), stream.length];
  const cover = cuts.slice(1).map((to, i) => [cuts[i] ?? 0, to] as const);
  const more = extra.map(([at, length]) => [at, Math.min(stream.length, at + length)] as const);
  return fc.shuffledSubarray([...cover, ...more], { minLength: cover.length + more.length });
});

describe('a stream', () => {
  test('is delivered once and in order, however it is cut, repeated and mixed up', () => {
    fc.assert(
      fc.property(pieces, (list) => {
        const heard = hear(list.filter(([from, to]) => from < to).map(([from, to]) => segment(from, to)));
        expect(clientText(heard)).toBe(stream);
      }),
      { numRuns: 60 },
    );
  });

  test('keeps what came first where segments differ', () => {
    const other = said('>', 'PA', { seq: 3, data: 'XXXX' });
    expect(clientText(hear([said('>', 'PA', { seq: 3, data: 'cd' }), other, said('>', 'PA', { data: 'ab' })]))).toBe('abcdXX');
  });

  test('goes on behind a gap once the other side acknowledged it', () => {
    expect(hear([segment(10, 20), said('<', 'A', { ack: 21 }), segment(20, 30)])).toEqual([
      '>[10]',
      `>${stream.slice(10, 20)}`,
      `>${stream.slice(20, 30)}`,
      'closed',
    ]);
  });

  test('tells a gap as soon as it is acknowledged, also when nothing follows', () => {
    expect(hear([said('<', 'A', { ack: 51 })])).toEqual(['>[50]', 'closed']);
  });

  test('has no part in segments that the capture cut', () => {
    const whole = segment(0, 100);
    const cut = { frame: whole.frame.slice(0, 80), wire: whole.frame.length };
    expect(hear([cut, said('<', 'A', { ack: 101 })])).toEqual(['>[100]', 'closed']);
  });

  test('ends when the FIN has been reached, not when it was seen', () => {
    const fin = said('>', 'FA', { seq: 21 });
    expect(hear([segment(10, 20), fin, segment(0, 10)])).toEqual([`>${stream.slice(0, 10)}`, `>${stream.slice(10, 20)}`, '>.', 'closed']);
  });

  test('is given up when too much stands above a hole and nobody acknowledges', () => {
    const far = Array.from({ length: 20 }, (_, i) => said('>', 'PA', { seq: 101 + i * 1000, data: 'x'.repeat(1000) }));
    const heard: string[] = [];
    const played = playFrames([...handshake(), ...far], { analyzers: [eavesdropper(heard)] });
    expect(heard).toEqual([]);
    expect(played.rows('weird').map((row) => row.name)).toContain('above_hole_data_without_any_acks');
  });
});

test('bytes above holes are bounded, and what was dropped is counted', () => {
  const far = Array.from({ length: 10 }, (_, i) => said('>', 'PA', { seq: 101 + i * 1000, data: 'x'.repeat(1000) }));
  const heard: string[] = [];
  const played = playFrames([...handshake(), ...far, said('>', 'PA', { data: 'a'.repeat(100) })], {
    analyzers: [eavesdropper(heard)],
    maxHeldBytes: 3000,
  });
  expect(played.counters.heldBytesDropped).toBe(7000);
  expect(clientText(heard)).toBe(`${'a'.repeat(100)}${'x'.repeat(3000)}${'[1000]'.repeat(7)}`);
});
