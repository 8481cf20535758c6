// What a connection is called in rows: identifier, addresses, network context.
import type { Packet } from '../wire/packet.ts';
import { AddressBook, type KnownAddress } from './address-book.ts';
import type { Connection } from './connection.ts';
import type { LocalNets } from './local-nets.ts';
import { IdHash } from './uid.ts';
import type { WeirdSubject } from './weirds.ts';

export class ConnectionNames {
  readonly #addresses: AddressBook;
  readonly #ids = new IdHash();
  readonly #seed: number;
  readonly #contextText: (context: number) => string | undefined;

  /** @param seed of identifiers. */
  constructor(nets: LocalNets, seed: number, contextText: (context: number) => string | undefined) {
    this.#addresses = new AddressBook(nets);
    this.#seed = seed;
    this.#contextText = contextText;
  }

  /** Made of what the connection is (not of how it was cut into captures), so that a replay gives the same. Made on first use. */
  uid(connection: Connection): string {
    if (connection.uid !== '') return connection.uid;
    const ids = this.#ids;
    ids.reset(this.#seed);
    const context = this.context(connection);
    if (context !== undefined) ids.addText(context);
    ids.add(connection.keyProtocol);
    const { upper } = connection;
    if (upper !== null) {
      ids.add(upper.low0);
      ids.add(upper.low1);
      ids.add(upper.low2);
      ids.add(upper.high0);
      ids.add(upper.high1);
      ids.add(upper.high2);
    }
    ids.add(connection.low3);
    ids.add(connection.high3);
    ids.add(connection.ports);
    ids.addTime(connection.startedAt);
    ids.add(connection.rare?.ordinal ?? 0);
    connection.uid = ids.text('C');
    return connection.uid;
  }

  /** Address of the client or of the server. */
  address(connection: Connection, client: boolean): KnownAddress {
    const { upper } = connection;
    const isLow = client === connection.clientIsLow;
    const last = isLow ? connection.low3 : connection.high3;
    if (upper === null) return this.#addresses.look(0, 0, 0xffff, last);
    return isLow
      ? this.#addresses.look(upper.low0, upper.low1, upper.low2, last)
      : this.#addresses.look(upper.high0, upper.high1, upper.high2, last);
  }

  /** For the `context` column. */
  context(connection: Connection): string | undefined {
    return this.#contextText(connection.context);
  }

  /** For an oddity of a connection. */
  subject(connection: Connection): WeirdSubject {
    return {
      uid: this.uid(connection),
      clientAddress: this.address(connection, true).text,
      clientPort: connection.clientPort,
      serverAddress: this.address(connection, false).text,
      serverPort: connection.serverPort,
      context: this.context(connection),
    };
  }

  /** For an oddity of a packet that belongs to no connection. */
  packetSubject(packet: Packet): WeirdSubject {
    return {
      uid: undefined,
      clientAddress: this.#addresses.look(packet.s0, packet.s1, packet.s2, packet.s3).text,
      clientPort: 0,
      serverAddress: this.#addresses.look(packet.d0, packet.d1, packet.d2, packet.d3).text,
      serverPort: 0,
      context: this.#contextText(packet.context),
    };
  }
}
