// The files that a run leaves behind: for people, for programs, and in the shape of ICCLab's script.
import { changesBetween } from '../../exposure/changes.ts';
import { exposureFindings } from '../../exposure/findings.ts';
import { icclabFileName, icclabReport } from '../../exposure/icclab.ts';
import { type ExposureChange, type ExposureReport, isStanding, type MeasuredHost } from '../../model/exposure.ts';
import { findingJson } from '../../model/finding.ts';
import { exposureHtml } from '../../report/exposure/exposure-html.ts';
import { changeLine, reportLines } from '../../report/exposure/exposure-lines.ts';
import { coverageOf } from './build-report.ts';

export type ReportFormat = 'text' | 'json' | 'html' | 'icclab';

export const reportJson = (report: ExposureReport): string => `${JSON.stringify(report, undefined, 2)}\n`;

/** What changed since an earlier report, by what the later one has looked at. */
export const changesSince = (
  previous: ExposureReport | undefined,
  report: ExposureReport,
  hosts: ReadonlyMap<string, MeasuredHost>,
): ExposureChange[] => changesBetween(previous, report, coverageOf(hosts, report.scan));

/** Name and content of every file of a whole run. */
export function runFiles(
  report: ExposureReport,
  changes: readonly ExposureChange[],
): readonly (readonly [name: string, content: string])[] {
  return [
    [
      'findings.ndjson',
      exposureFindings(report.exposures, report.ended)
        .map((finding) => `${findingJson(finding)}\n`)
        .join(''),
    ],
    // What `vedette case create --from` reads beside the findings.
    ['run.json', runJson(report)],
    ['changes.json', changesJson(report.id, changes)],
    ['digest.txt', changes.map((change) => `${changeLine(change)}\n`).join('')],
    ['report.html', exposureHtml(report)],
    // Last: with it the run counts as whole.
    ['report.json', reportJson(report)],
  ];
}

/** The run in the form of analyze's: a case can be made of either. */
function runJson(report: ExposureReport): string {
  const { version, started, ended, partial, scan } = report;
  const seconds = (Date.parse(ended) - Date.parse(started)) / 1000;
  const findings = report.exposures.filter(isStanding).length;
  return `${JSON.stringify({ schema: 1, version, started, seconds, configuration: { exposure: scan, local: [] }, inputs: [], partial, findings }, undefined, 2)}\n`;
}

export const changesJson = (id: string, changes: readonly ExposureChange[], before?: string): string =>
  `${JSON.stringify({ schema: 1, kind: 'exposure-changes', id, ...(before !== undefined && { before }), changes }, undefined, 2)}\n`;

/** One report in one format. `icclab` names hosts of the scan. */
export function renderReport(report: ExposureReport, hosts: ReadonlyMap<string, MeasuredHost>, format: ReportFormat): string {
  switch (format) {
    case 'text':
      return `${reportLines(report).join('\n')}\n`;
    case 'json':
      return reportJson(report);
    case 'html':
      return exposureHtml(report);
    case 'icclab':
      return icclabReport(report.exposures, hosts.values());
  }
}

/** Name of the file that a format is written to. */
export function reportFileName(report: ExposureReport, format: ReportFormat): string {
  if (format === 'icclab') return icclabFileName(new Date(report.started));
  return `exposure-${report.id}.${format === 'text' ? 'txt' : format}`;
}
