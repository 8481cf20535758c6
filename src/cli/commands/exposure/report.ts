// vedette exposure report, diff, history: what is kept.
import type { Command } from 'commander';
import type { HistoryEntry } from '../../../workflows/exposure/reports.ts';
import { changeCounts, changeLine, portLine } from '../../../workflows/exposure/words.ts';
import { changesJson, type ReportFormat, renderReport, reportFileName } from '../../../workflows/exposure/write-run.ts';
import { numberArgument, oneOf, stateOption } from './arguments.ts';
import type { ExposureJobs } from './jobs.ts';

interface ReportOptions {
  readonly state: string;
  readonly format: ReportFormat;
  readonly json: boolean;
  readonly out?: string;
}

interface StateOptions {
  readonly state: string;
  readonly json: boolean;
}

/** Adds the commands. */
export function addExposureReports(exposure: Command, jobs: ExposureJobs): void {
  exposure
    .command('report')
    .summary('show a report of the archive')
    .description('Shows a report: the newest, that of a day, or that of a run.')
    .argument('[run]', 'day (2026-11-30) or run (2026-11-30T021500Z)')
    .option(
      '--format <format>',
      "text, json, html, or icclab: the shape of ICCLab's nmap_vms.py",
      oneOf('text', 'json', 'html', 'icclab'),
      'text',
    )
    .option('--json', 'the same as --format json', false)
    .option('-o, --out <dir>', 'write it there: exposure-RUN.json and so on; icclab: NMap-MONTH-DAY.json')
    .option(...stateOption)
    .addHelpText(
      'after',
      '\nExamples:\n  vedette exposure report\n  vedette exposure report 2026-11-30 --json | jq .exposures[0]\n  vedette exposure report --format icclab --out /var/archive\n',
    )
    .action((run: string | undefined, options: ReportOptions) => {
      const { report, hosts } = jobs.report(options.state, run);
      const format = options.json ? 'json' : options.format;
      const text = renderReport(report, hosts, format);
      if (options.out === undefined) process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
      else jobs.write(`${options.out}/${reportFileName(report, format)}`, text);
    });
  exposure
    .command('diff')
    .summary('show what changed, one line each')
    .description('Shows what changed from one report to another, one line each; nothing when nothing did.')
    .argument('[from]', 'day or run (standard: the one before)')
    .argument('[to]', 'day or run (standard: the newest)')
    .option('--json', 'print the changes as JSON', false)
    .option(...stateOption)
    .addHelpText('after', '\nExamples:\n  vedette exposure diff\n  vedette exposure diff 2026-11-23 2026-11-30\n')
    .action((from: string | undefined, to: string | undefined, { state, json }: StateOptions) => {
      const { before, after, changes } = jobs.diff(state, from, to);
      process.stdout.write(json ? changesJson(after.id, changes, before?.id) : changes.map((change) => `${changeLine(change)}\n`).join(''));
      if (!json && process.stderr.isTTY === true)
        process.stderr.write(`${before?.id ?? 'nothing'} to ${after.id}: ${changeCounts(changes)}\n`);
    });
  addHistory(exposure, jobs);
}

function addHistory(exposure: Command, { history }: ExposureJobs): void {
  exposure
    .command('history')
    .summary('show the course of the last runs')
    .description('Shows the last runs with their open ports by project; of one address, its ports in each run.')
    .argument('[address]', 'an address')
    .option('--limit <number>', 'runs', numberArgument(1, 10_000), 30)
    .option('--json', 'print as JSON', false)
    .option(...stateOption)
    .addHelpText('after', '\nExamples:\n  vedette exposure history --limit 7\n  vedette exposure history 203.0.113.7\n')
    .action((address: string | undefined, { state, json, limit }: StateOptions & { readonly limit: number }) => {
      const entries = history(state, limit, address);
      process.stdout.write(
        json
          ? `${JSON.stringify({ schema: 1, runs: entries }, undefined, 2)}\n`
          : entries.map((entry) => `${historyText(entry)}\n`).join(''),
      );
    });
}

function historyText({ id, state, standing, unowned, addresses, projects = {}, ports }: HistoryEntry): string {
  if (state !== 'complete') return `${id}  ${state}: go on with vedette exposure scan --resume ${id}`;
  const byProject = Object.entries(projects).map(([project, count]) => `${project} ${count}`);
  const counts = `${id}  ${standing} open, ${unowned} unowned, ${addresses} addresses${byProject.length === 0 ? '' : `  (${byProject.join(', ')})`}`;
  return ports === undefined
    ? counts
    : [id, ...ports.map((port) => `  ${portLine(port)}`), ...(ports.length === 0 ? ['  nothing open'] : [])].join('\n');
}
