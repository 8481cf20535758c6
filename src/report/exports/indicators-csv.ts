// iocs.csv: one indicator a line, for spreadsheets. RFC 4180; a cell that a spreadsheet would compute is neutralised.

import { visible } from '../../base/visible.ts';
import type { Indicator } from '../indicators.ts';
import { instant } from '../values.ts';

const columns = ['type', 'value', 'port', 'pyramid_of_pain', 'confidence', 'first_seen', 'last_seen', 'findings', 'titles'] as const;

/** Cells that begin so are formulae to spreadsheets (OWASP, "CSV injection"); an apostrophe before makes them text. */
const formula = /^[=+\-@|%\t\r]/;

/** One cell, quoted. */
export function csvCell(value: string): string {
  const shown = visible(value, 8000);
  return `"${(formula.test(shown) ? `'${shown}` : shown).replaceAll('"', '""')}"`;
}

/** The whole file, lines ended by CRLF as the standard wants. */
export function indicatorsCsv(indicators: readonly Indicator[]): string {
  const time = (micros: number): string => `${instant(micros, true).replace(' ', 'T')}Z`;
  const lines = indicators.map((one) =>
    [
      one.kind,
      one.value,
      one.port === undefined ? '' : String(one.port),
      one.worth,
      one.confidence.toFixed(2),
      time(one.firstSeen),
      time(one.lastSeen),
      one.findings.map(({ id }) => id).join(' '),
      [...new Set(one.findings.map(({ title }) => title))].join('; '),
    ]
      .map(csvCell)
      .join(','),
  );
  return [columns.join(','), ...lines, ''].join('\r\n');
}
