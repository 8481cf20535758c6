// The rows of a connection that is over: conn, open_conn when it was still open, interaction when it is telling.
import type { RecordSink } from '../../model/records/index.ts';
import { connRow } from './conn-row.ts';
import { type Connection, Transport } from './connection.ts';
import type { ConnectionNames } from './connection-names.ts';
import { EndState } from './endpoint.ts';
import { interactionRow, isTelling } from './interaction-row.ts';

/** Whether nobody said goodbye. */
export function isOpen(connection: Connection): boolean {
  if (connection.transport !== Transport.tcp) return connection.transport === Transport.udp;
  const client = connection.clientEnd?.state ?? EndState.inactive;
  const server = connection.serverEnd?.state ?? EndState.inactive;
  return client < EndState.closed && server < EndState.closed && server !== EndState.inactive;
}

export class ConnectionWriter {
  readonly #sink: RecordSink;
  readonly #names: ConnectionNames;

  constructor(sink: RecordSink, names: ConnectionNames) {
    this.#sink = sink;
    this.#names = names;
  }

  /** @param stillOpen the capture ended before the connection did. */
  write(connection: Connection, stillOpen: boolean): void {
    const names = this.#names;
    const row = connRow(connection, {
      uid: names.uid(connection),
      client: names.address(connection, true),
      server: names.address(connection, false),
      context: names.context(connection),
    });
    if (stillOpen) this.#sink.emit('open_conn', { ...row });
    const { interaction } = connection;
    if (interaction !== null) {
      interaction.finish();
      if (isTelling(interaction, row.service)) this.#sink.emit('interaction', interactionRow(interaction, row));
    }
    this.#sink.emit('conn', row);
  }
}
