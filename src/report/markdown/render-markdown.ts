// The document as Markdown (GitHub's flavour). Everything from outside is escaped: no text can become markup, HTML or a link.

import { visible } from '../../base/visible.ts';
import type { Block, Document, Inline, Line } from '../document.ts';

/** Characters that mean something in Markdown. A backslash before ASCII punctuation is literal (CommonMark 0.31 §2.4). */
const special = /[\\`*_{}[\]()#+\-.!|<>~&$@:]/g;

/** One line of plain text. What would begin an automatic link, mention or entity is escaped as well. */
export const markdownText = (value: string): string => visible(value).replace(special, '\\$&');

/** Code spans hold text as it is, but must not hold their own fence, nor end a table cell. */
function codeSpan(value: string): string {
  const shown = visible(value).replaceAll('|', '\\|');
  const runs = shown.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(0, ...runs.map((run) => run.length)) + 1);
  const pad = shown === '' || shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** In a table, GitHub reads `\|` in a code span as a bar; elsewhere it would be shown, so text is used there. */
function inline(part: Inline, inTable: boolean): string {
  if (typeof part === 'string') return markdownText(part);
  switch (part.kind) {
    case 'strong':
    case 'severity':
    case 'tag':
      return `**${markdownText(part.text)}**`;
    case 'code':
      return part.text.includes('|') && !inTable ? markdownText(part.text) : codeSpan(part.text);
    case 'muted':
    case 'link':
      return markdownText(part.text);
  }
}

const isMany = (value: Line): value is readonly Inline[] => Array.isArray(value);
const line = (value: Line, inTable = false): string =>
  isMany(value) ? value.map((part) => inline(part, inTable)).join('') : inline(value, inTable);

function table(value: Extract<Block, { kind: 'table' }>): string {
  const numeric = new Set(value.numeric);
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    ...(value.caption === undefined ? [] : [`**${markdownText(value.caption)}**`, '']),
    row(value.head.map(markdownText)),
    row(value.head.map((_, i) => (numeric.has(i) ? '--:' : '---'))),
    ...value.rows.map((cells) => row(cells.map((cell) => line(cell, true)))),
  ].join('\n');
}

/** Bytes and commands, fenced by more backticks than they hold. */
function fenced(text: string): string {
  const lines = text.split('\n').map((one) => visible(one));
  const longest = Math.max(2, ...lines.flatMap((one) => (one.match(/`+/g) ?? []).map((run) => run.length)));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${lines.join('\n')}\n${fence}`;
}

function block(value: Block): string {
  switch (value.kind) {
    case 'heading':
      return `${'#'.repeat(value.level)} ${line(value.text)}`;
    case 'paragraph':
      return line(value.text);
    case 'list':
      return value.items.map((item, i) => `${value.ordered === true ? `${i + 1}.` : '-'} ${line(item)}`).join('\n');
    case 'table':
      return table(value);
    case 'facts':
      return value.rows.map(([name, content]) => `- ${markdownText(name)}: ${line(content)}`).join('\n');
    case 'code':
      return fenced(value.text);
    case 'picture':
      return `*${markdownText(value.caption)}*`;
    case 'verdict':
      return `## ${markdownText(value.headline)}\n\n${blocks(value.body)}`;
    case 'card':
      return blocks(value.body);
    case 'details':
      return `**${markdownText(value.summary)}**\n\n${blocks(value.body)}`;
  }
}

const blocks = (values: readonly Block[]): string => values.map(block).join('\n\n');

/** The whole file. */
export function renderMarkdown(document: Document): string {
  return `# ${markdownText(document.title)}\n\n${blocks(document.blocks)}\n\n---\n\n${markdownText(document.footer)}\n`;
}
