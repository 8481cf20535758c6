// vedette case: the group of commands on cases.
import type { Command } from 'commander';
import type { Cases } from '../../../workflows/case/cases.ts';
import type { CasePapers } from '../../../workflows/case/write-papers.ts';
import { addCaseCreate } from './create.ts';
import { addCaseList } from './list.ts';
import { addCaseNotify, type NoticesFor } from './notify.ts';
import { addCasePapers } from './papers.ts';
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

/** Jobs for a state directory. */
export interface CaseJobs {
  readonly work: (stateDirectory: string) => Cases;
  readonly notices: NoticesFor;
  readonly papers: (stateDirectory: string) => CasePapers;
}

/** Adds the group. */
export function addCaseCommands(program: Command, jobs: CaseJobs): void {
  const group = program
    .command('case')
    .summary('work on cases: findings, checklist, journal')
    .description('Cases: what is being done about findings, by whom, and what is left.')
    .addHelpText('after', examples);
  addCaseCreate(group, jobs.work);
  addCaseList(group, jobs.work);
  addCaseWork(group, jobs.work);
  addCasePapers(group, jobs.papers);
  addCaseNotify(group, jobs.notices);
}
