// What protocol sessions get from the engine: records, oddities, files, announcements, and a say in their connection.
import type { RecordName, RecordRow, RecordSink } from '../../model/records/index.ts';
import type { Expectation, Flow } from '../analyzers/analyzer.ts';
import type { FileStream, FileStreamOptions } from '../files/file-stream.ts';
import type { Platform } from '../platform.ts';
import type { AnalyzerBook } from './analyzer-book.ts';
import { payloadBytes } from './conn-row.ts';
import { type Connection, Transport } from './connection.ts';
import type { ConnectionNames } from './connection-names.ts';
import type { Connections } from './connections.ts';
import { Expectations } from './expectations.ts';
import type { HistoryBook } from './history.ts';
import type { SessionHost } from './session-host.ts';
import { Sessions } from './sessions.ts';
import type { Weirds } from './weirds.ts';

/** Failures kept for the log of the program. */
const mostFailures = 10;

export interface SessionServicesOptions {
  readonly platform: Platform;
  readonly sink: RecordSink;
  readonly weirds: Weirds;
  readonly tcp: AnalyzerBook;
  readonly udp: AnalyzerBook;
  openFile(flow: Flow, options: FileStreamOptions): FileStream;
}

/** An analyzer threw: a bug of ours. */
export interface AnalyzerFailure {
  readonly analyzer: string;
  readonly error: unknown;
}

export class SessionServices implements SessionHost {
  readonly platform: Platform;
  readonly names: ConnectionNames;
  readonly expectations = new Expectations();
  /** The first of them. */
  readonly failures: AnalyzerFailure[] = [];
  failed = 0;
  readonly #options: SessionServicesOptions;
  readonly #connections: Connections;
  readonly #histories: HistoryBook;

  constructor(options: SessionServicesOptions, names: ConnectionNames, connections: Connections, histories: HistoryBook) {
    this.platform = options.platform;
    this.names = names;
    this.#options = options;
    this.#connections = connections;
    this.#histories = histories;
  }

  /** The sessions of a connection, begun now if there are none. */
  of(connection: Connection): Sessions {
    connection.sessions ??= new Sessions(connection, this, this.#expected(connection));
    return connection.sessions;
  }

  #expected(connection: Connection): string | undefined {
    if (this.expectations.isEmpty || connection.transport !== Transport.tcp) return undefined;
    const client = this.names.address(connection, true).text;
    const server = this.names.address(connection, false).text;
    return this.expectations.find(connection.context, client, server, connection.serverPort, connection.startedAt);
  }

  book(connection: Connection): AnalyzerBook {
    return connection.transport === Transport.tcp ? this.#options.tcp : this.#options.udp;
  }

  emit<N extends RecordName>(name: N, row: RecordRow<N>): void {
    this.#options.sink.emit(name, row);
  }

  weird(connection: Connection, name: string, source?: string, addl?: string): void {
    connection.isWeird = true;
    this.#options.weirds.raise(this.#connections.now, name, this.names.subject(connection), source, addl);
  }

  expect(connection: Connection, expectation: Expectation): void {
    this.expectations.add(connection.context, expectation, this.#connections.now);
  }

  openFile(flow: Flow, options: FileStreamOptions): FileStream {
    return this.#options.openFile(flow, options);
  }

  payload(connection: Connection): number {
    return payloadBytes(connection, true) + payloadBytes(connection, false);
  }

  flip(connection: Connection): void {
    connection.swapEnds();
    this.appendHistory(connection, '^');
  }

  appendHistory(connection: Connection, letter: string): void {
    connection.history = connection.history.append(letter.charCodeAt(0), this.#histories);
  }

  setInactivity(connection: Connection, micros: number, every: number | undefined): void {
    this.#connections.setInactivity(connection, micros, every);
  }

  fail(analyzer: string, error: unknown): void {
    this.failed++;
    if (this.failures.length < mostFailures) this.failures.push({ analyzer, error });
  }
}
