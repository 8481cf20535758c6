// What a person reads on the terminal after an analysis: the verdict first, then each finding in a few lines.
import { epochMicros, formatInstant } from '../../base/units.ts';
import type { Finding, Severity } from '../../model/finding.ts';
import type { AnalyzeResult } from '../../workflows/analyze.ts';

const colors: Readonly<Record<Severity, string>> = {
  critical: '\x1b[1;31m',
  high: '\x1b[31m',
  medium: '\x1b[33m',
  low: '\x1b[36m',
  info: '\x1b[2m',
};

/** Findings listed in full; the rest is counted. */
const maxShown = 20;

/** Control characters that a name from outside might hold would steer the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
const harmless = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\u00b7');

const minute = (micros: number): string => formatInstant(epochMicros(micros)).slice(0, 19).replace('T', ' ');

function findingLines(finding: Finding, paint: (severity: Severity, text: string) => string): string[] {
  const { severity, detector, subject, summary, firstSeen, lastSeen, confidence } = finding;
  const who = [subject.machine, subject.address, subject.context && `(${subject.context})`].filter(Boolean).join(' ');
  return [
    `${paint(severity, severity.toUpperCase().padEnd(8))} ${harmless(who)}  ${finding.title}  [${detector}, confidence ${confidence.toFixed(2)}]`,
    `         ${harmless(summary)}`,
    `         ${minute(firstSeen)} to ${minute(lastSeen)} UTC`,
  ];
}

/** The addresses that high or critical findings accuse, gravest first. */
function verdict(findings: readonly Finding[]): string {
  const accused = [
    ...new Set(findings.filter(({ severity }) => severity === 'high' || severity === 'critical').map(({ subject }) => subject.address)),
  ];
  if (accused.length === 0) return 'No machine is shown to be compromised.';
  const shown = accused.slice(0, 5).join(', ');
  return `${accused.length === 1 ? 'One address is' : `${accused.length} addresses are`} shown to be compromised or to attack others: ${shown}${accused.length > 5 ? ', …' : ''}`;
}

const plural = (count: number, word: string): string => `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;

function inputLines(result: AnalyzeResult): string[] {
  return result.inputs.flatMap((input) => {
    if ('log' in input) {
      const damage =
        input.badLines > 0 || input.truncated
          ? `, ${plural(input.badLines, 'unreadable line')}${input.truncated ? ', cut short' : ''}`
          : '';
      return [`  ${harmless(input.source)}: ${plural(input.rows, 'row')}${damage}`];
    }
    return [
      `  ${harmless(input.source)}: ${plural(input.packets, 'packet')}${input.truncatedPackets > 0 ? `, ${input.truncatedPackets} cut by the snap length` : ''}${input.reportedDrops ? `, ${input.reportedDrops} lost by the capturing program` : ''}`,
      ...input.damages.map((damage) => `    damaged: ${harmless(damage.message)}`),
    ];
  });
}

/** The whole text, ending in a line end. */
export function terminalSummary(result: AnalyzeResult, { color }: { readonly color: boolean }): string {
  const paint = (severity: Severity, text: string): string => (color ? `${colors[severity]}${text}\x1b[0m` : text);
  const { findings } = result;
  const rest = findings.length - maxShown;
  return `${[
    ...(result.partial === undefined ? [] : [`PARTIAL RESULT: ${result.partial}`]),
    harmless(verdict(findings)),
    '',
    ...findings.slice(0, maxShown).flatMap((finding) => [...findingLines(finding, paint), '']),
    ...(rest > 0 ? [`… and ${plural(rest, 'further finding')}`, ''] : []),
    `Read ${result.firstAt === 0 ? 'nothing' : `${minute(result.firstAt)} to ${minute(result.lastAt)} UTC`}`,
    ...inputLines(result),
    result.outDirectory === undefined
      ? 'Pass --out DIR to keep the logs, the report and the evidence.'
      : `Written to ${harmless(result.outDirectory)}`,
  ].join('\n')}\n`;
}
