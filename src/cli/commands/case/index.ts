// vedette case: the group of commands on cases.
import type { Command } from 'commander';
import type { Cases } from '../../../workflows/case/cases.ts';
import { addCaseCreate } from './create.ts';
import { addCaseList } from './list.ts';
import { addCaseWork } from './work.ts';

const examples = `
A case has the findings of an analysis, a checklist, and a journal that is only added to, each entry holding the hash of the one
before. Many may work on it at once.

Examples:
  vedette analyze c.pcap --out out && vedette case create --from out
  vedette case show case-2026-001
  vedette case check case-2026-001 extent --note "no other machine of the project"
  vedette case status case-2026-001 contained
`;

/** Adds the group and gives it; `cases` gives the jobs for a state directory. */
export function addCaseCommands(program: Command, cases: (stateDirectory: string) => Cases): Command {
  const group = program
    .command('case')
    .summary('work on cases: findings, checklist, journal')
    .description('Cases: what is being done about findings, by whom, and what is left.')
    .addHelpText('after', examples);
  addCaseCreate(group, cases);
  addCaseList(group, cases);
  addCaseWork(group, cases);
  return group;
}
