// Writes records as Zeek logs into a directory: one file a log, opened with its first row.
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { VedetteError } from '../../base/errors.ts';
import { type RecordName, type RecordRow, type RecordSink, recordTypes } from '../../model/records/index.ts';
import type { RecordType } from '../../model/records/record.ts';
import { RowBytes } from './row-bytes.ts';
import { jsonPrinter, type RowPrinter, tsvFooter, tsvHeader, tsvPrinter } from './zeek-format.ts';

/** Bytes gathered before a write; large enough that system calls do not show in a profile. */
const flushBytes = 1 << 18;

class LogFile {
  readonly path: string;
  rows = 0;
  readonly #print: RowPrinter;
  readonly #descriptor: number;
  readonly #pending = new RowBytes();

  constructor(path: string, header: string, print: RowPrinter) {
    this.path = path;
    this.#print = print;
    this.#pending.text(header);
    this.#descriptor = guard(path, () => openSync(path, 'w'));
  }

  add(row: Readonly<Record<string, unknown>>): void {
    this.rows++;
    this.#print(row, this.#pending);
    if (this.#pending.length >= flushBytes) this.flush();
  }

  flush(): void {
    const { bytes } = this.#pending;
    this.#pending.clear();
    guard(this.path, () => {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#descriptor, bytes, done);
    });
  }

  close(footer: string): void {
    this.#pending.text(footer);
    try {
      this.flush();
    } finally {
      closeSync(this.#descriptor);
    }
  }
}

/** @throws {VedetteError} `output-unwritable` */
function guard<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw new VedetteError('output-unwritable', { path, reason: (cause as NodeJS.ErrnoException).code ?? String(cause) }, { cause });
  }
}

export interface ZeekLogWriterOptions {
  readonly directory: string;
  readonly format: 'tsv' | 'json';
  /** Wall clock for `#open` and `#close`. */
  readonly now: () => Date;
}

/** A sink that writes `<directory>/<log>.log`. Call `close` once, also after an error: what was given so far is kept. */
export class ZeekLogWriter implements RecordSink {
  readonly #options: ZeekLogWriterOptions;
  readonly #files = new Map<string, LogFile>();

  constructor(options: ZeekLogWriterOptions) {
    this.#options = options;
  }

  emit<N extends RecordName>(name: N, row: RecordRow<N>): void {
    let file = this.#files.get(name);
    if (file === undefined) {
      const { directory, format, now } = this.#options;
      const type: RecordType = recordTypes[name];
      file = new LogFile(
        join(directory, `${name}.log`),
        format === 'tsv' ? tsvHeader(type, now()) : '',
        format === 'tsv' ? tsvPrinter(type) : jsonPrinter(type),
      );
      this.#files.set(name, file);
    }
    file.add(row as Readonly<Record<string, unknown>>);
  }

  /** Rows written so far, by log. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#files].map(([name, file]) => [name, file.rows]));
  }

  /** Ends all files; the first failure is thrown after every file was tried. @throws {VedetteError} `output-unwritable` */
  close(): void {
    let failure: unknown;
    for (const file of this.#files.values()) {
      try {
        file.close(this.#options.format === 'tsv' ? tsvFooter(this.#options.now()) : '');
      } catch (error) {
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
  }
}
