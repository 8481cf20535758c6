// Transactions belong to the connection, not to the session: inside a CONNECT tunnel, or when HTTP is recognised anew after a
// false start, a second session goes on counting where the first stopped.
import type { Flow } from '../analyzer.ts';
import { Transactions } from './transactions.ts';

/** Connections remembered for a second session; the oldest is forgotten, and its second session counts from one. */
const maxKept = 10_000;

export class TransactionBook {
  readonly #kept = new Map<string, Transactions>();

  /** Those of the connection; new ones where no earlier session left any. */
  open(flow: Flow): Transactions {
    const transactions = (this.#kept.size === 0 ? undefined : this.#kept.get(flow.uid)) ?? new Transactions(flow);
    transactions.users++;
    return transactions;
  }

  /** A session stops reading, but another may go on. */
  keep(flow: Flow, transactions: Transactions): void {
    if (this.#kept.size >= maxKept) for (const oldest of this.#kept.keys()) if (this.#kept.delete(oldest)) break;
    this.#kept.set(flow.uid, transactions);
  }

  /** A session is closed; with the last one the open transactions are written. */
  close(flow: Flow, transactions: Transactions): void {
    if (--transactions.users > 0) return;
    if (this.#kept.size > 0) this.#kept.delete(flow.uid);
    transactions.close();
  }
}
