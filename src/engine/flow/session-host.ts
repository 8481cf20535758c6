// What sessions need of the engine around them.
import type { RecordName, RecordRow } from '../../model/records/index.ts';
import type { Expectation, Flow } from '../analyzers/analyzer.ts';
import type { FileStream, FileStreamOptions } from '../files/file-stream.ts';
import type { Platform } from '../platform.ts';
import type { AnalyzerBook } from './analyzer-book.ts';
import type { Connection } from './connection.ts';
import type { ConnectionNames } from './connection-names.ts';

export interface SessionHost {
  readonly platform: Platform;
  readonly names: ConnectionNames;
  book(connection: Connection): AnalyzerBook;
  emit<N extends RecordName>(name: N, row: RecordRow<N>): void;
  weird(connection: Connection, name: string, source?: string, addl?: string): void;
  expect(connection: Connection, expectation: Expectation): void;
  openFile(flow: Flow, options: FileStreamOptions): FileStream;
  /** Payload bytes of both sides so far. */
  payload(connection: Connection): number;
  flip(connection: Connection): void;
  appendHistory(connection: Connection, letter: string): void;
  setInactivity(connection: Connection, micros: number, every: number | undefined): void;
  /** An analyzer threw: a bug of ours. Counted, and the session is dropped. */
  fail(analyzer: string, error: unknown): void;
}
