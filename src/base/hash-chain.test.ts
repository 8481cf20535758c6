import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChainHead, chainLine, checkLine, emptyChain } from './hash-chain.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

function chainOf(entries: readonly Record<string, unknown>[]): string[] {
  let head = emptyChain;
  return entries.map((entry) => {
    const next = chainLine(head, entry, digest);
    head = next.head;
    return next.line;
  });
}

/** Number of the first line that does not fit; undefined when all do. */
function breakOf(lines: readonly string[]): number | undefined {
  let head: ChainHead = emptyChain;
  for (const [i, line] of lines.entries()) {
    const checked = checkLine(head, line, digest);
    if (checked.problem !== undefined) return i;
    head = checked.head;
  }
  return undefined;
}

const entries = fc.array(fc.dictionary(fc.stringMatching(/^[a-zA-Z]\w{0,9}$/), fc.jsonValue()), { minLength: 1, maxLength: 8 });

describe('a hash chain', () => {
  it('holds what was put in', () => {
    fc.assert(
      fc.property(entries, (all) => {
        expect(breakOf(chainOf(all))).toBeUndefined();
      }),
    );
    const checked = checkLine(emptyChain, chainOf([{ what: 'made' }])[0] ?? '', digest);
    expect(checked).toMatchObject({ entry: { what: 'made', sequence: 1 }, head: { entries: 1 } });
  });

  it('breaks at the line of which one character was changed', () => {
    fc.assert(
      fc.property(entries, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 127 }), (all, at, where, flip) => {
        const lines = chainOf(all);
        const i = at % lines.length;
        const line = lines[i] ?? '';
        const k = where % line.length;
        lines[i] = `${line.slice(0, k)}${String.fromCharCode(line.charCodeAt(k) ^ flip)}${line.slice(k + 1)}`;
        expect(breakOf(lines)).toBe(i);
      }),
    );
  });

  it('breaks where a line was removed, doubled or moved', () => {
    const lines = chainOf([{ a: 1 }, { a: 2 }, { a: 3 }]);
    const [one = '', two = '', three = ''] = lines;
    expect(breakOf([one, three])).toBe(1);
    expect(breakOf([one, one, two])).toBe(1);
    expect(breakOf([two, one, three])).toBe(0);
  });

  it('keeps its own fields from being given', () => {
    expect(breakOf(chainOf([{ hash: 'x', previous: 'y', sequence: 9, what: 'z' }]))).toBeUndefined();
  });
});
