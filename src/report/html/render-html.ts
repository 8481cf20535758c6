// The document as one HTML file that fetches nothing: no script, style and pictures inside, a policy that forbids the rest.

import { visible } from '../../base/visible.ts';
import type { Block, Document, Inline, Line } from '../document.ts';
import { escapeMarkup } from '../pictures/svg.ts';
import { style } from './style.ts';

const text = (value: string): string => escapeMarkup(visible(value));

function inline(part: Inline): string {
  if (typeof part === 'string') return text(part);
  switch (part.kind) {
    case 'strong':
      return `<strong>${text(part.text)}</strong>`;
    case 'code':
      return `<code${part.whole === true ? ' class="whole"' : ''}>${text(part.text)}</code>`;
    case 'muted':
      return `<span class="muted">${text(part.text)}</span>`;
    case 'link':
      return `<a href="#${escapeMarkup(encodeURIComponent(part.to))}">${text(part.text)}</a>`;
    case 'severity':
      return `<span class="badge ${part.severity}">${text(part.text)}</span>`;
    case 'tag':
      return `<span class="badge ${part.tone}">${text(part.text)}</span>`;
  }
}

const isMany = (value: Line): value is readonly Inline[] => Array.isArray(value);
const line = (value: Line): string => (isMany(value) ? value.map(inline).join('') : inline(value));

function table(block: Extract<Block, { kind: 'table' }>): string {
  const numeric = new Set(block.numeric);
  const cell = (tag: string, i: number, content: string, scope = ''): string =>
    `<${tag}${scope}${numeric.has(i) ? ' class="number"' : ''}>${content}</${tag}>`;
  const head = block.head.map((name, i) => cell('th', i, text(name), ' scope="col"')).join('');
  const rows = block.rows.map((row) => `<tr>${row.map((value, i) => cell('td', i, line(value))).join('')}</tr>`).join('\n');
  const caption = block.caption === undefined ? '' : `<caption>${text(block.caption)}</caption>`;
  return `<div class="scroll"><table>${caption}<thead><tr>${head}</tr></thead><tbody>\n${rows}\n</tbody></table></div>`;
}

function block(value: Block): string {
  switch (value.kind) {
    case 'heading':
      return `<h${value.level}${value.id === undefined ? '' : ` id="${escapeMarkup(value.id)}"`}>${line(value.text)}</h${value.level}>`;
    case 'paragraph':
      return `<p>${line(value.text)}</p>`;
    case 'list': {
      const tag = value.ordered === true ? 'ol' : 'ul';
      return `<${tag}>${value.items.map((item) => `<li>${line(item)}</li>`).join('')}</${tag}>`;
    }
    case 'table':
      return table(value);
    case 'facts':
      return `<dl>${value.rows.map(([name, content]) => `<dt>${text(name)}</dt><dd>${line(content)}</dd>`).join('')}</dl>`;
    case 'code':
      // Line ends are ours here; everything else that cannot be seen is made visible.
      return `<pre>${value.text.split('\n').map(text).join('\n')}</pre>`;
    case 'picture':
      return `<figure>${value.svg}<figcaption>${text(value.caption)}</figcaption></figure>`;
    case 'verdict':
      return `<section class="verdict ${value.tone}"><h2>${text(value.headline)}</h2>${blocks(value.body)}</section>`;
    case 'card':
      return `<section class="card ${value.tone}">${blocks(value.body)}</section>`;
    case 'details':
      return `<details${value.open === true ? ' open' : ''}><summary>${text(value.summary)}</summary>${blocks(value.body)}</details>`;
  }
}

const blocks = (values: readonly Block[]): string => values.map(block).join('\n');

/** The whole file. */
export function renderHtml(document: Document): string {
  const contents = document.contents.entries
    .map(({ id, text: name }) => `<li><a href="#${escapeMarkup(id)}">${text(name)}</a></li>`)
    .join('');
  const [first, ...rest] = document.blocks;
  return `<!doctype html>
<html lang="${escapeMarkup(document.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${text(document.title)}</title>
<style>${style}</style>
</head>
<body>
<header><h1>${text(document.title)}</h1></header>
<main>
${first === undefined ? '' : block(first)}
<nav aria-label="${text(document.contents.label)}"><ul>${contents}</ul></nav>
${blocks(rest)}
</main>
<footer>${text(document.footer)}</footer>
</body>
</html>
`;
}
