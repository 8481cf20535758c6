// Text that is nothing more special, JSON and configuration.
import { literal, pattern, type Rule, test } from './rule.ts';

const mark = '(?:\\xef\\xbb\\xbf|\\xff\\xfe|\\xfe\\xff)?';
const blank = '[\\r\\n\\t ]*';
const firsts = '\t\n\r \xef\xff\xfe';

/** Marks of a unified diff, in this order. */
function isUnifiedDiff(text: string): boolean {
  let at = 0;
  for (const part of ['--- ', '\n', '+++ ', '\n', '@@']) {
    at = text.indexOf(part, at);
    if (at === -1) return false;
    at += part.length;
  }
  return true;
}

export const text: readonly Rule[] = [
  // Ten characters of text, after any of the byte order marks of UTF-8, UTF-16 and UTF-32.
  pattern('text/plain', -20, undefined, String.raw`^(?:\xef\xbb\xbf|(?:\0\0)?\xfe\xff|\xff\xfe(?:\0\0)?)?[\t-\r\x20-\x7e]{10}`),
  pattern(
    'text/json',
    1,
    `{${firsts}`,
    `^${mark}${blank}\\{${blank}(?:"[^"]+"|[a-zA-Z][a-zA-Z0-9\\\\_]*)${blank}:${blank}(?:["[{0-9]|true|false)`,
  ),
  pattern('text/json', 1, `[${firsts}`, `^${mark}${blank}\\[${blank}(?:(?:"[^"]+"|[0-9]+(?:\\.[0-9]+)?|true|false)${blank},|\\{|\\[)`),
  pattern('text/json', 0, `[{${firsts}`, `^${mark}${blank}(?:\\[\\]|\\{\\})${blank}$`),
  pattern('text/ini', 20, `[\0${firsts}`, `^${mark}[\\0\\r\\n\\t ]*\\[[^\\r\\n]+\\][\\t \\0]*[\\r\\n]`),
  literal('application/x-kdelnk', 220, '[KDE Desktop Entry]'),
  literal('application/x-kdelnk', 200, '# KDE Config File'),
  literal('text/x-xmcd', 90, '# xmcd'),
  literal('text/x-po', 37, 'msgid '),
  test('text/x-diff', 55, undefined, isUnifiedDiff),
];
