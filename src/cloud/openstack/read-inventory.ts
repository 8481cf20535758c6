// One reading of an OpenStack cloud: each kind by its reader, what is missing as gaps.
import { VedetteError } from '../../base/errors.ts';
import { type InventoryEvent, type InventoryGap, type InventoryKind, inventoryKinds } from '../../model/inventory.ts';
import { readHosts, readKeypairs, readMachines } from './compute-readers.ts';
import { readImages, readProjects, readUsers } from './identity-readers.ts';
import type { KindReader, Source } from './kind-reader.ts';
import {
  readFloatingAddresses,
  readLoadBalancers,
  readNetworks,
  readPortForwardings,
  readPorts,
  readRouters,
  readSecurityGroups,
  readSubnets,
} from './network-readers.ts';

const readers: { readonly [K in InventoryKind]: KindReader<K> } = {
  projects: readProjects,
  users: readUsers,
  hosts: readHosts,
  images: readImages,
  keypairs: readKeypairs,
  networks: readNetworks,
  subnets: readSubnets,
  securityGroups: readSecurityGroups,
  routers: readRouters,
  ports: readPorts,
  floatingAddresses: readFloatingAddresses,
  portForwardings: readPortForwardings,
  loadBalancers: readLoadBalancers,
  machines: readMachines,
};

/** The gap that an error leaves; rethrows what is none: a bug, an abort. */
function gapOf(kind: InventoryKind, error: unknown): InventoryGap {
  if (!(error instanceof VedetteError)) throw error;
  const reason = error.code === 'cloud-forbidden' ? 'forbidden' : 'failed';
  return { kind, reason, detail: error.message };
}

/** Reads one kind: gaps, pages, and `complete` when nothing is missing. */
export async function* readKind(kind: InventoryKind, source: Source): AsyncGenerator<InventoryEvent> {
  let isWhole = true;
  try {
    for await (const part of readers[kind](source)) {
      if ('gap' in part) {
        isWhole = false;
        yield { event: 'gap', gap: { kind, ...part.gap } };
      } else if (part.items.length > 0) {
        // The table of readers ties items to their kind; the compiler cannot follow a kind that varies.
        yield { event: 'page', kind, items: part.items } as InventoryEvent;
      }
    }
  } catch (error) {
    isWhole = false;
    yield { event: 'gap', gap: gapOf(kind, error) };
  }
  if (isWhole) yield { event: 'complete', kind };
}

/** Reads kinds in the order of `inventoryKinds`. */
export async function* readInventory(kinds: readonly InventoryKind[] | undefined, source: Source): AsyncGenerator<InventoryEvent> {
  for (const kind of inventoryKinds) if (kinds === undefined || kinds.includes(kind)) yield* readKind(kind, source);
}
