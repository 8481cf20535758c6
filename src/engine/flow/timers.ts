// Time-outs by packet time: a wheel of one-second slots, each a list through the connections themselves.
import type { Connection } from './connection.ts';

const second = 1e6;
/** Slots; a later end waits in the last one and is put forward from there. */
const slots = 512;

/**
 * Connections by when they have to be looked at next. Being looked at late (up to a second) or early is harmless: whether
 * a connection is over is asked of itself, also when a packet comes for it.
 */
export class TimerWheel {
  readonly #heads = new Array<Connection | null>(slots).fill(null);
  /** Second that was worked through last. */
  #now = -1;

  /** Sets or moves a connection's next look to `at` (microseconds). */
  schedule(connection: Connection, at: number): void {
    if (this.#now < 0) this.#now = Math.floor(connection.startedAt / second) - 1;
    let due = Math.floor(at / second);
    if (due <= this.#now) due = this.#now + 1;
    else if (due >= this.#now + slots) due = this.#now + slots - 1;
    const slot = due % slots;
    if (connection.slot === slot) return;
    this.cancel(connection);
    const head = this.#heads[slot] ?? null;
    connection.slot = slot;
    connection.later = head;
    connection.earlier = null;
    if (head !== null) head.earlier = connection;
    this.#heads[slot] = connection;
  }

  cancel(connection: Connection): void {
    if (connection.slot < 0) return;
    const { earlier, later } = connection;
    if (earlier === null) this.#heads[connection.slot] = later;
    else earlier.later = later;
    if (later !== null) later.earlier = earlier;
    connection.slot = -1;
    connection.earlier = null;
    connection.later = null;
  }

  /** Whether `advance` has something to do at `at`: cheap enough for every packet. */
  isDue(at: number): boolean {
    return at >= (this.#now + 2) * second || at < (this.#now - slots) * second;
  }

  /** Hands every connection whose second has passed to `look`, which schedules it again or forgets it. */
  advance(at: number, look: (connection: Connection) => void): void {
    const until = Math.floor(at / second) - 1;
    // Before the first packet, and when time jumped back: begin anew; what waits is found as the wheel turns.
    if (this.#now < 0 || until < this.#now - slots) this.#now = until;
    // After a pause longer than the wheel every slot is due once.
    const from = Math.max(this.#now + 1, until - slots + 1);
    for (let due = from; due <= until; due++) {
      this.#now = due;
      const slot = due % slots;
      for (let connection = this.#heads[slot] ?? null; connection !== null; connection = this.#heads[slot] ?? null) {
        this.cancel(connection);
        look(connection);
      }
    }
  }
}
