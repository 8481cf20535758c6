// Rows as Zeek's ASCII writer prints them (TSV and JSON), observed with Zeek 8.2.2. Pure.
import type { Column, ColumnKind, RecordType, ScalarKind } from '../../model/records/record.ts';

type Print = (value: never) => string;

const printTime = (micros: number): string => {
  const whole = Math.round(micros);
  const seconds = Math.floor(whole / 1e6);
  return `${seconds}.${String(whole - seconds * 1e6).padStart(6, '0')}`;
};

const printString = (text: string): string =>
  text === '' ? '(empty)' : text === '-' ? '\\x2d' : text === '(empty)' ? '\\x28empty)' : text;

const scalarPrinters: Readonly<Record<ScalarKind, Print>> = {
  time: printTime as Print,
  interval: ((seconds: number) => seconds.toFixed(6)) as Print,
  string: printString as Print,
  enum: String as Print,
  addr: String as Print,
  port: String as Print,
  count: String as Print,
  int: String as Print,
  double: ((value: number) => String(Number(value.toFixed(6)))) as Print,
  bool: ((value: boolean) => (value ? 'T' : 'F')) as Print,
};

/** Kind of the elements of a container kind, or the kind itself. */
export function elementKind(kind: ColumnKind): { scalar: ScalarKind; container: 'set' | 'vector' | undefined } {
  const open = kind.indexOf('[');
  if (open < 0) return { scalar: kind as ScalarKind, container: undefined };
  return { scalar: kind.slice(open + 1, -1) as ScalarKind, container: kind.slice(0, open) as 'set' | 'vector' };
}

function printerOf(kind: ColumnKind): Print {
  const { scalar, container } = elementKind(kind);
  const print = scalarPrinters[scalar] as (value: unknown) => string;
  if (container === undefined) return print as Print;
  return ((values: readonly unknown[]) =>
    values.length === 0 ? '(empty)' : values.map((value) => print(value).replaceAll(',', '\\x2c')).join(',')) as Print;
}

/** Columns in file order: Zeek's first, then ours. */
export const columnsInOrder = (type: RecordType): readonly (readonly [string, Column])[] => {
  const all = Object.entries(type.columns);
  return [...all.filter(([, column]) => !column.own), ...all.filter(([, column]) => column.own)];
};

/** `YYYY-MM-DD-HH-MM-SS` in UTC, as in `#open` and `#close`. */
const headerTime = (at: Date): string => at.toISOString().slice(0, 19).replace(/[T:]/g, '-');

/** The header block of a TSV log, line end included. */
export function tsvHeader(type: RecordType, openedAt: Date): string {
  const columns = columnsInOrder(type);
  return `${[
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    `#path\t${type.name}`,
    `#open\t${headerTime(openedAt)}`,
    `#fields\t${columns.map(([name]) => name).join('\t')}`,
    `#types\t${columns.map(([, column]) => column.kind).join('\t')}`,
  ].join('\n')}\n`;
}

export const tsvFooter = (closedAt: Date): string => `#close\t${headerTime(closedAt)}\n`;

type Row = Readonly<Record<string, unknown>>;

/** A function from a row to its TSV line, line end included. */
export function tsvPrinter(type: RecordType): (row: Row) => string {
  const columns = columnsInOrder(type);
  const names = columns.map(([name]) => name);
  const printers = columns.map(([, column]) => printerOf(column.kind) as (value: unknown) => string);
  return (row) => {
    let line = '';
    for (let i = 0; i < names.length; i++) {
      const value = row[names[i] as string];
      if (i > 0) line += '\t';
      line += value === undefined ? '-' : (printers[i] as (value: unknown) => string)(value);
    }
    return `${line}\n`;
  };
}

const jsonTime = (micros: unknown): number => Math.round(micros as number) / 1e6;

/** A function from a row to its JSON line: keys in column order, unset keys left out, times as epoch seconds. */
export function jsonPrinter(type: RecordType): (row: Row) => string {
  const columns = columnsInOrder(type).map(([name, column]) => ({ name, key: `${JSON.stringify(name)}:`, ...elementKind(column.kind) }));
  return (row) => {
    let line = '';
    for (const { name, key, scalar, container } of columns) {
      const value = row[name];
      if (value === undefined) continue;
      const plain = scalar !== 'time' ? value : container === undefined ? jsonTime(value) : (value as unknown[]).map(jsonTime);
      line += `${line === '' ? '' : ','}${key}${JSON.stringify(plain)}`;
    }
    return `{${line}}\n`;
  };
}
