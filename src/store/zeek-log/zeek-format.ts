// Rows as Zeek's ASCII writer prints them (TSV and JSON), observed with Zeek 8.2.2. Pure.
import type { Column, ColumnKind, RecordType, ScalarKind } from '../../model/records/record.ts';
import type { RowBytes } from './row-bytes.ts';

const tab = 0x09;
const lineFeed = 0x0a;
const comma = 0x2c;
const unset = 0x2d;

type Print = (value: never, out: RowBytes) => void;

/** Bytes of a string that Zeek logs at the most, since 8.1; counted before they were escaped. */
const maxStringBytes = 4096;

/** Bytes that a character of UTF-8 takes, by its code point. */
const utf8Bytes = (code: number): number => (code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4);

/** The first 4096 bytes of a text; an escape stands for one byte. A character takes at most four, so that nearly no text comes here. */
function capped(text: string): string {
  let bytes = 0;
  for (let i = 0; i < text.length; ) {
    const code = text.codePointAt(i) ?? 0;
    const isEscape = code === 0x5c;
    const size = isEscape ? 1 : utf8Bytes(code);
    if (bytes + size > maxStringBytes) return text.slice(0, i);
    bytes += size;
    i += isEscape ? (text[i + 1] === 'x' ? 4 : 2) : code > 0xffff ? 2 : 1;
  }
  return text;
}

function printString(text: string, out: RowBytes): void {
  const { length } = text;
  // Only texts of these lengths can read like a mark; comparing lengths costs nothing.
  if (length === 0 || length === 1 || length === 7) out.text(unmarked(text));
  else out.text(length * 4 <= maxStringBytes ? text : capped(text));
}

/** A text that reads like the mark for empty or unset, escaped. */
const unmarked = (text: string): string => (text === '' ? '(empty)' : text === '-' ? '\\x2d' : text === '(empty)' ? '\\x28empty)' : text);

/** Six decimals. Durations are whole microseconds; what is not is rounded by the runtime, which knows how. */
function printInterval(seconds: number, out: RowBytes): void {
  const micros = Math.round(seconds * 1e6);
  if (Math.abs(micros) < 2 ** 50 && Math.abs(seconds * 1e6 - micros) < 0.25) out.micros(micros);
  else out.text(seconds.toFixed(6));
}

const printText = (text: string, out: RowBytes): void => out.text(text);
const printNumber = (value: number, out: RowBytes): void => out.number(value);

const scalarPrinters: Readonly<Record<ScalarKind, Print>> = {
  time: ((micros: number, out) => out.micros(Math.round(micros))) as Print,
  interval: printInterval as Print,
  string: printString as Print,
  enum: printText as Print,
  addr: printText as Print,
  port: printNumber as Print,
  count: printNumber as Print,
  int: printNumber as Print,
  double: ((value: number, out) => out.number(Number(value.toFixed(6)))) as Print,
  bool: ((value: boolean, out) => out.character(value ? 0x54 : 0x46)) as Print,
};

/** Kind of the elements of a container kind, or the kind itself. */
export function elementKind(kind: ColumnKind): { scalar: ScalarKind; container: 'set' | 'vector' | undefined } {
  const open = kind.indexOf('[');
  if (open < 0) return { scalar: kind as ScalarKind, container: undefined };
  return { scalar: kind.slice(open + 1, -1) as ScalarKind, container: kind.slice(0, open) as 'set' | 'vector' };
}

/** Commas inside of an element are escaped. */
function printElement(print: (value: unknown, out: RowBytes) => void, value: unknown, out: RowBytes): void {
  print(typeof value === 'string' && value.includes(',') ? value.replaceAll(',', '\\x2c') : value, out);
}

function printerOf(kind: ColumnKind): Print {
  const { scalar, container } = elementKind(kind);
  const print = scalarPrinters[scalar] as (value: unknown, out: RowBytes) => void;
  if (container === undefined) return print as Print;
  return ((values: readonly unknown[], out) => {
    if (values.length === 0) out.text('(empty)');
    for (let i = 0; i < values.length; i++) {
      if (i > 0) out.character(comma);
      printElement(print, values[i], out);
    }
  }) as Print;
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

/** Writes a row, line end included. */
export type RowPrinter = (row: Row, out: RowBytes) => void;

/** Rows as lines of a TSV log. */
export function tsvPrinter(type: RecordType): RowPrinter {
  const columns = columnsInOrder(type);
  const names = columns.map(([name]) => name);
  const printers = columns.map(([, column]) => printerOf(column.kind) as (value: unknown, out: RowBytes) => void);
  return (row, out) => {
    for (let i = 0; i < names.length; i++) {
      const value = row[names[i] as string];
      if (value === undefined) out.characters(unset, tab);
      else {
        (printers[i] as (value: unknown, out: RowBytes) => void)(value, out);
        out.character(tab);
      }
    }
    out.replaceLast(lineFeed);
  };
}

/** Times as epoch seconds, long strings capped, the rest as it is. */
function jsonValue(scalar: ScalarKind, container: 'set' | 'vector' | undefined, value: unknown): unknown {
  const one: ((value: unknown) => unknown) | undefined =
    scalar === 'time' ? jsonTime : scalar === 'string' ? (text) => capped(text as string) : undefined;
  if (one === undefined) return value;
  return container === undefined ? one(value) : (value as unknown[]).map((element) => one(element));
}

const jsonTime = (micros: unknown): number => Math.round(micros as number) / 1e6;

/** Rows as lines of JSON: keys in column order, unset keys left out, times as epoch seconds. */
export function jsonPrinter(type: RecordType): RowPrinter {
  const columns = columnsInOrder(type).map(([name, column]) => ({ name, key: `${JSON.stringify(name)}:`, ...elementKind(column.kind) }));
  return (row, out) => {
    let line = '';
    for (const { name, key, scalar, container } of columns) {
      const value = row[name];
      if (value === undefined) continue;
      const plain = jsonValue(scalar, container, value);
      line += `${line === '' ? '' : ','}${key}${JSON.stringify(plain)}`;
    }
    out.text(`{${line}}\n`);
  };
}
