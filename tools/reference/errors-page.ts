// docs/reference/errors.md, from the catalogue.

import { type ErrorKind, errorCatalogue } from '../../src/base/errors.ts';
import { cell, generated } from './markdown.ts';

const exits: Record<ErrorKind, string> = {
  input: '2: mend the command or its input',
  refused: '3: policy or state forbids it',
  unavailable: '4: something outside failed; trying again may help',
  internal: '70: a bug; please report it',
};

/** The page. */
export function errorsPage(): string {
  const rows = Object.entries(errorCatalogue).map(([code, [kind, sentence]]) => `| \`${code}\` | ${kind} | ${cell(sentence)} |`);
  const kinds = Object.entries(exits).map(([kind, exit]) => `| ${kind} | ${exit} |`);
  return `# Errors

${generated('src/base/errors.ts')}

An error is one line on standard error: what happened, on what, what to do. Words in braces are filled in.
\`VEDETTE_DEBUG=1\` adds the trace.

| kind | exit code |
|---|---|
${kinds.join('\n')}

| code | kind | sentence |
|---|---|---|
${rows.join('\n')}
`;
}
