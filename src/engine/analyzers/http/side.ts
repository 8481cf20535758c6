// One direction of an HTTP connection: lines in, messages out.
import type { Bytes } from '../../../base/bytes.ts';
import type { EpochMicros } from '../../../base/units.ts';
import type { FileStream } from '../../files/file-stream.ts';
import type { Platform } from '../../platform.ts';
import { BodySample } from './body-sample.ts';
import { type BodyRule, Entity } from './entity.ts';
import type { EntityHost } from './entity-host.ts';
import type { HeaderLine, HeaderName } from './header-line.ts';
import { LineReader, type LineTaker } from './line-reader.ts';
import type { Version } from './request-line.ts';
import type { Transaction } from './transaction.ts';

/** Bytes of a body that a row shows. */
const requestSample = 4096;
const responseSample = 256;

/** What a side needs of the session. */
export interface SideHost {
  readonly platform: Platform;
  readonly now: EpochMicros;
  readonly transaction: Transaction | undefined;
  readonly endsWithConnection: boolean;
  readonly responseCode: number;
  readonly framingVersion: Version;
  weird(name: string, addl?: string): void;
  /** First line of a message. */
  startLine(side: Side, bytes: Bytes, start: number, end: number): void;
  /** A blank line or a line of the message was taken; `isBlank` when it was empty. */
  afterLine(side: Side, isBlank: boolean): void;
  header(side: Side, name: HeaderName | undefined, bytes: Bytes, line: HeaderLine): void;
  openFile(side: Side, depth: number, isAfterEnd: boolean): FileStream;
  entityBegan(side: Side): void;
  entityEnded(side: Side): void;
  /** The message is whole or broken off; told once a message. */
  messageDone(side: Side): void;
}

export class Side implements EntityHost, LineTaker {
  readonly fromClient: boolean;
  readonly reader: LineReader;
  readonly #host: SideHost;
  readonly #sample: BodySample;
  #message: Entity | undefined;
  #isDone = true;
  /** What the next line is: the first of a message, one of the message, or nothing that is read. */
  expects: 'start' | 'message' | 'nothing' = 'start';
  /** A message was begun and is not done. */
  isOngoing = false;

  constructor(host: SideHost, fromClient: boolean) {
    this.#host = host;
    this.fromClient = fromClient;
    this.reader = new LineReader(this);
    this.#sample = new BodySample(fromClient ? requestSample : responseSample);
  }

  get platform(): Platform {
    return this.#host.platform;
  }
  get now(): EpochMicros {
    return this.#host.now;
  }
  get transaction(): Transaction | undefined {
    return this.#host.transaction;
  }
  get endsWithConnection(): boolean {
    return this.#host.endsWithConnection;
  }
  get responseCode(): number {
    return this.fromClient ? 0 : this.#host.responseCode;
  }
  get framingVersion(): Version {
    return this.#host.framingVersion;
  }

  get hasMessage(): boolean {
    return this.#message !== undefined;
  }
  get bodyLength(): number {
    return this.#message?.bodyLength ?? 0;
  }

  onBytes(bytes: Bytes, start: number, end: number): void {
    this.reader.deliver(bytes, start, end);
    this.#message?.keepLine();
  }

  /** Begins a message. */
  begin(rule: BodyRule): void {
    if (this.#message === undefined) this.#message = new Entity(this, undefined, rule);
    else {
      if (!this.#isDone) this.weird('HTTP_overlapping_messages');
      this.#message.reset(rule);
    }
    this.#isDone = false;
    this.#sample.clear();
    this.expects = 'message';
    this.isOngoing = true;
    this.#host.entityBegan(this);
  }

  /** Forgets the message, so that nothing is added to it. */
  drop(): void {
    this.#message = undefined;
  }

  /** Bytes that belong to the body whatever they are (HTTP/0.9). */
  deliverRaw(bytes: Bytes, start: number, end: number, hasLineEnd: boolean): void {
    this.#message?.deliver(bytes, start, end, hasLineEnd);
  }

  /** Ends the message, told once. */
  finish(): void {
    const message = this.#message;
    if (this.#isDone || message === undefined) return;
    this.#isDone = true;
    message.end();
    // Ranges of one file can come over several connections: such a file ends by itself.
    if (this.fromClient || this.#host.responseCode !== 206) message.closeFile();
    this.#host.messageDone(this);
  }

  /** @returns whether reading can go on behind the gap */
  gap(count: number): boolean {
    return this.#message?.gap(count) ?? false;
  }

  /** What a row shows of the body. */
  bodyText(): string | undefined {
    return this.fromClient ? this.#sample.printable() : this.#sample.snippet();
  }

  takeLine(bytes: Bytes, start: number, end: number): void {
    if (this.expects === 'start') this.#host.startLine(this, bytes, start, end);
    else if (this.expects === 'message') {
      this.#message?.deliver(bytes, start, end, true);
      this.#host.afterLine(this, start === end);
    }
  }

  takePlain(bytes: Bytes, start: number, end: number): void {
    if (this.#message === undefined) this.weird(this.fromClient ? 'unexpected_client_HTTP_data' : 'unexpected_server_HTTP_data');
    else this.#message.deliver(bytes, start, end, false);
  }

  takeLimit(): void {
    this.#message?.end();
  }

  weird(name: string, addl?: string): void {
    this.#host.weird(name, addl);
  }

  header(name: HeaderName | undefined, bytes: Bytes, line: HeaderLine): void {
    this.#host.header(this, name, bytes, line);
  }

  sample(u8: Uint8Array, start: number, end: number, hasLineEnd: boolean): void {
    if (this.#sample.isFull) return;
    this.#sample.add(u8, start, end);
    if (hasLineEnd) this.#sample.add(lineEnd, 0, 2);
  }

  openFile(depth: number, isAfterEnd: boolean): FileStream {
    return this.#host.openFile(this, depth, isAfterEnd);
  }

  entityBegan(): void {
    this.#host.entityBegan(this);
  }

  entityEnded(entity: Entity): void {
    this.#host.entityEnded(this);
    if (entity.parent?.isMultipart === true) this.reader.crlfOnly = false;
    if (entity.parent === undefined) {
      this.reader.limit = -1;
      this.finish();
    } else if (this.fromClient || this.#host.responseCode !== 206) entity.closeFile();
  }
}

const lineEnd = Uint8Array.of(0x0d, 0x0a);
