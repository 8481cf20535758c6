// A UDP connection as the decoder sees it: possibly a tunnel. One reused object.
import type { CarrierFlow } from '../wire/carrier.ts';
import { type Connection, Transport } from './connection.ts';
import type { FlowTable } from './flow-table.ts';

export class Carrier implements CarrierFlow {
  readonly #table: FlowTable;
  #connection: Connection | null = null;

  constructor(table: FlowTable) {
    this.#table = table;
  }

  /** Points the view at a connection; null when it cannot be a tunnel. */
  of(connection: Connection | null): Carrier | null {
    if (connection === null || connection.transport !== Transport.udp) return null;
    this.#connection = connection;
    return this;
  }

  get uid(): string {
    return this.#connection === null ? '' : this.#table.names.uid(this.#connection);
  }
  get transport(): 'udp' {
    return 'udp';
  }
  get serverPort(): number {
    return this.#connection?.serverPort ?? 0;
  }
  get carrierState(): number {
    return this.#connection?.rare?.carrierState ?? 0;
  }
  set carrierState(state: number) {
    if (this.#connection !== null) this.#connection.facts().carrierState = state;
  }

  confirm(service: string): void {
    const connection = this.#connection;
    if (connection === null) return;
    connection.isCarrier = true;
    if (connection.service === '') connection.service = service;
    else if (!connection.service.split(',').includes(service)) connection.service += `,${service}`;
  }

  reject(): void {
    if (this.#connection !== null) this.#connection.isCarrier = false;
  }

  weird(name: string, addl?: string): void {
    if (this.#connection !== null) this.#table.weird(this.#connection, name, undefined, addl);
  }
}
