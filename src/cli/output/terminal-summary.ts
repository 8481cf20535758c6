// The summary of an analysis on a terminal: the lines of the report's model, with colour where there is any.
import type { SummaryLine } from '../../workflows/analyze.ts';

const colors: Readonly<Record<NonNullable<SummaryLine['severity']>, string>> = {
  critical: '\x1b[1;31m',
  high: '\x1b[31m',
  medium: '\x1b[33m',
  low: '\x1b[36m',
  info: '\x1b[2m',
};

/** The whole text, ending in a line end. A line with a severity has its first word in that severity's colour. */
export function terminalSummary(lines: readonly SummaryLine[], { color }: { readonly color: boolean }): string {
  return lines
    .map(({ text, severity }) => {
      if (!color || severity === undefined) return `${text}\n`;
      const end = text.indexOf(' ');
      return `${colors[severity]}${text.slice(0, end)}\x1b[0m${text.slice(end)}\n`;
    })
    .join('');
}
