// vedette case report, notice
import { type Command, InvalidArgumentError } from 'commander';
import { type Cidr, parseCidr } from '../../../base/ip.ts';
import { standardStateDirectory } from '../../../config/state-directory.ts';
import type { CasePapers, Paper } from '../../../workflows/case/write-papers.ts';
import { print } from '../../output/one-line.ts';
import { showWarning } from '../../output/show-error.ts';
import { choiceOf, dayOf } from '../options.ts';

interface Common {
  readonly out: string;
  readonly lang: 'en' | 'nb';
  readonly state: string;
  readonly json: boolean;
}

interface NoticeOptions extends Common {
  readonly machine?: string;
  readonly ours: readonly Cidr[];
  readonly contact?: string;
  readonly answerBy?: string;
}

const reportExamples = `
Examples:
  vedette case report case-2026-001 --out papers
  vedette case report case-2026-001 --out papers-nb --lang nb

Exit codes: 0 done, 2 no such case, 3 the file exists, 4 it cannot be written.
`;

const noticeExamples = `
The notice is made of fixed sentences, the machine's own name and address, times, and outside addresses. Nothing else of a finding
goes in; addresses of private networks and of your own public ranges (--ours, and --local of the analysis) are left out.

Examples:
  vedette case notice case-2026-001 --out papers --ours 203.0.113.0/24 --answer-by 2026-12-05 --contact abuse@example.org
  vedette case notice case-2026-001 --machine web-1 --out papers --lang nb

Exit codes: 0 done, 2 no such case or machine, 3 the file exists, 4 it cannot be written.
`;

function rangesOf(text: string, before: readonly Cidr[]): readonly Cidr[] {
  return [
    ...before,
    ...text.split(',').map((one) => {
      const range = parseCidr(one.trim());
      if (range === undefined) throw new InvalidArgumentError(`"${one}" is not an address or CIDR such as 203.0.113.0/24.`);
      return range;
    }),
  ];
}

const show = (paper: Paper, json: boolean): void => {
  for (const warning of paper.warnings) showWarning(warning);
  print(
    json,
    { schema: 1, ...paper },
    paper.files.map((name) => `${paper.directory}/${name} written`),
  );
};

const command = (group: Command, name: string, description: string): Command =>
  group
    .command(name)
    .description(description)
    .argument('<case>', 'id')
    .requiredOption('-o, --out <dir>', 'directory for the HTML and the Markdown file; nothing is replaced')
    .option('--lang <en|nb>', 'language', choiceOf(['en', 'nb']), 'en')
    .option('--state <dir>', 'state directory', standardStateDirectory)
    .option('--json', 'print the result as JSON', false);

/** Adds the commands. */
export function addCasePapers(group: Command, papers: (stateDirectory: string) => CasePapers): void {
  command(group, 'report', 'Writes the incident report for the response team.')
    .addHelpText('after', reportExamples)
    .action(async (id: string, { out, lang, state, json }: Common) => show(await papers(state).report(id, out, lang), json));
  command(group, 'notice', 'Writes the notice for the tenant, in plain language and without the data of others.')
    .option('--machine <name>', 'name or address of the machine, where the case has several')
    .option('--ours <cidr>', 'public ranges of this cloud (repeatable, comma-separated)', rangesOf, [])
    .option('--contact <text>', 'whom the tenant should answer')
    .option('--answer-by <day>', 'day by which, YYYY-MM-DD', dayOf)
    .addHelpText('after', noticeExamples)
    .action(async (caseId: string, { out, lang, state, json, machine, ours, contact, answerBy }: NoticeOptions) => {
      const paper = await papers(state).notice({
        ...{ caseId, out, language: lang, ours },
        ...(machine !== undefined && { machine }),
        ...(contact !== undefined && { contact }),
        ...(answerBy !== undefined && { answerBy }),
      });
      show(paper, json);
    });
}
