// The table that a benchmark prints, in Markdown, so that it goes into a document as it is.
import { median } from './measure.ts';
import type { Result } from './run.ts';

const padded = (cells: readonly (readonly string[])[]): string[] => {
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  return cells.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
};

/** Medians of each program, and how many times Vedette's CPU time (the first row's) it took. */
export function renderTable(title: string, packets: number, results: readonly Result[]): string {
  const cpuOf = ({ costs }: Result): number => median(costs.map((cost) => cost.cpuSeconds));
  const [first] = results;
  const reference = first === undefined ? Number.NaN : cpuOf(first);
  const rows = results.map((result) => {
    const cpu = cpuOf(result);
    const { competitor, costs } = result;
    return [
      `${competitor.name} ${competitor.version}`,
      competitor.does,
      ((cpu / packets) * 1e6).toFixed(2),
      `${(cpu / reference).toFixed(2)}×`,
      cpu.toFixed(2),
      median(costs.map((cost) => cost.wallSeconds)).toFixed(2),
      (Math.max(...costs.map((cost) => cost.peakBytes)) / 1e6).toFixed(0),
    ];
  });
  const head = ['program', 'does', 'CPU µs/packet', 'ratio', 'CPU s', 'wall s', 'peak MB'];
  const [header = '', ...lines] = padded([head, ...rows]);
  const rule = header.replaceAll(/[^|]/g, '-');
  return `\n${title}\n\n${[header, rule, ...lines].join('\n')}\n`;
}
