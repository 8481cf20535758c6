import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actor, Life, MemoryJournal, ProcessDied } from '../../test/support/containment-bench.ts';
import { Journal, readJournal } from './journal.ts';
import type { JournalEntry } from './journal-entry.ts';

const now = (): Date => new Date(Date.UTC(2026, 10, 29));
const step = (action: string): JournalEntry => ({ entry: 'releasing', action, actor, reason: 'ø "quoted"', force: false });

function written(count: number): MemoryJournal {
  const file = new MemoryJournal();
  const journal = new Journal(file, now);
  for (let i = 0; i < count; i++) journal.append(step(`a${i}`));
  return file;
}

describe('the journal', () => {
  it('is read as it was written, and goes on after its last line', () => {
    const file = written(3);
    const journal = new Journal(file, now);
    journal.append(step('later'));
    const { lines } = readJournal(file);
    expect(lines.map(({ number, step: { action } }) => [number, action])).toEqual([
      [1, 'a0'],
      [2, 'a1'],
      [3, 'a2'],
      [4, 'later'],
    ]);
    expect(lines[3]?.previous).toBe(lines[2]?.hash);
  });

  it('finds every change of any byte', () => {
    const whole = written(3);
    fc.assert(
      fc.property(fc.nat(whole.text.length - 1), fc.integer({ min: 32, max: 126 }), (at, code) => {
        const character = String.fromCharCode(code);
        if (whole.text[at] === character) return;
        const file = written(3);
        file.text = `${file.text.slice(0, at)}${character}${file.text.slice(at + 1)}`;
        expect(() => readJournal(file)).toThrow(/journal\.ndjson: line \d+ is not as it was written/);
      }),
    );
  });

  it.each([
    ['a line in the middle is gone', (lines: string[]) => lines.toSpliced(1, 1)],
    ['two lines changed places', ([a = '', b = '', ...rest]: string[]) => [b, a, ...rest]],
    ['a line is there twice', ([a = '', ...rest]: string[]) => [a, a, ...rest]],
    ['the last line is gone', (lines: string[]) => lines.slice(0, -1)],
    ['all lines are gone', () => []],
  ])('finds that %s', (_, change) => {
    const file = written(3);
    const lines = change(file.text.trimEnd().split('\n'));
    file.text = lines.map((line) => `${line}\n`).join('');
    expect(() => readJournal(file)).toThrow(expect.objectContaining({ code: 'journal-broken' }));
  });

  it('goes on after a crash in the middle of a line, which is cut off', () => {
    for (const moment of [1, 2, 3, 4]) {
      const file = written(2);
      file.life = new Life(moment);
      expect(() => new Journal(file, now).append(step('torn'))).toThrow(ProcessDied);
      file.life = new Life();
      new Journal(file, now).append(step('after'));
      const actions = readJournal(file).lines.map((line) => line.step.action);
      expect([
        ['a0', 'a1', 'after'],
        ['a0', 'a1', 'torn', 'after'],
      ]).toContainEqual(actions);
    }
  });
});
