// Port: the directory that one analysis writes. Adapter: zeek-log/.
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
  /**
   * Writes a file that stands until `replace` puts another in its place, and keeps room on the disk for what comes last.
   * @throws {VedetteError} `output-unwritable`
   */
  begin(name: string, content: string): void;
  /** From now on the kept room may be used. */
  releaseRoom(): void;
  /**
   * Replaces a file of `begin` as a whole; where a second one has no room, in the room of the first.
   * @throws {VedetteError} `output-unwritable`, when it does not fit there either; the first stays
   */
  replace(name: string, content: string): void;
}
