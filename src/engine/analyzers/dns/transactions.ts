// Which response belongs to which question of a connection: by identifier, first in first out, as Zeek pairs them.
import type { EpochMicros } from '../../../base/units.ts';
import type { RecordRow } from '../../../model/records/index.ts';
import type { Flow } from '../analyzer.ts';
import { opcodeName } from './constants.ts';

/** Most identifiers that wait in one direction; one more and all that wait are written without their other half. */
const MAX_WAITING_IDS = 50;
/** Most messages that wait under one identifier. */
const MAX_WAITING_MESSAGES = 50;

/** A question, its response, or both, on the way to a row. */
export interface Transaction {
  row: RecordRow<'dns'>;
  sawQuery: boolean;
  sawReply: boolean;
  /** The row was handed over; another row must be another object. */
  written: boolean;
}

/** Half transactions of one connection. Bounded: see the constants. */
export class Transactions {
  readonly #flow: Flow;
  readonly #netbios: boolean;
  /** The usual case needs no map: one question at a time. */
  #query: Transaction | undefined;
  #queries: Map<number, Transaction[]> | undefined;
  #replies: Map<number, Transaction[]> | undefined;

  constructor(flow: Flow, netbios: boolean) {
    this.#flow = flow;
    this.#netbios = netbios;
  }

  /** A question came. @returns the response that came before it, or a new transaction. */
  ofQuery(id: number, opcode: number, at: EpochMicros): Transaction {
    const early = this.#replies === undefined ? undefined : take(this.#replies, id);
    if (early !== undefined) return early;
    const transaction = this.#start(id, opcode, at);
    if (this.#query === undefined) this.#query = transaction;
    else {
      this.#queries ??= new Map();
      this.#wait(this.#queries, id, transaction);
    }
    return transaction;
  }

  /** A response came. @returns the oldest question with its identifier, or a new transaction. */
  ofReply(id: number, opcode: number, at: EpochMicros): Transaction {
    const first = this.#query;
    if (first !== undefined && first.row.trans_id === id) {
      this.#query = this.#queries === undefined ? undefined : (take(this.#queries, id) ?? takeAny(this.#queries));
      return first;
    }
    const asked = this.#queries === undefined ? undefined : take(this.#queries, id);
    if (asked !== undefined) return asked;
    const transaction = this.#start(id, opcode, at);
    this.#replies ??= new Map();
    this.#wait(this.#replies, id, transaction);
    return transaction;
  }

  write(transaction: Transaction): void {
    if (transaction.written) transaction.row = { ...transaction.row };
    transaction.written = true;
    this.#flow.emit('dns', transaction.row);
  }

  /** Writes what never found its other half. */
  close(): void {
    if (this.#query !== undefined) this.write(this.#query);
    this.#query = undefined;
    if (this.#queries !== undefined) this.#writeAll(this.#queries);
    if (this.#replies !== undefined) this.#writeAll(this.#replies);
  }

  #writeAll(waiting: Map<number, Transaction[]>): void {
    for (const queue of waiting.values()) for (const transaction of queue) this.write(transaction);
    waiting.clear();
  }

  #wait(waiting: Map<number, Transaction[]>, id: number, transaction: Transaction): void {
    const queue = waiting.get(id);
    if (queue === undefined) {
      if (waiting.size > MAX_WAITING_IDS) this.#writeAll(waiting);
      waiting.set(id, [transaction]);
      return;
    }
    if (queue.length > MAX_WAITING_MESSAGES) {
      for (const old of queue) this.write(old);
      queue.length = 0;
    }
    queue.push(transaction);
  }

  #start(id: number, opcode: number, at: EpochMicros): Transaction {
    const flow = this.#flow;
    const row: RecordRow<'dns'> = {
      ts: at,
      uid: flow.uid,
      'id.orig_h': flow.clientAddress,
      'id.orig_p': flow.clientPort,
      'id.resp_h': flow.serverAddress,
      'id.resp_p': flow.serverPort,
      proto: flow.transport,
      trans_id: id,
      rtt: undefined,
      query: undefined,
      qclass: undefined,
      qclass_name: undefined,
      qtype: undefined,
      qtype_name: undefined,
      rcode: undefined,
      rcode_name: undefined,
      AA: false,
      TC: false,
      RD: false,
      RA: false,
      Z: 0,
      answers: undefined,
      TTLs: undefined,
      rejected: false,
      opcode,
      opcode_name: opcodeName(opcode, this.#netbios),
      context: flow.context,
    };
    return { row, sawQuery: false, sawReply: false, written: false };
  }
}

/** Oldest transaction under an identifier. */
function take(waiting: Map<number, Transaction[]>, id: number): Transaction | undefined {
  const queue = waiting.get(id);
  if (queue === undefined) return undefined;
  const oldest = queue.shift();
  if (queue.length === 0) waiting.delete(id);
  return oldest;
}

function takeAny(waiting: Map<number, Transaction[]>): Transaction | undefined {
  for (const id of waiting.keys()) return take(waiting, id);
  return undefined;
}
