// docs/reference/records.md, from the record types.

import { recordTypes } from '../../src/model/records/index.ts';
import type { Column } from '../../src/model/records/record.ts';
import { cell, generated } from './markdown.ts';

function columnRow(name: string, { kind, always, own, doc }: Column): string {
  return `| \`${name}\` | ${kind} | ${always ? 'yes' : ''} | ${own ? 'Vedette' : 'Zeek'} | ${cell(doc)} |`;
}

/** The page. */
export function recordsPage(): string {
  const sections = Object.values(recordTypes).map(
    ({ name, doc, columns }) => `## ${name}.log

${doc}

| column | type | always set | of | meaning |
|---|---|---|---|---|
${Object.entries(columns)
  .map(([column, declared]) => columnRow(column, declared))
  .join('\n')}
`,
  );
  return `# Records

${generated('src/model/records/')}

One log a record type, in Zeek's format (tab-separated by default, NDJSON with \`--format json\`). Columns that Zeek has come
first, under Zeek's names and in Zeek's order; columns of ours follow. Times are UTC; an interval is in seconds.

${sections.join('\n')}`;
}
