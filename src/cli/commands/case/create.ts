// vedette case create
import type { Command } from 'commander';
import { standardStateDirectory } from '../../../config/state-directory.ts';
import type { Cases } from '../../../workflows/case/cases.ts';
import { print } from '../../output/one-line.ts';
import { collectTexts } from '../options.ts';
import { caseJson } from './case-text.ts';

interface Options {
  readonly from: string;
  readonly finding: readonly string[];
  readonly title?: string;
  readonly state: string;
  readonly json: boolean;
}

const examples = `
Findings and run.json are copied: the case stays what it is when the directory changes.

Examples:
  vedette case create --from out
  vedette case create --from out --finding D31-interactive-shell-12a28bf9162f9b --title "Shell on the shop"

Exit codes: 0 done, 2 bad usage, no such finding, or nothing to make a case of, 4 the state directory cannot be written.
`;

/** Adds the command. */
export function addCaseCreate(group: Command, cases: (stateDirectory: string) => Cases): void {
  group
    .command('create')
    .summary('make a case of an analysis')
    .description('Makes a case of the findings of an analysis.')
    .requiredOption('--from <dir>', 'output directory of analyze')
    .option('--finding <id>', 'only these findings (repeatable); all without', collectTexts, [])
    .option('--title <text>', 'title (standard: the gravest finding)')
    .option('--state <dir>', 'state directory', standardStateDirectory)
    .option('--json', 'print the case as JSON', false)
    .addHelpText('after', examples)
    .action(async ({ from, finding, title, state, json }: Options) => {
      const made = await cases(state).create({ from, findings: finding, ...(title !== undefined && { title }) });
      print(json, caseJson(made), [`${made.id} made: ${made.title} (${made.findings.length} findings)`]);
    });
}
