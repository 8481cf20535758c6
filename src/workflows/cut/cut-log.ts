// Columns out of Zeek logs, as zeek-cut does it (observed behaviour of zeek-aux 8), and out of JSON logs by the same names.
import { JsonColumns } from './json-columns.ts';
import { strftime } from './strftime.ts';

/** What was asked for. Text is one character a byte, so that whatever bytes a log holds come out as they went in. */
export interface CutOptions {
  /** Names of columns in output order; none: all. */
  readonly columns: readonly string[];
  /** All but the named columns, in the log's order. */
  readonly negate: boolean;
  /** Header blocks shown. */
  readonly headers: 'none' | 'first' | 'all';
  /** Of header blocks only the line with the names, without its `#fields`. */
  readonly minimal: boolean;
  /** Times as text; undefined: as they are. */
  readonly time?: { readonly format: string; readonly isUtc: boolean };
  /** Output separator; undefined: that of the log. */
  readonly separator?: string;
}

/** Longest converted time that zeek-cut can print, its end not counted. */
const maxTimeLength = 99;

/** A damaged header: nothing after it can be understood. */
export class HeaderError extends Error {
  override readonly name = 'HeaderError';
}

/** Cuts one stream of lines; header blocks may come again with other columns. */
export class LogCutter {
  readonly #options: CutOptions;
  readonly #warn: (message: string) => void;
  readonly #json: JsonColumns;
  #separator = '\t';
  #outSeparator = '\t';
  #unset = '-';
  /** Index in the log of each output column; -1 prints nothing. */
  #indexes: readonly number[] = [];
  /** Columns that a line must have: the largest index and one. */
  #needed = 0;
  #isTime: readonly boolean[] = [];
  #headersSeen = 0;
  #wasHeader = false;
  #wasFields = false;

  constructor(options: CutOptions, warn: (message: string) => void) {
    this.#options = options;
    this.#warn = warn;
    this.#json = new JsonColumns(options, (seconds, field) => this.#timeText(seconds, field));
  }

  /**
   * What to print for a line (without its end), line ends included; undefined for nothing.
   * @throws {HeaderError} for a header that cannot be understood
   */
  line(line: string): string | undefined {
    if (this.#wasFields && !line.startsWith('#types')) throw new HeaderError('bad log header (missing #types line)');
    if (line.startsWith('{') && this.#headersSeen === 0) return this.#json.line(line, this.#warn);
    if (line.startsWith('#')) return this.#header(line);
    this.#wasHeader = false;
    return this.#row(line, 0);
  }

  #header(line: string): string | undefined {
    if (!this.#wasHeader) this.#headersSeen = Math.min(2, this.#headersSeen + 1);
    this.#wasHeader = true;
    if (line.startsWith('#separator ')) this.#setSeparator(line.slice(11));
    else if (line.startsWith('#unset_field')) this.#setUnset(line);
    else if (line.startsWith('#fields')) {
      this.#wasFields = true;
      this.#choose(line.slice(8).split(this.#separator));
    } else if (line.startsWith('#types')) this.#types(line.slice(7));
    return this.#shownHeader(line);
  }

  #setSeparator(text: string): void {
    const code = text.startsWith('\\x') ? Number.parseInt(text.slice(2), 16) & 0xff : text.charCodeAt(0);
    if (!(code > 0)) throw new HeaderError('bad log header (invalid #separator line)');
    this.#separator = String.fromCharCode(code);
    this.#outSeparator = this.#options.separator ?? this.#separator;
  }

  #setUnset(line: string): void {
    if (line.length < 14) throw new HeaderError('bad log header (invalid #unset_field line)');
    this.#unset = line.slice(13);
  }

  #choose(fields: readonly string[]): void {
    const { columns, negate } = this.#options;
    if (columns.length === 0) {
      this.#indexes = fields.map((_, i) => i);
      this.#needed = fields.length;
      return;
    }
    this.#indexes = negate ? fields.flatMap((name, i) => (columns.includes(name) ? [] : [i])) : columns.map((name) => fields.indexOf(name));
    this.#needed = Math.max(0, ...this.#indexes) + 1;
  }

  #types(text: string): void {
    if (!this.#wasFields) throw new HeaderError('bad log header (missing #fields line)');
    this.#wasFields = false;
    if (this.#options.time === undefined) return;
    const types = text.split(this.#separator);
    if (types.length < this.#needed) throw new HeaderError('log header does not have enough fields');
    this.#isTime = types.map((type) => type === 'time');
  }

  #shownHeader(line: string): string | undefined {
    const { headers, minimal } = this.#options;
    const shown = { none: 0, first: 1, all: 2 }[headers];
    if (shown < this.#headersSeen) return undefined;
    if (line.startsWith('#fields') || (line.startsWith('#types') && !minimal)) return this.#row(line, 1);
    return minimal ? undefined : `${line}\n`;
  }

  /** `shift` 1 for header lines, which have their keyword first. */
  #row(line: string, shift: 0 | 1): string | undefined {
    const fields = line.split(this.#separator);
    if (fields.length < this.#needed + shift) {
      this.#warn('skipping log line (not enough fields)');
      return undefined;
    }
    const convertsTypes = shift === 1 && this.#options.time !== undefined && fields[0] === '#types';
    const cells = this.#indexes.map((index) => {
      if (index < 0) return '';
      const field = fields[index + shift] ?? '';
      if (shift === 0) return this.#options.time !== undefined && this.#isTime[index] === true ? this.#time(field) : field;
      return convertsTypes && field === 'time' ? 'string' : field;
    });
    const all = shift === 1 && !this.#options.minimal ? [fields[0] ?? '', ...cells] : cells;
    return `${all.join(this.#outSeparator)}\n`;
  }

  /** A time is digits and a point; what comes after the point is cut off. Anything else is printed as it is. */
  #time(field: string): string {
    const [, digits, next] = /^\s*([-+]?\d*)(.?)/s.exec(field) ?? [];
    const seconds = Number(digits ?? '');
    if (seconds < 0 || seconds >= 2 ** 63) this.#warn(`time value out-of-range: ${field}`);
    else if (next !== '.') {
      if (field !== this.#unset) this.#warn(`time field is not valid: ${field}`);
    } else return this.#timeText(seconds, field);
    return field;
  }

  #timeText(seconds: number, field: string): string {
    const { time } = this.#options;
    if (time === undefined) return field;
    if (Math.abs(seconds) > 8.64e12) {
      this.#warn(`time value out-of-range: ${field}`);
      return field;
    }
    const text = strftime(time.format, seconds, time.isUtc);
    if (text.length > 0 && text.length <= maxTimeLength) return text;
    this.#warn('failed to convert timestamp (try a shorter format string)');
    return field;
  }
}
