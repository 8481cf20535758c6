// DNS on one connection: messages in, rows out.
import type { Bytes } from '../../../base/bytes.ts';
import { type EpochMicros, secondsBetween } from '../../../base/units.ts';
import type { Flow, Session } from '../analyzer.ts';
import { className, NETBIOS_PORT, Opcode, rcodeName, typeName } from './constants.ts';
import type { DnsMessage } from './message.ts';
import type { CountWeird } from './name-reader.ts';
import type { NetbiosNames } from './netbios-name.ts';
import { type Transaction, Transactions } from './transactions.ts';

/** More questions than this in one message: something else on this port. Zeek's dns_max_queries. */
const MAX_QUESTIONS = 25;
/** Zeek looks at silent DNS over UDP each ten seconds and removes it after nine. */
const UDP_LOOK = 10_000_000;
const UDP_SILENCE = 9_000_000;

/** What the sessions of one engine share: one message is read at a time. */
export interface DnsTools {
  readonly message: DnsMessage;
  readonly netbiosNames: NetbiosNames;
}

const isMulticast = (address: string): boolean => {
  if (address.includes(':')) return address.startsWith('ff') && address.indexOf(':') === 4;
  const first = Number.parseInt(address, 10);
  return first >= 224 && first < 240;
};

/** DNS over UDP, where each datagram is a message; and what DNS over TCP builds upon. */
export class DnsSession implements Session {
  readonly #flow: Flow;
  readonly #tools: DnsTools;
  readonly #transactions: Transactions;
  readonly #netbios: boolean;
  readonly #weird: CountWeird;
  #isFirst = true;
  /** Transaction that the message just read, or the last one before it, belongs to; Zeek's `c$dns`. */
  #current: Transaction | undefined;

  constructor(flow: Flow, tools: DnsTools) {
    this.#flow = flow;
    this.#tools = tools;
    this.#netbios = flow.clientPort === NETBIOS_PORT || flow.serverPort === NETBIOS_PORT;
    this.#transactions = new Transactions(flow, this.#netbios);
    this.#weird = (name, addl) => flow.weird(name, addl);
    if (flow.transport === 'udp') flow.setInactivity(UDP_SILENCE, UDP_LOOK);
  }

  onBytes(fromClient: boolean, bytes: Bytes, start: number, end: number, at: EpochMicros): void {
    this.readMessage(fromClient, bytes, start, end, at);
  }

  onClose(_at: EpochMicros): void {
    this.#transactions.close();
  }

  onFlip(): void {
    // Nothing is kept by direction: who asks shows in the message.
  }

  /** @param fromClient false as well when the direction is of no importance. */
  protected readMessage(fromClient: boolean, bytes: Bytes, start: number, end: number, at: EpochMicros): void {
    const { message } = this.#tools;
    const flow = this.#flow;
    if (!message.readHeader(bytes, start, end)) {
      flow.weird('DNS_truncated_len_lt_hdr_len');
      return;
    }
    const { opcode } = message;
    const isTracked = opcode === Opcode.QUERY || opcode === Opcode.UPDATE || opcode === Opcode.NOTIFY;
    if (!isTracked && !this.#netbios) {
      flow.weird('DNS_unknown_opcode', `${opcode}`);
      flow.markHistory('X');
      return;
    }
    if (this.#isFirst && message.isResponse && fromClient && !isMulticast(flow.serverAddress)) {
      flow.flipEnds();
      this.onFlip();
    }
    this.#isFirst = false;
    if (isTracked) this.#current = this.#pair(message, at);
    const result = message.questions > MAX_QUESTIONS ? this.#refuse() : this.#read(message, isTracked, at);
    if (result !== 'abandoned') this.#complete(message.isResponse);
  }

  /** Finds the message's transaction, and writes down what the header says of a response. */
  #pair(message: DnsMessage, at: EpochMicros): Transaction {
    if (!message.isResponse) return this.#transactions.ofQuery(message.id, message.opcode, at);
    const transaction = this.#transactions.ofReply(message.id, message.opcode, at);
    const { row } = transaction;
    const rcode = message.flags & 15;
    row.rcode = rcode;
    row.rcode_name = rcodeName(rcode);
    if (rcode !== 0 && message.questions === 0) row.rejected = true;
    return transaction;
  }

  #refuse(): 'broken' {
    this.#flow.reject('DNS_Conn_count_too_large');
    this.#flow.weird('DNS_Conn_count_too_large');
    return 'broken';
  }

  #read(message: DnsMessage, isTracked: boolean, at: EpochMicros): 'sound' | 'broken' | 'abandoned' {
    const netbiosServer = this.#flow.serverPort === NETBIOS_PORT;
    const row = isTracked ? this.#current?.row : undefined;
    const result = message.readBody(this.#netbios, netbiosServer, row !== undefined && row.query === undefined, this.#weird);
    if (row !== undefined) {
      if (message.isResponse) this.#noteAnswers(row, message, at);
      else if (message.asked) this.#noteQuestion(row, message, netbiosServer);
    }
    if (result === 'sound') this.#flow.confirm();
    return result;
  }

  #noteQuestion(row: Transaction['row'], message: DnsMessage, netbiosServer: boolean): void {
    const { flags, questionType, questionClass } = message;
    row.RD = (flags & 0x0100) !== 0;
    row.TC = (flags & 0x0200) !== 0;
    row.Z = (flags >>> 4) & 7;
    row.qclass = questionClass;
    row.qclass_name = className(questionClass);
    row.qtype = questionType;
    const name = typeName(questionType);
    row.qtype_name = netbiosServer && name === 'SRV' ? 'NBSTAT' : name;
    row.query = netbiosServer ? this.#tools.netbiosNames.text(message.question) : message.question;
  }

  #noteAnswers(row: Transaction['row'], message: DnsMessage, at: EpochMicros): void {
    const hasRecords = message.answerCount + message.authorityCount + message.additionalCount > 0;
    if (message.asked && !hasRecords) row.rejected = true;
    if (!message.answered) return;
    row.query ??= message.answerOwner;
    row.AA = (message.flags & 0x0400) !== 0;
    row.RA = (message.flags & 0x0080) !== 0;
    if (row.rtt === undefined && at !== row.ts) row.rtt = secondsBetween(row.ts, at);
    if (message.answers === undefined) return;
    row.answers = row.answers === undefined ? message.answers : [...row.answers, ...message.answers];
    row.TTLs = row.TTLs === undefined ? (message.lifetimes ?? []) : [...row.TTLs, ...(message.lifetimes ?? [])];
  }

  #complete(isResponse: boolean): void {
    const current = this.#current;
    if (current === undefined) return;
    if (isResponse) current.sawReply = true;
    else current.sawQuery = true;
    if (!current.sawQuery || !current.sawReply) return;
    this.#transactions.write(current);
    this.#current = undefined;
  }
}
