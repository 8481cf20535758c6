// docs/reference/cli.md, from the help of every command.

import type { Command } from 'commander';
import { createProgram, type Workflows } from '../../src/cli/program.ts';
import { generated } from './markdown.ts';

/** Columns of the help text; a terminal's width must not change the page. */
const width = 110;

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => width, getOutHasColors: () => false });
  command.outputHelp();
  return text.trimEnd();
}

function sections(command: Command, path: readonly string[]): string[] {
  const name = [...path, command.name()];
  const own = `## ${name.join(' ')}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`;
  return [own, ...command.commands.flatMap((sub) => sections(sub, name))];
}

/** The page. */
export function cliPage(): string {
  // Asking for help starts no job, so the jobs may be missing.
  const program = createProgram({ inventory: {} } as Workflows);
  return `# Command line

${generated('src/cli/')}

Errors are one line on standard error; see [errors](errors.md). Progress is shown on terminals only. Exit codes: 0 done · 1 done, and
what \`--fail-on\` asked about was found · 2 bad usage or input · 3 refused by policy or state · 4 something outside failed · 70 a bug.

${sections(program, []).join('\n')}`;
}
