// What every exposure job opens first: the policy, and the inventory where there is one.
import { VedetteError } from '../../base/errors.ts';
import { epochMicros } from '../../base/units.ts';
import { type Policy, standardPolicy } from '../../exposure/policy.ts';
import { parsePolicy } from '../../exposure/policy-file.ts';
import type { ChosenInventory, InventoryChoice } from '../inventory.ts';
import type { ExposureDependencies } from './dependencies.ts';
import { Owners } from './owners.ts';

/** @throws {VedetteError} `input-missing`, `input-unreadable`, `policy-invalid` */
export const readPolicy = (path: string | undefined, { readText }: ExposureDependencies): Policy =>
  path === undefined ? standardPolicy : parsePolicy(path, readText(path));

/** An inventory that was named must be there; one of the state directory is used when it is. */
function inventoryOf(choice: InventoryChoice, { openInventory }: ExposureDependencies): ChosenInventory | undefined {
  const isNamed = (choice.paths ?? []).length > 0 || choice.cloud !== undefined;
  try {
    return openInventory(choice);
  } catch (error) {
    if (!isNamed && error instanceof VedetteError && error.code === 'inventory-none') return undefined;
    throw error;
  }
}

export interface OpenedOwners {
  readonly owners: Owners | undefined;
  readonly notes: readonly string[];
}

/** @throws {VedetteError} when a named inventory is not there or is broken */
export function openOwners(choice: InventoryChoice, dependencies: ExposureDependencies): OpenedOwners {
  const chosen = inventoryOf(choice, dependencies);
  if (chosen === undefined) return { owners: undefined, notes: [] };
  return { owners: new Owners(chosen.history, epochMicros(dependencies.now().getTime() * 1000)), notes: chosen.notes };
}
