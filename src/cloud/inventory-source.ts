// Port: what an inventory is read from, besides a cloud's API (cloud.ts). Adapters: inventory-file/, openstack-dump/.
import type { EpochMicros } from '../base/units.ts';
import type { InventoryEvent } from '../model/inventory.ts';

/** One description of a cloud, read from files. */
export interface InventorySource {
  /** Name of the cloud, where the files say it. */
  readonly cloud: string | undefined;
  /** When it was true; undefined when the files do not say: then it counts for all times. */
  readonly asOf: EpochMicros | undefined;
  /** What a person should know: columns that are missing, files passed over. */
  readonly notes: readonly string[];
  events(): Iterable<InventoryEvent>;
}
