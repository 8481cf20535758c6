import { describe, expect, test } from 'vitest';
import { interactiveShell } from './interactive-shell.ts';
import { isTyped, judgeShell, type Rhythm, type ShellFacts, type ShellTune } from './shell-judgement.ts';

const tune = Object.fromEntries(
  Object.entries(interactiveShell.tunables).map(([name, { default: value }]) => [name, value]),
) as unknown as ShellTune;

const typing: Rhythm = {
  turns: 8,
  typedBytes: 9,
  answeredBytes: 60,
  pauseSeconds: 2,
  pauseVariation: 0.8,
  answerSeconds: 0.01,
  prompts: 0,
  printable: 1,
};
const quiet: ShellFacts = {
  rhythm: { ...typing, turns: 0 },
  marks: [],
  commands: [],
  onlyCommands: false,
  programSent: false,
  reverse: true,
};

describe('the rhythm of typing', () => {
  test('is short lines after human pauses, answered at once by more', () => expect(isTyped(typing, 60, tune)).toBe(true));

  test.each([
    ['too few turns', { turns: 3 }],
    ['long messages', { typedBytes: 300, answeredBytes: 900 }],
    ['answers no longer than the questions', { answeredBytes: 10 }],
    ['pauses of a program', { pauseSeconds: 0.05 }],
    ['pauses of polling', { pauseSeconds: 300 }],
    ['pauses as regular as a timer', { pauseVariation: 0.05 }],
    ['slow answers', { answerSeconds: 3 }],
  ])('is not %s', (_, change) => expect(isTyped({ ...typing, ...change }, 60, tune)).toBe(false));

  test('needs time to show', () => expect(isTyped(typing, 5, tune)).toBe(false));
});

describe('the verdict', () => {
  const judge = (facts: Partial<ShellFacts>) => judgeShell({ ...quiet, ...facts }, 60, tune)?.severity;

  test('is none without signs', () => expect(judge({})).toBeUndefined());
  test('is high when our machine connected out and answers like a shell', () => {
    expect(judge({ marks: ['output of id'] })).toBe('high');
    expect(judge({ marks: ['bare Unix prompt'], commands: ['id'] })).toBe('high');
    expect(judge({ commands: ['ls -l', 'whoami'], onlyCommands: true })).toBe('high');
    expect(judge({ rhythm: { ...typing, prompts: 3 } })).toBe('high');
    expect(judge({ programSent: true })).toBe('high');
  });
  test('is less on rhythm alone', () => {
    expect(judge({ rhythm: typing })).toBe('medium');
    expect(judge({ rhythm: { ...typing, printable: 0.3 } })).toBe('low');
  });
  test('is none for a prompt alone, which may be a prompt of anything', () =>
    expect(judge({ marks: ['bare Unix prompt'] })).toBeUndefined());
  test('asks for more where the remote end connected in', () => {
    expect(judge({ reverse: false, marks: ['output of id'] })).toBeUndefined();
    expect(judge({ reverse: false, marks: ['output of id'], commands: ['id'] })).toBe('high');
    expect(judge({ reverse: false, rhythm: { ...typing, answerSeconds: null } })).toBeUndefined();
  });
});
