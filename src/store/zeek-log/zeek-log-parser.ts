// Lines of a Zeek log (TSV or JSON) → rows of our record types. Pure; lenient: logs come from any release and site.
import { type EpochMicros, epochMicros } from '../../base/units.ts';
import type { Column, ColumnKind, RecordType, ScalarKind } from '../../model/records/record.ts';
import { elementKind } from './zeek-format.ts';

export type Row = Record<string, unknown>;

/** What one line was: a row, nothing (header, blank), or damage. */
export type ParsedLine =
  | { readonly kind: 'row'; readonly row: Row }
  | { readonly kind: 'none' }
  | { readonly kind: 'bad'; readonly reason: string };

const none: ParsedLine = { kind: 'none' };
const bad = (reason: string): ParsedLine => ({ kind: 'bad', reason });

/** Exact microseconds of a decimal number of seconds: no detour through a double, which would round. */
function microsOfText(text: string): EpochMicros | undefined {
  const match = /^(-?\d{1,12})(?:\.(\d+))?$/.exec(text);
  if (match === null) return undefined;
  const [, seconds = '0', fraction = ''] = match;
  const micros = Number(seconds) * 1e6;
  const part = Number(fraction.slice(0, 6).padEnd(6, '0'));
  return epochMicros(text.startsWith('-') ? micros - part : micros + part);
}

/** Time as Zeek writes it: epoch seconds, or ISO 8601 where the site chose so. */
export function parseTime(value: unknown): EpochMicros | undefined {
  if (typeof value === 'number') return epochMicros(Math.round(value * 1e6));
  if (typeof value !== 'string') return undefined;
  const micros = microsOfText(value);
  if (micros !== undefined) return micros;
  const iso = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)?$/.exec(value);
  if (iso === null) return undefined;
  const [, whole = '', fraction = '', zone = 'Z'] = iso;
  const millis = Date.parse(`${whole}${zone}`);
  return Number.isNaN(millis) ? undefined : epochMicros(millis * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0')));
}

const number = (value: unknown): number | undefined => {
  const result = typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(result) ? result : undefined;
};

function parseScalar(kind: ScalarKind, value: unknown): unknown {
  switch (kind) {
    case 'time':
      return parseTime(value);
    case 'bool':
      return value === true || value === 'T' || value === 'true'
        ? true
        : value === false || value === 'F' || value === 'false'
          ? false
          : undefined;
    case 'interval':
    case 'double':
    case 'port':
    case 'count':
    case 'int':
      return number(value);
    default:
      return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
  }
}

function parseValue(kind: ColumnKind, value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  const { scalar, container } = elementKind(kind);
  if (container === undefined) return parseScalar(scalar, value);
  const elements: readonly unknown[] = Array.isArray(value) ? value : [value];
  return elements.map((element) => parseScalar(scalar, element)).filter((element) => element !== undefined);
}

/** The separators of the header block in force. */
interface Header {
  separator: string;
  setSeparator: string;
  empty: string;
  unset: string;
  fields: readonly string[];
}

/** A text that means itself although it reads like the mark for empty or unset: its first character is escaped. */
const escapedMark = (mark: string): string => `\\x${mark.charCodeAt(0).toString(16).padStart(2, '0')}${mark.slice(1)}`;

/** Text of a field or, with its separators spelled out again, of an element. Other escapes belong to the text: they are what the wire's bytes became. */
function textOf(raw: string, { empty, unset }: Header): string {
  if (raw === empty) return '';
  if (!raw.startsWith('\\x')) return raw;
  return raw === escapedMark(unset) ? unset : raw === escapedMark(empty) ? empty : raw;
}

/** Elements of a container. A separator within one is escaped; a doubled backslash before it is not the beginning of that. */
function elementsOf(raw: string, header: Header): string[] {
  const { setSeparator } = header;
  const code = setSeparator.charCodeAt(0).toString(16).padStart(2, '0');
  return raw.split(setSeparator).map((element) => {
    const plain = textOf(element, header);
    return plain.includes(`\\x${code}`)
      ? plain.replace(/\\(?:\\|x([0-9a-f]{2}))/g, (all, hex: string | undefined) => (hex === code ? setSeparator : all))
      : plain;
  });
}

const unescapeSeparator = (text: string): string =>
  text.replace(/\\x([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

const freshHeader = (): Header => ({ separator: '\t', setSeparator: ',', empty: '(empty)', unset: '-', fields: [] });

/** Columns that a row must have for detectors to read it: the type's required ones, with what to assume where an old or cut log lacks them. */
const assumed: Readonly<Record<string, unknown>> = {
  uid: '',
  conn_state: 'OTH',
  local_orig: false,
  local_resp: false,
  missed_bytes: 0,
  orig_pkts: 0,
  resp_pkts: 0,
  orig_ip_bytes: 0,
  resp_ip_bytes: 0,
  ip_proto: 0,
  proto: 'unknown_transport',
};

/** What stands for a column that every row has, where a log lacks it or has nonsense; nothing stands for a time. */
function assumedValue(name: string, { kind }: Column): unknown {
  if (name in assumed) return assumed[name];
  const { scalar, container } = elementKind(kind);
  if (container !== undefined) return [];
  switch (scalar) {
    case 'time':
      return undefined;
    case 'bool':
      return false;
    case 'addr':
    case 'string':
    case 'enum':
      return '';
    default:
      return 0;
  }
}

/** Reads one log of one record type, line by line; header blocks may come again (concatenated files). */
export class ZeekLogParser {
  readonly #type: RecordType;
  #header = freshHeader();

  constructor(type: RecordType) {
    this.#type = type;
  }

  parse(line: string): ParsedLine {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (text === '') return none;
    if (text.startsWith('#')) return this.#directive(text);
    return text.startsWith('{') ? this.#json(text) : this.#tsv(text);
  }

  #directive(text: string): ParsedLine {
    if (text.startsWith('#separator')) {
      this.#header = { ...freshHeader(), separator: unescapeSeparator(text.slice('#separator'.length).trimStart()) || '\t' };
      return none;
    }
    const [name, ...values] = text.split(this.#header.separator);
    const value = values[0] ?? '';
    if (name === '#set_separator') this.#header.setSeparator = unescapeSeparator(value) || ',';
    else if (name === '#empty_field') this.#header.empty = value;
    else if (name === '#unset_field') this.#header.unset = value;
    else if (name === '#fields') this.#header.fields = values;
    return none;
  }

  #tsv(text: string): ParsedLine {
    const { separator, fields, unset, empty } = this.#header;
    if (fields.length === 0) return bad('no #fields line before the first row');
    const values = text.split(separator);
    if (values.length < fields.length) return bad(`${values.length} columns where #fields names ${fields.length}`);
    const raw: Row = {};
    for (const [i, name] of fields.entries()) {
      const value = values[i];
      const column = this.#type.columns[name];
      if (column === undefined || value === undefined || value === unset) continue;
      const isContainer = column.kind.includes('[');
      raw[name] = !isContainer ? textOf(value, this.#header) : value === empty ? [] : elementsOf(value, this.#header);
    }
    return this.#row(raw);
  }

  #json(text: string): ParsedLine {
    let raw: unknown;
    try {
      raw = JSON.parse(text);
    } catch {
      return bad('not valid JSON');
    }
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return bad('not a JSON object');
    const flat = raw as Row;
    const id = flat['id'];
    // Some shippers nest the 5-tuple: {"id":{"orig_h":…}}.
    if (typeof id === 'object' && id !== null) for (const [key, value] of Object.entries(id)) flat[`id.${key}`] ??= value;
    return this.#row(flat);
  }

  #row(raw: Row): ParsedLine {
    const row: Row = {};
    for (const [name, column] of Object.entries(this.#type.columns)) {
      const value = raw[name] ?? (name.includes('.') ? raw[name.replaceAll('.', '_')] : undefined);
      row[name] = parseValue(column.kind, value) ?? (column.always ? assumedValue(name, column) : undefined);
    }
    if (row['ts'] === undefined) return bad('no usable ts');
    return { kind: 'row', row };
  }
}
