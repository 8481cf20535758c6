// What every analyzer owes, whichever it is: its place in the house, and calm whatever comes.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzerSeed } from '../../../test/build/analyzer-seeds.ts';
import { type Move, RoughPlayer } from '../../../test/build/rough-session.ts';
import { Random } from '../../../test/fuzz/random.ts';
import { bytesOfLatin1 } from '../../base/bytes.ts';
import type { Analyzer } from './analyzer.ts';
import { analyzers } from './index.ts';

/** Random conversations an analyzer. */
const randomRuns = 2000;
/** Of longer seeds each prefix meets one of the endings in turn, of shorter ones all. */
const shortSeedBytes = 600;

const bytesMove = (fromClient: boolean, content: Uint8Array): Move => ({ kind: 'bytes', fromClient, content });

const seedOf = ({ name }: Analyzer, transport: 'tcp' | 'udp'): readonly Move[] =>
  (analyzerSeed(name, transport) ?? []).map(([fromClient, text]) => bytesMove(fromClient, bytesOfLatin1(text).u8));

const otherWay = (moves: readonly Move[]): Move[] =>
  moves.map((move) => (move.kind === 'flip' ? move : { ...move, fromClient: !move.fromClient }));

/** The first `bytes` of a conversation, the rest of the piece that they end in, and the pieces after. */
function split(seed: readonly Move[], bytes: number): { head: Move[]; rest: Move[] } {
  const head: Move[] = [];
  const rest: Move[] = [];
  let left = bytes;
  for (const move of seed) {
    if (move.kind !== 'bytes') continue;
    const { fromClient, content } = move;
    const taken = Math.min(left, content.length);
    if (taken > 0) head.push(bytesMove(fromClient, content.subarray(0, taken)));
    if (taken < content.length) rest.push(bytesMove(fromClient, content.subarray(taken)));
    left -= taken;
  }
  return { head, rest };
}

/** How a conversation goes on where it was cut: not at all, behind a hole, with the sides changed, or as the other side's. */
const endings: readonly ((head: Move[], rest: Move[]) => readonly Move[])[] = [
  (head) => head,
  (head, [cut, ...rest]) => [...head, { kind: 'gap', fromClient: cut?.kind === 'bytes' && cut.fromClient, count: 9 }, ...rest],
  (head, rest) => [...head, { kind: 'flip' }, ...otherWay(rest)],
  (head, rest) => [...otherWay(head), { kind: 'end', fromClient: false }, ...otherWay(rest)],
];

function randomContent(random: Random, seed: readonly Move[]): Uint8Array {
  const piece = random.pick(seed);
  if (piece.kind !== 'bytes' || random.chance(0.3)) return Uint8Array.from({ length: random.below(90) }, () => random.bits() & 255);
  const content = piece.content.slice(random.chance(0.1) ? random.below(piece.content.length) : 0);
  for (let hits = random.below(6); hits > 0; hits--) content[random.below(content.length)] = random.bits() & 255;
  return random.chance(0.2) ? content.subarray(0, random.below(content.length)) : content;
}

function randomMove(random: Random, seed: readonly Move[]): Move {
  const kind = random.below(20);
  const fromClient = random.chance(0.5);
  if (kind === 0) return { kind: 'gap', fromClient, count: random.length(1 << 20) };
  if (kind === 1) return { kind: 'end', fromClient };
  return kind === 2 ? { kind: 'flip' } : bytesMove(fromClient, randomContent(random, seed));
}

describe('the list of analyzers', () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());

  it('has every folder, sorted, under its name', () => {
    expect(analyzers.map(({ name }) => name)).toEqual(folders.map(({ name }) => name).sort());
  });
});

describe.each(analyzers)('$name', (analyzer) => {
  it('says what it implements, on which ports, in a file of its name beside its test', () => {
    expect(analyzer.spec).toMatch(/\S/);
    expect(analyzer.transports.length).toBeGreaterThan(0);
    for (const transport of ['tcp', 'udp'] as const) {
      const ports = analyzer.ports[transport] ?? [];
      if (ports.length > 0) expect(analyzer.transports).toContain(transport);
      expect(new Set(ports).size).toBe(ports.length);
      for (const port of ports) expect(Number.isInteger(port) && port > 0 && port < 65536, `port ${port}`).toBe(true);
    }
    const file = join(import.meta.dirname, analyzer.name, analyzer.name.replaceAll('_', '-'));
    expect([existsSync(`${file}.ts`), existsSync(`${file}.test.ts`)]).toEqual([true, true]);
  });

  it('does nothing on nothing', () => {
    expect(new RoughPlayer(analyzer).play(analyzer.transports[0] ?? 'tcp', []).rows).toEqual([]);
  });
});

const overEach = analyzers.flatMap((analyzer) => analyzer.transports.map((transport) => ({ analyzer, transport, name: analyzer.name })));

describe.each(overEach)('$name over $transport', ({ analyzer, transport }) => {
  const seed = seedOf(analyzer, transport);

  it('understands its seed', () => {
    const player = new RoughPlayer(analyzer);
    const flow = player.play(transport, seed);
    player.finish();
    expect(flow.rejected).toBeUndefined();
    expect(flow.services.length + flow.rows.length).toBeGreaterThan(0);
  });

  it('survives every prefix of its seed, from either side, and whatever follows', () => {
    const total = seed.reduce((sum, move) => sum + (move.kind === 'bytes' ? move.content.length : 0), 0);
    const player = new RoughPlayer(analyzer);
    for (let bytes = 0; bytes <= total; bytes++) {
      const { head, rest } = split(seed, bytes);
      for (const [i, ending] of endings.entries()) {
        if (total <= shortSeedBytes || bytes % endings.length === i) player.play(transport, ending(head, rest));
      }
    }
    player.finish();
  });

  it('survives random bytes, damaged seeds, gaps, flips and closing at any point', () => {
    const player = new RoughPlayer(analyzer);
    for (let run = 0; run < randomRuns; run++) {
      const random = new Random(1, run);
      const moves = Array.from({ length: random.below(9) }, () => randomMove(random, seed));
      player.play(transport, moves);
    }
    player.finish();
  });
});
