// Port: where finished records come from when there are no packets. Adapter: zeek-log/.
import type { RecordSink } from '../model/records/index.ts';

/** One input log and what was made of it. */
export interface RecordLogSummary {
  readonly source: string;
  /** Record type that it was read as. */
  readonly log: string;
  readonly rows: number;
  /** Lines that could not be read, with the first reason and its line number. */
  readonly badLines: number;
  readonly firstBad?: { readonly line: number; readonly reason: string };
  /** Ended early: broken compression or a cut last line. */
  readonly truncated: boolean;
  /** SHA-256 of the file as it lies on disk, hexadecimal. */
  readonly sha256: string;
  /** Bytes of the file on disk. */
  readonly bytes: number;
}

/** Gives the rows of all its logs, interleaved by time, to a sink. */
export interface RecordSource {
  /** Moves at most a block of rows; false when there are no more. */
  pump(sink: RecordSink): Promise<boolean>;
  /** Complete after `pump` gave false. */
  summaries(): readonly RecordLogSummary[];
  /** Logs in the input that are not read, e.g. because no detector knows them. */
  readonly ignored: readonly string[];
  close(): Promise<void>;
}
