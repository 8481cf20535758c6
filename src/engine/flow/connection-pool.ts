// All connections of a table by key, and the objects of those that are gone for the next ones.
import { Connection, never } from './connection.ts';
import type { FlowKey } from './flow-key.ts';
import type { HistoryBook } from './history.ts';
import { KeyTable } from './key-table.ts';

/** Gone connections kept for reuse; more are left to the garbage collector. */
const mostSpare = 16_384;
/** Looks for one that is about to end anyway, before a lasting connection is given up. */
const mostLooks = 1024;

export class ConnectionPool {
  readonly #table = new KeyTable();
  readonly #connections: (Connection | undefined)[] = [];
  readonly #spare: Connection[] = [];
  /** Places whose objects were let go. */
  readonly #freePlaces: number[] = [];
  readonly #histories: HistoryBook;
  count = 0;

  constructor(histories: HistoryBook) {
    this.#histories = histories;
  }

  find(key: FlowKey): Connection | null {
    const table = this.#table;
    for (let index = table.first(key.hash); index >= 0; index = table.next(key.hash, index)) {
      const connection = this.#connections[table.place(index)];
      if (connection !== undefined && key.isOf(connection)) return connection;
    }
    return null;
  }

  /** A connection as new, with the key, in the table. */
  open(key: FlowKey): Connection {
    let connection = this.#spare.pop();
    if (connection === undefined) {
      const place = this.#freePlaces.pop() ?? this.#connections.length;
      connection = new Connection(place, this.#histories.empty);
      this.#connections[place] = connection;
    } else connection.recycle(this.#histories.empty);
    key.copyTo(connection);
    connection.clientIsLow = key.fromLow;
    connection.alive = true;
    this.#table.insert(key.hash, connection.id);
    this.count++;
    return connection;
  }

  /** Takes the connection out; nobody may use it afterwards. */
  close(connection: Connection): void {
    this.#table.remove(connection.hash, connection.id);
    connection.alive = false;
    this.count--;
    if (this.#spare.length < mostSpare) this.#spare.push(connection);
    else {
      this.#connections[connection.id] = undefined;
      this.#freePlaces.push(connection.id);
    }
  }

  /** Files the connection under another key. When that is taken, it can be found by none any more but lives on. */
  move(connection: Connection, key: FlowKey): void {
    this.#table.remove(connection.hash, connection.id);
    const isTaken = this.find(key) !== null;
    key.copyTo(connection);
    if (!isTaken) this.#table.insert(key.hash, connection.id);
  }

  /** Everything in the table; the visitor may close what it is given. */
  visit(visitor: (connection: Connection) => void): void {
    for (const connection of this.#connections) if (connection?.alive === true) visitor(connection);
  }

  /**
   * A connection to give up for a new one: the least worth of a few, looked at in turn. Unanswered attempts and closed
   * connections go before others, then those silent for longest.
   */
  victim(looks: number): Connection | undefined {
    let worst: Connection | undefined;
    const size = this.#connections.length;
    for (let i = 0; i < looks || (i < mostLooks && !isPassing(worst)); i++) {
      this.#hand = this.#hand + 1 >= size ? 0 : this.#hand + 1;
      const connection = this.#connections[this.#hand];
      if (connection?.alive === true && (worst === undefined || isWorthLess(connection, worst))) worst = connection;
    }
    return worst;
  }
  #hand = -1;
}

const isPassing = (connection: Connection | undefined): boolean =>
  connection !== undefined && (connection.endsAt !== never || connection.serverPackets === 0);

function isWorthLess(a: Connection, b: Connection): boolean {
  const aPasses = isPassing(a);
  return aPasses === isPassing(b) ? a.lastAt < b.lastAt : aPasses;
}
