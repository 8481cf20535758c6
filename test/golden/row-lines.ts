// Rows as lines of a golden file: keys in column order, rows in an order that says nothing about when they were written.
import { recordTypes } from '../../src/model/records/index.ts';
import { RowBytes } from '../../src/store/zeek-log/row-bytes.ts';
import { jsonPrinter } from '../../src/store/zeek-log/zeek-format.ts';
import type { EngineRow } from '../support/engine-rows.ts';

/** A log with more rows is given by its numbers and its first rows. */
const wholeRows = 100;
const firstRows = 50;

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

/** The rows of one log as JSON, as `--format json` writes them: by time, uid and text. */
function sortedLines(log: EngineRow['log'], rows: readonly EngineRow['row'][]): string[] {
  const print = jsonPrinter(recordTypes[log]);
  const out = new RowBytes();
  const keyed = rows.map((row) => {
    out.clear();
    print(row, out);
    return { ts: Number(row['ts']), uid: String(row['uid'] ?? ''), text: new TextDecoder().decode(out.bytes).trimEnd() };
  });
  return keyed.sort((a, b) => compare(a.ts, b.ts) || compare(a.uid, b.uid) || compare(a.text, b.text)).map(({ text }) => text);
}

/** How many rows have which state and service (`-`: none), sorted. Only connections have them. */
function countsByOutcome(rows: readonly EngineRow['row'][]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const key = `${String(row['conn_state'] ?? '-')} ${String(row['service'] ?? '-')}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => compare(a, b)));
}

/** The whole golden file: for each log, by name, a line with its numbers and then its rows. */
export function goldenText(rows: readonly EngineRow[]): string {
  const byLog = new Map<EngineRow['log'], EngineRow['row'][]>();
  for (const { log, row } of rows) {
    const ofLog = byLog.get(log) ?? [];
    ofLog.push(row);
    byLog.set(log, ofLog);
  }
  const lines = [...byLog]
    .sort(([a], [b]) => compare(a, b))
    .flatMap(([log, ofLog]) => {
      const head = { log, rows: ofLog.length, ...(log === 'conn' && { outcomes: countsByOutcome(ofLog) }) };
      const sorted = sortedLines(log, ofLog);
      return [JSON.stringify(head), ...sorted.slice(0, sorted.length > wholeRows ? firstRows : undefined)];
    });
  return `${lines.join('\n')}\n`;
}
