// One session's view of its connection: the `Flow` of the analyzer contract.
import { type EpochMicros, epochMicros } from '../../base/units.ts';
import type { RecordName, RecordRow } from '../../model/records/index.ts';
import type { Analyzer, Expectation, Flow, Session } from '../analyzers/analyzer.ts';
import type { FileStream, FileStreamOptions } from '../files/file-stream.ts';
import type { Platform } from '../platform.ts';
import { type Connection, Transport } from './connection.ts';
import type { SessionHost } from './session-host.ts';
import type { Sessions } from './sessions.ts';

/** Zeek's DPD::ignore_violations_after: an analyzer that fails later than this keeps its service. */
const trustedAfter = 10 * 1024;

const withoutName = (list: string, name: string): string =>
  list
    .split(',')
    .filter((item) => item !== name)
    .join(',');

export class SessionFlow implements Flow {
  readonly analyzer: Analyzer;
  readonly #sessions: Sessions;
  readonly #connection: Connection;
  readonly #host: SessionHost;
  /** Gets bytes. */
  active = true;
  /** Gave up: it is not started again on the same connection. */
  rejected = false;
  /** Set right after construction, by `Sessions`. */
  session: Session | null = null;
  #marked = '';
  /** Services that this session confirmed. */
  readonly #services: string[] = [];

  constructor(sessions: Sessions, analyzer: Analyzer) {
    this.#sessions = sessions;
    this.#connection = sessions.connection;
    this.#host = sessions.host;
    this.analyzer = analyzer;
  }

  get uid(): string {
    return this.#host.names.uid(this.#connection);
  }
  get transport(): 'tcp' | 'udp' {
    return this.#connection.transport === Transport.tcp ? 'tcp' : 'udp';
  }
  get clientAddress(): string {
    return this.#host.names.address(this.#connection, true).text;
  }
  get clientPort(): number {
    return this.#connection.clientPort;
  }
  get serverAddress(): string {
    return this.#host.names.address(this.#connection, false).text;
  }
  get serverPort(): number {
    return this.#connection.serverPort;
  }
  get clientIsLocal(): boolean {
    return this.#host.names.address(this.#connection, true).isLocal;
  }
  get serverIsLocal(): boolean {
    return this.#host.names.address(this.#connection, false).isLocal;
  }
  get startedAt(): EpochMicros {
    return epochMicros(this.#connection.startedAt);
  }
  get context(): string | undefined {
    return this.#host.names.context(this.#connection);
  }
  get seenFromStart(): boolean {
    return !this.#connection.partial;
  }
  get platform(): Platform {
    return this.#host.platform;
  }

  emit<N extends RecordName>(name: N, row: RecordRow<N>): void {
    this.#host.emit(name, row);
  }

  confirm(service: string = this.analyzer.name): void {
    const connection = this.#connection;
    // Many analyzers confirm with every message.
    if (!this.#services.includes(service)) this.#services.push(service);
    if (connection.service === '') connection.service = service;
    else if (connection.service !== service && !connection.service.split(',').includes(service)) connection.service += `,${service}`;
    this.#sessions.confirmed();
  }

  reject(_reason: string): void {
    this.active = false;
    this.rejected = true;
    if (this.#host.payload(this.#connection) > trustedAfter) return;
    for (const service of this.#services) this.#connection.service = withoutName(this.#connection.service, service);
  }

  done(): void {
    this.active = false;
  }

  expect(expectation: Expectation): void {
    this.#host.expect(this.#connection, expectation);
  }

  markHistory(letter: string): void {
    if (this.#marked.includes(letter)) return;
    this.#marked += letter;
    this.#host.appendHistory(this.#connection, letter);
  }

  flipEnds(): void {
    this.#host.flip(this.#connection);
    this.#sessions.flip(this);
  }

  weird(name: string, addl?: string): void {
    this.#host.weird(this.#connection, name, this.analyzer.name.toUpperCase(), addl);
  }

  openFile(options: FileStreamOptions): FileStream {
    return this.#host.openFile(this, options);
  }

  handOver(analyzer?: string, restStart = -1): void {
    this.active = false;
    this.#sessions.handOver(analyzer, restStart);
  }

  setInactivity(micros: number, every?: number): void {
    this.#host.setInactivity(this.#connection, micros, every);
  }
}
