// Silence that is looked at only now and then: Zeek's timer of DNS over UDP looks each 10 s and ends the connection after 9 s.
import type { Connection } from './connection.ts';

interface Check {
  readonly connection: Connection;
  /** Tells the connection from a later one in the same place. */
  readonly startedAt: number;
  readonly ordinal: number;
  readonly silence: number;
  due: number;
}

/** Checks of one period: due in the order in which they were asked for, so that a queue does. */
class Queue {
  readonly #period: number;
  #checks: Check[] = [];
  #head = 0;

  constructor(period: number) {
    this.#period = period;
  }

  get nextDue(): number {
    return this.#checks[this.#head]?.due ?? Number.POSITIVE_INFINITY;
  }

  add(check: Check): void {
    this.#checks.push(check);
  }

  run(at: number, expire: (connection: Connection) => void): void {
    for (let check = this.#checks[this.#head]; check !== undefined && check.due <= at; check = this.#checks[this.#head]) {
      this.#head++;
      const { connection } = check;
      if (!connection.alive || connection.startedAt !== check.startedAt || (connection.rare?.ordinal ?? 0) !== check.ordinal) continue;
      if (at - connection.lastAt >= check.silence) expire(connection);
      else {
        check.due = at + this.#period;
        this.#checks.push(check);
      }
    }
    if (this.#head > 1024 && this.#head * 2 > this.#checks.length) {
      this.#checks = this.#checks.slice(this.#head);
      this.#head = 0;
    }
  }
}

/** Periods in use at once; further ones share the last. */
const mostPeriods = 8;

export class PeriodicChecks {
  readonly #queues = new Map<number, Queue>();
  /** Earliest moment at which `run` has something to do. */
  nextDue = Number.POSITIVE_INFINITY;

  /** Looks at the connection each `period` from its start (microseconds); ends it when it was silent for `silence`. */
  add(connection: Connection, silence: number, period: number): void {
    let queue = this.#queues.get(period);
    if (queue === undefined) {
      if (this.#queues.size >= mostPeriods) return;
      queue = new Queue(period);
      this.#queues.set(period, queue);
    }
    const due = connection.startedAt + period;
    queue.add({ connection, startedAt: connection.startedAt, ordinal: connection.rare?.ordinal ?? 0, silence, due });
    if (due < this.nextDue) this.nextDue = due;
  }

  run(at: number, expire: (connection: Connection) => void): void {
    let next = Number.POSITIVE_INFINITY;
    for (const queue of this.#queues.values()) {
      queue.run(at, expire);
      if (queue.nextDue < next) next = queue.nextDue;
    }
    this.nextDue = next;
  }
}
