// Which kinds are to be read again, and when: soon after the last event, never long after the first, and not without a rest. Pure.
import { type InventoryKind, inventoryKinds } from '../model/inventory.ts';

/** Events come in bursts (a machine makes ten): how long it must be quiet. */
const quietMs = 2000;
/** However many come, reading does not wait longer. */
const longestWaitMs = 5000;
/** Rest between two readings; a reading that took longer rests as long as it took. */
const restMs = 5000;

/** Kinds that events named since they were last taken. Times are milliseconds of one clock. */
export class ChangedKinds {
  readonly #kinds = new Set<InventoryKind>();
  #firstMs = 0;
  #lastMs = 0;
  #restedMs = Number.NEGATIVE_INFINITY;

  add(kinds: readonly InventoryKind[], nowMs: number): void {
    if (kinds.length === 0) return;
    if (this.#kinds.size === 0) this.#firstMs = nowMs;
    this.#lastMs = nowMs;
    for (const kind of kinds) this.#kinds.add(kind);
  }

  /** When to read; infinite when nothing changed. */
  get dueMs(): number {
    if (this.#kinds.size === 0) return Number.POSITIVE_INFINITY;
    return Math.max(Math.min(this.#lastMs + quietMs, this.#firstMs + longestWaitMs), this.#restedMs);
  }

  /** A reading is over. */
  read(startedMs: number, endedMs: number): void {
    this.#restedMs = endedMs + Math.max(restMs, endedMs - startedMs);
  }

  /** The kinds, in their usual order; from now on nothing has changed. */
  take(): readonly InventoryKind[] {
    const kinds = inventoryKinds.filter((kind) => this.#kinds.has(kind));
    this.#kinds.clear();
    return kinds;
  }
}
