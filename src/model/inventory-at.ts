// The inventory as it was at one time.
import type { EpochMicros } from '../base/units.ts';
import type { InventoryHistory, InventoryItems, InventoryKind, Version } from './inventory.ts';

/** Whether the version held. What was read first later than the time did not. */
export const heldAt = (history: InventoryHistory, { from, to }: Version<unknown>, at: EpochMicros | undefined): boolean =>
  at === undefined ? to === undefined : history.timeless || (from <= at && (to === undefined || to > at));

/** Versions of a kind that held at a time; without one, those that hold now. In the order of their ids. */
export function versionsAt<K extends InventoryKind>(
  history: InventoryHistory,
  kind: K,
  at?: EpochMicros,
): readonly Version<InventoryItems[K]>[] {
  const versions = [...history.versions(kind)].filter((version) => heldAt(history, version, at));
  return versions.sort((a, b) => (a.value.id < b.value.id ? -1 : 1));
}
