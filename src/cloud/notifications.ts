// Port: a cloud that says which kinds of things changed, as they change. Adapter: oslo-notifications/.
import type { InventoryKind } from '../model/inventory.ts';

/** What listening tells. */
export interface InventoryWatcher {
  /** Something of these kinds has changed, or may have. */
  onKinds(kinds: readonly InventoryKind[]): void;
  /** Nothing is heard for now; told once, not at every try. */
  onAway(error: unknown): void;
  /** One sentence: notifications are heard, from now or again. */
  onListening(sentence: string): void;
}

/** The notifications of one cloud. */
export interface InventoryNotifications {
  /** Listens until the signal is aborted, across failures of whoever sends; ends without an error. */
  watchInventory(watcher: InventoryWatcher, signal: AbortSignal): Promise<void>;
}
