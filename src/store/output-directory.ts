// Port: the directory that one analysis writes. Adapter: directory/.
import type { RecordSink } from '../model/records/index.ts';

/** A sink of records that must be ended. */
export interface RecordLogs extends RecordSink {
  /** Rows written so far, by log. */
  counts(): Readonly<Record<string, number>>;
  /** @throws {VedetteError} `output-unwritable` */
  close(): void;
}

export interface OutputDirectory {
  readonly path: string;
  openLogs(format: 'tsv' | 'json'): RecordLogs;
  /** Writes a whole file at once: it is there complete or not at all. @throws {VedetteError} `output-unwritable` */
  write(name: string, content: string): void;
}
