// Writes records as Zeek logs into a directory: one file a log, opened with its first row.
import { join } from 'node:path';
import { type RecordName, type RecordRow, type RecordSink, recordTypes } from '../../model/records/index.ts';
import type { RecordType } from '../../model/records/record.ts';
import { LogFile } from './log-file.ts';
import { jsonPrinter, tsvFooter, tsvHeader, tsvPrinter } from './zeek-format.ts';

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
