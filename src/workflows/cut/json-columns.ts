// Columns out of JSON logs: by name, printed as Zeek's TSV would print them, so that a pipeline need not know which it reads.
import { recordTypes } from '../../model/records/index.ts';
import type { Column } from '../../model/records/record.ts';
import type { CutOptions } from './cut-log.ts';

/** Kind of a column by its name, in whichever log. */
const kinds = new Map<string, string>(
  Object.values(recordTypes).flatMap((type) =>
    Object.entries(type.columns as Readonly<Record<string, Column>>).map(([name, { kind }]) => [name, kind] as const),
  ),
);

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8');

/** UTF-8 of a text, one character a byte. */
const bytesOf = (text: string): string => String.fromCharCode(...encoder.encode(text));
const textOf = (bytes: string): string => decoder.decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0)));

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `id.orig_h` as a key of its own, or nested as some shippers do. */
function find(row: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(row, name)) return row[name];
  const cut = name.indexOf('.');
  const inner = cut < 0 ? undefined : row[name.slice(0, cut)];
  return isRecord(inner) ? find(inner, name.slice(cut + 1)) : undefined;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
const control = /[\u0000-\u001f\u007f]/g;

/** What would break a line of columns, as Zeek writes it. */
const escaped = (text: string): string => text.replace(control, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** Cuts lines of JSON objects. */
export class JsonColumns {
  readonly #options: CutOptions;
  readonly #time: (seconds: number, field: string) => string;
  readonly #named: readonly string[];
  /** Names seen in some row: unset elsewhere, and not unknown. */
  readonly #seen = new Set<string>();
  #first = true;
  #all: readonly string[] = [];

  constructor(options: CutOptions, time: (seconds: number, field: string) => string) {
    this.#options = options;
    this.#time = time;
    this.#named = options.columns.map(textOf);
  }

  line(line: string, warn: (message: string) => void): string | undefined {
    let row: unknown;
    try {
      row = JSON.parse(textOf(line));
    } catch {
      row = undefined;
    }
    if (!isRecord(row)) {
      warn('skipping log line (not valid JSON)');
      return undefined;
    }
    for (const name of Object.keys(row)) this.#seen.add(name);
    const names = this.#names(row);
    const separator = this.#options.separator ?? '\t';
    const header = this.#first && this.#options.headers !== 'none' ? this.#header(names, separator) : '';
    this.#first = false;
    return `${header}${names.map((name) => this.#cell(row, name)).join(separator)}\n`;
  }

  #names(row: Readonly<Record<string, unknown>>): readonly string[] {
    const { negate } = this.#options;
    if (this.#named.length > 0 && !negate) return this.#named;
    // Keys are left out where unset: the first row says which columns there are.
    if (this.#first) this.#all = Object.keys(row).filter((name) => !this.#named.includes(name));
    return this.#all;
  }

  #header(names: readonly string[], separator: string): string {
    const cells = names.map(bytesOf);
    return `${(this.#options.minimal ? cells : ['#fields', ...cells]).join(separator)}\n`;
  }

  #cell(row: Readonly<Record<string, unknown>>, name: string): string {
    const value = find(row, name);
    if (value === undefined || value === null) return kinds.has(name) || this.#seen.has(name) ? '-' : '';
    return bytesOf(this.#print(name, value));
  }

  #print(name: string, value: unknown): string {
    if (Array.isArray(value))
      return value.length === 0 ? '(empty)' : value.map((one) => this.#print('', one).replaceAll(',', '\\x2c')).join(',');
    if (typeof value === 'boolean') return value ? 'T' : 'F';
    const kind = kinds.get(name);
    if (typeof value === 'number') return this.#number(kind, value);
    if (typeof value !== 'string') return escaped(JSON.stringify(value));
    if (kind === 'time' && this.#options.time !== undefined) {
      const millis = Date.parse(value);
      return Number.isNaN(millis) ? value : this.#time(Math.floor(millis / 1000), value);
    }
    return value === '' ? '(empty)' : escaped(value);
  }

  #number(kind: string | undefined, value: number): string {
    if (kind !== 'time' && kind !== 'interval') return String(value);
    const text = value.toFixed(6);
    return kind === 'time' && this.#options.time !== undefined && value >= 0 ? this.#time(Math.floor(value), text) : text;
  }
}
