// A directory (or list) of Zeek logs, read as one stream of records in about time order.
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { VedetteError } from '../../base/errors.ts';
import { type RecordName, type RecordRow, type RecordSink, recordTypes } from '../../model/records/index.ts';
import type { RecordLogSummary, RecordSource } from '../record-source.ts';
import { ZeekLogFile } from './zeek-log-file.ts';
import type { Row } from './zeek-log-parser.ts';

/** Rows moved by one `pump`. */
const blockRows = 4096;

/**
 * Record type of a log file by its name: `conn.log`, `conn.log.gz`, `conn.2023-03-05-21-00-00.log`, `conn.21:00:00-22:00:00.log.gz`,
 * `conn_20230305.json`; undefined for logs that we do not read (`conn-summary` is none of ours).
 */
export function logNameOf(path: string): RecordName | undefined {
  const match = /^(open_conn|packet_filter|[a-z0-9]+)(?=[._]|$)/.exec(basename(path));
  const name = match?.[1];
  return name !== undefined && Object.hasOwn(recordTypes, name) ? (name as RecordName) : undefined;
}

/** Whether a file name looks like a Zeek log of any kind. */
export const looksLikeZeekLog = (path: string): boolean => /\.(log|json|ndjson)(\.(gz|zst))?$/.test(basename(path));

/** When a row was complete: a connection when it ended. Keeps the interleaving close to what a live sensor would see. */
const completedAt = (row: Row): number => Number(row['ts']) + (typeof row['duration'] === 'number' ? row['duration'] * 1e6 : 0);

interface Cursor {
  readonly file: ZeekLogFile;
  readonly name: RecordName;
  rows: Row[];
  index: number;
}

/** Reads logs side by side, always advancing the one whose next row is earliest. */
export class ZeekLogReader implements RecordSource {
  readonly ignored: readonly string[];
  readonly #files: readonly ZeekLogFile[];
  #cursors: Cursor[] | undefined;

  constructor(files: readonly ZeekLogFile[], ignored: readonly string[]) {
    this.#files = files;
    this.ignored = ignored;
  }

  async pump(sink: RecordSink): Promise<boolean> {
    this.#cursors ??= await this.#open();
    for (let moved = 0; moved < blockRows; moved++) {
      const cursor = this.#earliest();
      if (cursor === undefined) return false;
      sink.emit(cursor.name, cursor.rows[cursor.index] as RecordRow<RecordName>);
      cursor.index++;
      if (cursor.index >= cursor.rows.length) await this.#refill(cursor);
    }
    return true;
  }

  summaries(): readonly RecordLogSummary[] {
    return this.#files.map((file) => file.summary());
  }

  async close(): Promise<void> {
    for (const file of this.#files) await file.close();
  }

  async #open(): Promise<Cursor[]> {
    this.#cursors = [];
    for (const file of this.#files) {
      await file.start();
      const cursor: Cursor = { file, name: file.type.name as RecordName, rows: [], index: 0 };
      this.#cursors.push(cursor);
      await this.#refill(cursor);
    }
    return this.#cursors;
  }

  async #refill(cursor: Cursor): Promise<void> {
    const rows = await cursor.file.next();
    cursor.rows = rows ?? [];
    cursor.index = 0;
    if (rows === null) this.#cursors = this.#cursors?.filter((other) => other !== cursor);
  }

  #earliest(): Cursor | undefined {
    let best: Cursor | undefined;
    let bestAt = Number.POSITIVE_INFINITY;
    for (const cursor of this.#cursors ?? []) {
      const at = completedAt(cursor.rows[cursor.index] ?? {});
      if (at < bestAt || best === undefined) {
        best = cursor;
        bestAt = at;
      }
    }
    return best;
  }
}

/**
 * Opens log files and directories of them.
 * @throws {VedetteError} `input-format` when nothing in them is a log that we read
 */
export async function openZeekLogs(paths: readonly string[]): Promise<ZeekLogReader> {
  const files: ZeekLogFile[] = [];
  const ignored: string[] = [];
  for (const path of [...paths].sort()) {
    const name = logNameOf(path);
    if (name === undefined) ignored.push(path);
    else files.push(new ZeekLogFile(path, recordTypes[name]));
  }
  if (files.length === 0) throw new VedetteError('input-format', { path: paths[0] ?? '', found: 'no Zeek log that vedette reads' });
  return new ZeekLogReader(files, ignored);
}

/** Log files of a directory, sorted by name; sub-directories (rotated archives) one level deep. */
export async function listZeekLogs(directory: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      for (const inner of await readdir(path)) if (looksLikeZeekLog(inner)) found.push(join(path, inner));
    } else if (looksLikeZeekLog(entry.name)) found.push(path);
  }
  return found.sort();
}
