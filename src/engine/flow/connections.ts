// The connections there are: found by key, opened, and ended when their time is over.
import type { Packet } from '../wire/packet.ts';
import type { Connection, Transport } from './connection.ts';
import { ConnectionPool } from './connection-pool.ts';
import type { FlowKey } from './flow-key.ts';
import { type HistoryBook, letters } from './history.ts';
import { PeriodicChecks } from './periodic-checks.ts';
import { TimerWheel } from './timers.ts';

const minute = 60e6;
/** Step back in time that is not mere disorder, microseconds. */
const farBack = 3600e6;
/** Connections looked at to find one to give up. */
const victimLooks = 16;
/** Nobody answers from the broadcast address, so it is the server's. */
const broadcast = 0xffffffff | 0;

/** Told of each connection that is over, before its place is given to another. */
export type EndListener = (connection: Connection) => void;

export class Connections {
  readonly #pool: ConnectionPool;
  readonly #wheel = new TimerWheel();
  readonly #periodic = new PeriodicChecks();
  readonly #histories: HistoryBook;
  readonly #most: number;
  readonly #onEnd: EndListener;
  /** Start and ordinal of the connection that gave way to the one being opened. */
  #replacedAt = -1;
  #replacedOrdinal = 0;
  /** Never goes back, as in Zeek: with packets in disorder, time-outs count from the latest. Zeek's clock begins at second 1. */
  #now = 1e6;
  opened = 0;
  /** Ended early because there were too many. */
  evicted = 0;
  /** Most at once. */
  peak = 0;

  /** @param most at once; then the least worth is ended early */
  constructor(histories: HistoryBook, most: number, onEnd: EndListener) {
    this.#pool = new ConnectionPool(histories);
    this.#histories = histories;
    this.#most = most;
    this.#onEnd = onEnd;
  }

  /** At present. */
  get count(): number {
    return this.#pool.count;
  }

  /** Latest time of a packet; microseconds since the epoch. */
  get now(): number {
    return this.#now;
  }

  /** Lets time pass: ends what is over. Before each packet; cheap when nothing is due. */
  advance(at: number): void {
    // A far step back means that a time before was nonsense, or that another capture begins.
    if (at > this.#now || at < this.#now - farBack) this.#now = at;
    const now = this.#now;
    if (this.#wheel.isDue(now)) this.#wheel.advance(now, this.#look);
    if (now >= this.#periodic.nextDue) this.#periodic.run(now, this.#end);
  }

  /** The connection with this key, whether its time is over or not. */
  find(key: FlowKey): Connection | null {
    return this.#pool.find(key);
  }

  /** The connection with this key, unless its time is over: then it ends now. */
  current(key: FlowKey): Connection | null {
    const connection = this.#pool.find(key);
    if (connection === null || !connection.isOver(this.#now)) return connection;
    this.replace(connection);
    return null;
  }

  /** Ends a connection because another of its key begins. */
  replace(connection: Connection): void {
    this.#replacedAt = connection.startedAt;
    this.#replacedOrdinal = connection.rare?.ordinal ?? 0;
    this.end(connection);
  }

  /** @param flips the packet comes from the server, as far as ports and flags tell */
  open(key: FlowKey, packet: Packet, transport: Transport, flips: boolean): Connection {
    if (this.#pool.count >= this.#most) this.#evict();
    const connection = this.#pool.open(key);
    const { at } = packet;
    this.opened++;
    if (this.#pool.count > this.peak) this.peak = this.#pool.count;
    connection.begin(transport, packet.ipVersion === 6, packet.vlan, packet.innerVlan, at);
    connection.inactivityMs = minute / 1000;
    if (this.#replacedAt === at) connection.facts().ordinal = this.#replacedOrdinal + 1;
    this.#replacedAt = -1;
    if (flips && !(packet.ipVersion === 4 && packet.d3 === broadcast)) {
      connection.clientIsLow = !connection.clientIsLow;
      connection.history = connection.history.append(letters.flip, this.#histories);
    }
    this.#wheel.schedule(connection, at + minute);
    return connection;
  }

  end(connection: Connection): void {
    this.#wheel.cancel(connection);
    this.#onEnd(connection);
    this.#pool.close(connection);
  }

  /** Its end was moved forward. */
  hasten(connection: Connection): void {
    this.#wheel.schedule(connection, connection.endsAt);
  }

  /** Silence after which it ends, in microseconds; with `every`, silence is looked at only so often. */
  setInactivity(connection: Connection, micros: number, every: number | undefined): void {
    if (every !== undefined) {
      this.#periodic.add(connection, micros, every);
      return;
    }
    connection.inactivityMs = Math.ceil(micros / 1000);
    this.#wheel.schedule(connection, connection.due);
  }

  /** Everything at present; the visitor may end what it is given. */
  visit(visitor: EndListener): void {
    this.#pool.visit(visitor);
  }

  /** Files a connection under another key. */
  move(connection: Connection, key: FlowKey): void {
    this.#pool.move(connection, key);
  }

  #evict(): void {
    const victim = this.#pool.victim(victimLooks);
    if (victim === undefined) return;
    this.evicted++;
    this.end(victim);
  }

  /** The wheel came to this connection. */
  readonly #look = (connection: Connection): void => {
    if (connection.isOver(this.#now)) this.end(connection);
    else this.#wheel.schedule(connection, connection.due);
  };

  readonly #end = (connection: Connection): void => this.end(connection);
}
