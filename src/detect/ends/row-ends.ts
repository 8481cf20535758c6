// The ends of one record as numbers, found when the first detector asks and shared by all.
import type { EndBook } from './end-book.ts';

/** What of a record names its ends; rows without addresses have none. */
interface RowWithEnds {
  readonly 'id.orig_h'?: string | undefined;
  readonly 'id.resp_h'?: string | undefined;
  readonly 'id.resp_p'?: number | undefined;
  readonly proto?: string | undefined;
  readonly context?: string | undefined;
}

const protocols = ['unknown_transport', 'tcp', 'udp', 'icmp', 'sctp'];

/** Valid while the record is handled, as are the numbers: keep them in maps that the host made, nowhere else. */
export class RowEnds {
  readonly #book: EndBook;
  #row: RowWithEnds = {};
  #client = 0;
  #server = 0;

  constructor(book: EndBook) {
    this.#book = book;
  }

  /** Turns to the next record. */
  begin(row: object): void {
    this.#book.tidy();
    this.#row = row as RowWithEnds;
    this.#client = 0;
    this.#server = 0;
  }

  /** Who opened the connection (`id.orig_h`), in the context of the record. */
  get client(): number {
    if (this.#client === 0) this.#client = this.other(this.#row['id.orig_h'] ?? '');
    return this.#client;
  }

  /** Who was called (`id.resp_h`), in the context of the record. */
  get server(): number {
    if (this.#server === 0) this.#server = this.other(this.#row['id.resp_h'] ?? '');
    return this.#server;
  }

  /** Transport and server port as one number, to tell services of an end apart. */
  get service(): number {
    const { proto = '', 'id.resp_p': port = 0 } = this.#row;
    return ((protocols.indexOf(proto) + 1) << 16) | (port & 0xffff);
  }

  /** Another end that the record names (an answer of DNS, a hardware address), in its context. */
  other(name: string): number {
    return this.#book.numberOf(name, this.#row.context);
  }

  get isClientOurs(): boolean {
    return this.#book.isOurs(this.client);
  }

  get isServerOurs(): boolean {
    return this.#book.isOurs(this.server);
  }

  get isServerPublic(): boolean {
    return this.#book.isPublic(this.server);
  }

  get isClientPublic(): boolean {
    return this.#book.isPublic(this.client);
  }

  /** Multicast or broadcast. */
  get isServerMulticast(): boolean {
    return this.#book.isMulticast(this.server);
  }
}
