// Options that several commands share.
import { type Command, InvalidArgumentError } from 'commander';
import { parseDuration, parseInstant } from '../../base/parse-instant.ts';
import type { EpochMicros } from '../../base/units.ts';
import type { InventoryChoice } from '../../workflows/inventory.ts';
import { standardState } from '../../workflows/inventory.ts';

/** A time of the command line. */
export function timeArgument(text: string): EpochMicros {
  const at = parseInstant(text);
  if (at === undefined) throw new InvalidArgumentError(`"${text}" is not a time such as 2026-11-20T14:03:00Z or "2026-11-20 14:03" (UTC).`);
  return at;
}

/** A length of time of the command line, in seconds. */
export function durationArgument(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === undefined || seconds < 1)
    throw new InvalidArgumentError(`"${text}" is not a length of time such as 60s, 15m, 2h or 400d.`);
  return seconds;
}

/** Collects a repeatable option. */
export const collectTexts = (text: string, before: readonly string[]): readonly string[] => [...before, text];

/** What the options of `addInventoryOptions` give. */
export interface InventoryOptions {
  readonly state?: string;
  readonly cloud?: string;
  readonly inventory: readonly string[];
}

/** Options that say which inventory is meant. */
export function addInventoryOptions(command: Command): Command {
  return command
    .option('--inventory <path>', 'inventory.yaml, lists of the openstack command, or a state directory (repeatable)', collectTexts, [])
    .option('--state <dir>', `state directory (standard: ${standardState})`)
    .option('--cloud <name>', 'the cloud, where the state holds several');
}

/** The same as a choice. */
export const choiceOf = ({ state, cloud, inventory }: InventoryOptions): InventoryChoice => ({
  ...(state !== undefined && { state }),
  ...(cloud !== undefined && { cloud }),
  paths: inventory,
});
