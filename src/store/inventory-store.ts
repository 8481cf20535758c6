// Port: the history of clouds, kept on disk. Adapter: inventory-journal/.
import type { EpochMicros } from '../base/units.ts';
import type { InventoryEvent, InventoryHistory, InventoryKind, InventoryReading } from '../model/inventory.ts';

/** What opening a history came upon. */
export interface InventoryOpened {
  readonly history: InventoryHistory;
  /** Sentences about damage: what was dropped, and why. Empty when all is well. */
  readonly notes: readonly string[];
  /** Versions kept, and bytes on disk. */
  readonly versions: number;
  readonly bytes: number;
}

/** What one sync did. */
export interface InventorySynced {
  readonly reading: InventoryReading;
  /** Items read, of each kind. */
  readonly counts: Readonly<Partial<Record<InventoryKind, number>>>;
  readonly changed: number;
  readonly gone: number;
  /** Bytes that this sync added to the disk; the whole size after it. */
  readonly appendedBytes: number;
  readonly bytes: number;
  readonly compacted: boolean;
}

/** The one writer of a cloud's history. */
export interface InventoryWriter extends InventoryOpened {
  /**
   * Folds one reading into the history: all of it or, when it fails, nothing.
   * @throws {VedetteError} `state-unwritable`, and whatever the events throw
   */
  sync(events: AsyncIterable<InventoryEvent> | Iterable<InventoryEvent>, at: EpochMicros): Promise<InventorySynced>;
  /** Gives the lock back. */
  close(): void;
}

export interface InventoryStore {
  /** Names of the clouds that are kept, sorted. */
  clouds(): readonly string[];
  /** The history as last written; works while another process writes. @throws {VedetteError} `inventory-none`, `state-damaged` */
  open(cloud: string): InventoryOpened;
  /** @throws {VedetteError} `state-locked`, `state-unwritable`, `state-damaged` */
  openForWriting(cloud: string, options?: InventoryKeeping): InventoryWriter;
}

export interface InventoryKeeping {
  /** How long versions that no longer hold are kept. */
  readonly keepMicros?: number;
}
