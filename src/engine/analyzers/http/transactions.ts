// Pairs requests with responses by their order on the connection, as Zeek's HTTP scripts do: what was not paired is a row too.
import type { EpochMicros } from '../../../base/units.ts';
import type { Flow } from '../analyzer.ts';
import { Transaction } from './transaction.ts';

/** Requests without a response on one connection; Zeek's `HTTP::max_pending_requests`. */
const maxPending = 100;

/** Methods that are nothing to wonder about; Zeek's `HTTP::http_methods`. */
const knownMethods: ReadonlySet<string> = new Set(
  'GET POST HEAD OPTIONS PUT DELETE TRACE CONNECT PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK POLL REPORT SUBSCRIBE BMOVE SEARCH'.split(
    ' ',
  ),
);

export class Transactions {
  readonly #flow: Flow;
  readonly #pending = new Map<number, Transaction>();
  #request = 0;
  #response = 0;
  #depth = 0;
  /** Sessions that are not closed yet. */
  users = 0;
  /** The one that was last spoken of: files belong to it. */
  current: Transaction | undefined;

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  /** The transaction that a side is at; made when it is not there. */
  at(fromClient: boolean, at: EpochMicros): Transaction {
    const index = fromClient ? this.#request : this.#response;
    let transaction = this.#pending.get(index);
    if (transaction === undefined) {
      transaction = new Transaction(at, ++this.#depth);
      this.#pending.set(index, transaction);
    }
    this.current = transaction;
    return transaction;
  }

  request(method: string, uri: string, at: EpochMicros): void {
    if (this.#request < this.#response) {
      this.#flow.weird('HTTP_response_before_request');
      this.#request = this.#response;
    }
    if (this.#pending.size > maxPending) this.#flush();
    this.#request++;
    const transaction = this.at(true, at);
    transaction.method = method;
    transaction.uri = uri;
    if (!knownMethods.has(method)) this.#flow.weird('unknown_HTTP_method', method);
  }

  response(version: string, code: number, reason: string, at: EpochMicros): void {
    const last = this.#pending.get(this.#response);
    if (last === undefined || (last.statusCode !== undefined && !last.isInformational)) this.#response++;
    const transaction = this.at(false, at);
    transaction.statusCode = code;
    transaction.statusMessage = reason;
    transaction.version = version;
    if (!transaction.isInformational) return;
    transaction.infoCode = code;
    transaction.infoMessage = reason;
  }

  /** A message ended; a response that is not informational completes the row. */
  messageDone(fromClient: boolean, bodyLength: number, at: EpochMicros): void {
    const transaction = this.at(fromClient, at);
    if (fromClient) {
      transaction.requestLength = bodyLength;
      return;
    }
    transaction.responseLength = bodyLength;
    if (transaction.isInformational) return;
    this.#write(transaction);
    this.#pending.delete(this.#response);
  }

  /** The connection ended: what is still open is written as it is. */
  close(): void {
    for (const [index, transaction] of this.#pending) if (index > 0) this.#write(transaction);
    this.#pending.clear();
  }

  #write(transaction: Transaction): void {
    this.#flow.emit('http', transaction.row(this.#flow));
  }

  #flush(): void {
    this.#flow.weird('HTTP_excessive_pipelining');
    if (this.#response === 0) this.#response++;
    for (; this.#response < this.#request; this.#response++) {
      const transaction = this.#pending.get(this.#response);
      if (transaction !== undefined) this.#write(transaction);
      this.#pending.delete(this.#response);
    }
  }
}
