// One connection's HTTP/1: which side says what, and what its records are. RFC 9112; where it is silent, as Zeek does.
import type { Bytes } from '../../../base/bytes.ts';
import type { EpochMicros } from '../../../base/units.ts';
import type { FileStream } from '../../files/file-stream.ts';
import type { Platform } from '../../platform.ts';
import type { Flow, Session } from '../analyzer.ts';
import type { BodyRule } from './entity.ts';
import { type HeaderLine, type HeaderName, isText } from './header-line.ts';
import { readRequestHeader } from './request-headers.ts';
import { RequestLine, StatusLine, type Version, version09, versionText } from './request-line.ts';
import { Side, type SideHost } from './side.ts';
import type { Transaction } from './transaction.ts';
import type { TransactionBook } from './transaction-book.ts';
import type { Transactions } from './transactions.ts';
import { unescapeUri } from './uri.ts';

/** A violation later than this does not take the protocol back; Zeek's `DPD::ignore_violations_after`. */
const trustedAfter = 10 * 1024;
/** Requests without a response that are remembered, for whether a body follows the response. */
const maxUnanswered = 1000;
const requestLine = new RequestLine();
const statusLine = new StatusLine();

/** Zeek compares only as many letters as the client sent. */
const isPrefixOf = (method: string, word: string): boolean => word.startsWith(method.toUpperCase());

export class HttpSession implements Session, SideHost {
  readonly #flow: Flow;
  readonly #book: TransactionBook;
  readonly #transactions: Transactions;
  #client: Side;
  #server: Side;
  now: EpochMicros;
  /** Read on behalf of another protocol, or not at all. */
  #isOver: boolean;
  #bytes = 0;
  /** Why this is not HTTP after all, and since when. */
  #violation = '';
  #violatedAt: EpochMicros | undefined;

  #requests = 0;
  #responses = 0;
  readonly #unanswered: string[] = [];
  #requestVersion: Version = 0;
  #responseVersion: Version = 0;
  responseCode = 0;
  #isKeptAlive = false;
  endsWithConnection = false;
  /** The server answers without headers: HTTP/0.9. */
  #isRaw = false;
  #isConnect = false;
  #upgrades = false;
  #upgradeTo = '';
  #files = 0;
  #saidSingleCr = false;
  readonly #tellWeird = (name: string): void => this.weird(name);

  constructor(flow: Flow, book: TransactionBook) {
    this.#flow = flow;
    this.now = flow.startedAt;
    this.#book = book;
    this.#transactions = book.open(flow);
    this.#client = new Side(this, true);
    this.#server = new Side(this, false);
    // Where the beginning was not seen, a line is as likely part of a body: Zeek does not read such connections.
    this.#isOver = !flow.seenFromStart;
  }

  get platform(): Platform {
    return this.#flow.platform;
  }
  get transaction(): Transaction | undefined {
    return this.#transactions.current;
  }
  get framingVersion(): Version {
    return this.#client.isOngoing ? this.#requestVersion : this.#responseVersion;
  }

  onBytes(fromClient: boolean, bytes: Bytes, start: number, end: number, at: EpochMicros): void {
    if (this.#isOver || this.#isRejected(at)) return;
    this.now = at;
    this.#bytes += end - start;
    if (this.#isRaw && !fromClient) this.#rawResponse(bytes, start, end);
    else (fromClient ? this.#client : this.#server).onBytes(bytes, start, end);
  }

  onGap(fromClient: boolean, count: number, at: EpochMicros): void {
    if (this.#isOver || this.#isRejected(at)) return;
    this.now = at;
    const side = fromClient ? this.#client : this.#server;
    if (side.gap(count)) return;
    // Whether a response has a body can depend on the request: without requests there is no reading responses.
    if (fromClient) this.#end(this.#client, true);
    this.#end(this.#server, true);
    side.reader.stopped = true;
  }

  onEnd(fromClient: boolean, at: EpochMicros): void {
    if (this.#isOver || this.#isRejected(at)) return;
    this.now = at;
    const side = fromClient ? this.#client : this.#server;
    if (!(this.#isRaw && !fromClient)) side.reader.end();
    this.#end(side, false);
  }

  onFlip(): void {
    if (this.#isOver) return;
    if (this.#requests > 0 || this.#responses > 0) {
      this.weird('HTTP_late_flip_roles');
      this.#isOver = true;
      return;
    }
    this.#client = new Side(this, true);
    this.#server = new Side(this, false);
  }

  onClose(at: EpochMicros): void {
    if (!this.#isOver) this.#isRejected(at);
    this.now = at;
    this.#end(this.#client, true);
    this.#end(this.#server, true);
    this.#book.close(this.#flow, this.#transactions);
    this.#isOver = true;
  }

  weird(name: string, addl?: string): void {
    if (name === 'line_terminated_with_single_CR') {
      if (this.#saidSingleCr) return;
      this.#saidSingleCr = true;
    }
    this.#flow.weird(name, addl);
  }

  startLine(side: Side, bytes: Bytes, start: number, end: number): void {
    if (side.fromClient) this.#request(bytes, start, end);
    else this.#response(bytes, start, end);
  }

  afterLine(side: Side, isBlank: boolean): void {
    if (!side.fromClient && isBlank && this.#isConnect) this.#handOver('HTTP_CONNECT', undefined);
  }

  header(side: Side, name: HeaderName | undefined, bytes: Bytes, line: HeaderLine): void {
    if (name === 'connection' || name === 'upgrade') this.#connectionHeader(side, name, bytes, line);
    const transaction = this.#transactions.at(side.fromClient, this.now);
    readRequestHeader(transaction, side.fromClient, name, bytes, line);
  }

  openFile(side: Side, depth: number, isAfterEnd: boolean): FileStream {
    const { fromClient } = side;
    const transaction = this.#transactions.current;
    const isRange = transaction?.isRange === true && !fromClient;
    const handle = isRange
      ? `HTTP ${this.#flow.clientAddress} ${this.#url(transaction)}`
      : isAfterEnd || (this.responseCode === 206 && !fromClient)
        ? `HTTP ${this.#flow.uid} ${fromClient} ${transaction?.depth ?? 0} ${depth}`
        : undefined;
    return this.#flow.openFile({
      source: 'HTTP',
      fromClient,
      at: this.now,
      depth: 0,
      ordinal: this.#files++,
      ...(transaction?.entityName === undefined ? {} : { filename: transaction.entityName }),
      ...(handle === undefined ? {} : { handle }),
    });
  }

  entityBegan(side: Side): void {
    this.#transactions.at(side.fromClient, this.now).entityName = undefined;
  }

  entityEnded(): void {
    const { current } = this.#transactions;
    if (current !== undefined) current.entityName = undefined;
  }

  messageDone(side: Side): void {
    const text = side.bodyText();
    const transaction = this.#transactions.at(side.fromClient, this.now);
    if (side.fromClient) transaction.postBody = text;
    else transaction.snippet = text;
    this.#transactions.messageDone(side.fromClient, side.bodyLength, this.now);
    this.#end(side, false);
  }

  #url(transaction: Transaction): string {
    const host = transaction.host ?? this.#flow.serverAddress;
    const port = this.#flow.serverPort === 80 ? '' : `:${this.#flow.serverPort}`;
    return `${host}${port}${transaction.uri ?? '/<missed_request>'}`;
  }

  #request(bytes: Bytes, start: number, end: number): void {
    if (!requestLine.read(bytes.u8, start, end, this.#tellWeird)) {
      if (start === end) this.weird('empty_http_request');
      else this.#violate(this.#client, 'not a http request line');
      return;
    }
    const { methodEnd, uriStart, uriEnd, version } = requestLine;
    if (version !== undefined) this.#requestVersion = this.#changeVersion(this.#requestVersion, version);
    const method = bytes.text(start, methodEnd);
    const uri = unescapeUri(bytes, uriStart, uriEnd, this.#tellWeird);
    this.#requests++;
    if (!this.#isKeptAlive && this.#requests > 1) this.weird('unexpected_multiple_HTTP_requests');
    if (this.#unanswered.length < maxUnanswered) this.#unanswered.push(method);
    this.#flow.confirm();
    if (isPrefixOf(method, 'CONNECT')) this.#isConnect = true;
    this.#transactions.request(method, uri, this.now);
    this.#client.begin('announced');
    if (this.#requestVersion === version09) this.#expectRaw(method);
  }

  #expectRaw(method: string): void {
    if (method !== 'GET') this.weird('invalid_http_09_request_method', method);
    if (this.#server.hasMessage) {
      this.weird('http_09_reply_before_request');
      this.#server.finish();
      this.#server.drop();
    }
    this.#isRaw = true;
  }

  #rawResponse(bytes: Bytes, start: number, end: number): void {
    const server = this.#server;
    if (!server.hasMessage) {
      this.#responseVersion = this.#changeVersion(this.#responseVersion, version09);
      if (this.#unanswered.length > 0) {
        this.#flow.confirm();
        this.#unanswered.shift();
      }
      this.endsWithConnection = true;
      this.#transactions.response(versionText(this.#responseVersion), this.responseCode, '<empty>', this.now);
      server.begin(this.#bodyRule());
      server.deliverRaw(bytes, start, start, true);
    }
    server.deliverRaw(bytes, start, end, false);
  }

  #response(bytes: Bytes, start: number, end: number): void {
    const isResponse = statusLine.read(bytes.u8, start, end, this.#tellWeird);
    if (statusLine.version >= 0) this.#responseVersion = this.#changeVersion(this.#responseVersion, statusLine.version);
    if (!isResponse) {
      if (start !== end) this.#violate(this.#server, 'not a http reply line');
      return;
    }
    this.#responses++;
    this.responseCode = statusLine.code;
    if (this.#unanswered.length > 0) this.#flow.confirm();
    const reason = statusLine.reasonStart === -1 ? '<empty>' : bytes.text(statusLine.reasonStart, end);
    this.#transactions.response(versionText(this.#responseVersion), this.responseCode, reason, this.now);
    if (this.#transactions.current?.method === 'CONNECT' && this.responseCode === 200) this.#tunnel();
    if (this.responseCode !== 200) this.#isConnect = false;
    this.#server.begin(this.#bodyRule());
  }

  /** RFC 9112 §6.3. */
  #bodyRule(): BodyRule {
    const method = this.#unanswered[0];
    if (method !== undefined && isPrefixOf(method, 'HEAD')) return 'none';
    const code = this.responseCode;
    return (code >= 100 && code < 200) || code === 204 || code === 304 ? 'none' : 'expected';
  }

  #changeVersion(before: Version, now: Version): Version {
    if (before !== 0 && before !== now) this.weird('HTTP_version_mismatch');
    if (now > 10) this.#isKeptAlive = true;
    return now;
  }

  #connectionHeader(side: Side, name: 'connection' | 'upgrade', bytes: Bytes, line: HeaderLine): void {
    line.readToken(bytes.u8);
    const is = (token: string): boolean => isText(bytes.u8, line.tokenStart, line.tokenEnd, token);
    if (side.fromClient) {
      if (name === 'connection' && is('keep-alive')) this.#isKeptAlive = true;
    } else if (name === 'upgrade') this.#upgradeTo = bytes.latin1(line.tokenStart, line.tokenEnd).toLowerCase();
    else if (is('close')) this.endsWithConnection = true;
    else if (is('upgrade')) this.#upgrades = true;
  }

  /** The side's message ends; broken off when `isInterrupted`, and then nothing more is read from it. */
  #end(side: Side, isInterrupted: boolean): void {
    if (!side.isOngoing) return;
    side.isOngoing = false;
    side.finish();
    side.expects = isInterrupted ? 'nothing' : 'start';
    if (!side.fromClient) this.#endResponse();
  }

  #endResponse(): void {
    const code = this.responseCode;
    // An informational response is not the answer: the request stays unanswered.
    if (code < 100 || code >= 200) this.#unanswered.shift();
    const isUpgraded = code === 101 && this.#unanswered.length === 1 && this.#upgrades && this.#upgradeTo !== '';
    const protocol = this.#upgradeTo;
    this.responseCode = 0;
    this.#upgrades = false;
    this.#upgradeTo = '';
    if (isUpgraded) this.#handOver('HTTP_upgrade', protocol === 'websocket' ? protocol : undefined);
  }

  /** The rest of the connection is another protocol. */
  #handOver(how: 'HTTP_CONNECT' | 'HTTP_upgrade', analyzer: string | undefined): void {
    const { reader } = this.#server;
    this.#isOver = true;
    this.#client.reader.stopped = true;
    reader.stopped = true;
    const rest = reader.segment === undefined ? 0 : reader.segmentEnd - reader.position;
    this.#book.keep(this.#flow, this.#transactions);
    if (analyzer !== undefined) this.#flow.confirm(analyzer);
    if (rest > 0) this.weird(`protocol_data_with_${how}_reply`, String(rest));
    if (rest > 0) this.#flow.handOver(analyzer, reader.position);
    else this.#flow.handOver(analyzer);
  }

  #tunnel(): void {
    this.#flow.emit('tunnel', {
      ts: this.now,
      uid: this.#flow.uid,
      'id.orig_h': this.#flow.clientAddress,
      'id.orig_p': 0,
      'id.resp_h': this.#flow.serverAddress,
      'id.resp_p': this.#flow.serverPort,
      tunnel_type: 'Tunnel::HTTP',
      action: 'Tunnel::DISCOVER',
      context: this.#flow.context,
    });
  }

  /**
   * Not HTTP. Reading ends with the packet that shows it, not with the line: a session that starts late is given all that
   * came so far at once, and a response in it is still a response (a server's complaint about TLS on its plain port).
   */
  #violate(side: Side, reason: string): void {
    side.expects = 'nothing';
    if (this.#bytes > trustedAfter || this.#violatedAt !== undefined) return;
    this.#violation = reason;
    this.#violatedAt = this.now;
  }

  #isRejected(at: EpochMicros): boolean {
    if (this.#violatedAt === undefined || at === this.#violatedAt) return false;
    this.#isOver = true;
    this.#end(this.#client, true);
    this.#end(this.#server, true);
    this.#book.keep(this.#flow, this.#transactions);
    this.#flow.reject(this.#violation);
    return true;
  }
}
