// vedette case list, show
import type { Command } from 'commander';
import { standardStateDirectory } from '../../../config/state-directory.ts';
import { type CaseStatus, caseStatuses } from '../../../model/case.ts';
import { findingJson } from '../../../model/finding.ts';
import type { Cases } from '../../../workflows/case/cases.ts';
import { print } from '../../output/one-line.ts';
import { choiceOf } from '../options.ts';
import { caseJson, caseLine, caseLines } from './case-text.ts';

const listExamples = `
Examples:
  vedette case list
  vedette case list --status open --json
  vedette case list --due                  reminders whose day has come; exits 1 when there are any

Exit codes: 0 done, 1 with --due: something is due, 3 a journal is damaged.
`;

const showExamples = `
Examples:
  vedette case show case-2026-001
  vedette case show case-2026-001 --json

Exit codes: 0 done, 2 no such case, 3 its journal is damaged.
`;

const today = (): string => new Date().toISOString().slice(0, 10);

/** Adds the commands. */
export function addCaseList(group: Command, cases: (stateDirectory: string) => Cases): void {
  group
    .command('list')
    .description('Lists cases, oldest first.')
    .option('--status <status>', `only these: ${caseStatuses.join(', ')}`, choiceOf(caseStatuses))
    .option('--due', 'only reminders whose day has come', false)
    .option('--state <dir>', 'state directory', standardStateDirectory)
    .option('--json', 'print JSON', false)
    .addHelpText('after', listExamples)
    .action(async ({ status, due, state, json }: { status?: CaseStatus; due: boolean; state: string; json: boolean }) => {
      if (due) {
        const reminders = await cases(state).due();
        const lines = reminders.flatMap(({ id, items }) =>
          items.map(({ item, due: day, note }) => `${id}  ${item} due ${day}${note === undefined ? '' : `: ${note}`}`),
        );
        print(json, { schema: 1, due: reminders }, lines.length > 0 ? lines : ['Nothing is due.']);
        process.exitCode = reminders.length > 0 ? 1 : 0;
        return;
      }
      const all = (await cases(state).list()).filter((one) => status === undefined || one.status === status);
      const brief = all.map(({ events: _, ...rest }) => rest);
      print(json, { schema: 1, cases: brief }, all.length > 0 ? all.map((one) => caseLine(one, today())) : ['No cases.']);
    });
  group
    .command('show')
    .description('Shows a case: findings, checklist, journal.')
    .argument('<case>', 'id')
    .option('--state <dir>', 'state directory', standardStateDirectory)
    .option('--json', 'print JSON', false)
    .addHelpText('after', showExamples)
    .action(async (id: string, { state, json }: { state: string; json: boolean }) => {
      const one = await cases(state).get(id);
      const findings = await cases(state).findings(id);
      const value = { ...(caseJson(one) as object), findings: findings.map((finding) => JSON.parse(findingJson(finding)) as unknown) };
      print(json, value, caseLines(one, findings, today()));
    });
}
