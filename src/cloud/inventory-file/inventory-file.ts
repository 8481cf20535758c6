// A cloud described in a YAML (or JSON) file, for those without access to its API.
import { readFileSync } from 'node:fs';
import { VedetteError } from '../../base/errors.ts';
import { type EpochMicros, epochMicros } from '../../base/units.ts';
import { type InventoryEvent, inventoryKinds } from '../../model/inventory.ts';
import type { InventorySource } from '../inventory-source.ts';
import { checkInventoryFile, type Values } from './check-file.ts';
import { FileItems, type ItemLists } from './file-items.ts';

/** @throws {VedetteError} `input-missing`, `input-unreadable`, `inventory-invalid` */
export function openInventoryFile(path: string): InventorySource {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new VedetteError(code === 'ENOENT' ? 'input-missing' : 'input-unreadable', { path, reason: code }, { cause });
  }
  const file = checkInventoryFile(path, text);
  const { lists } = new FileItems(path, file);
  const { cloud, asOf } = file.values;
  return {
    cloud: typeof cloud === 'string' ? cloud : undefined,
    asOf: typeof asOf === 'string' ? micros(asOf) : undefined,
    notes: [],
    events: () => eventsOf(lists, file.values),
  };
}

/** Without a zone, UTC is meant. */
const micros = (text: string): EpochMicros =>
  epochMicros(Date.parse(/(?:Z|[+-]\d\d:?\d\d)$|^\d{4}-\d\d-\d\d$/.test(text) ? text : `${text.replace(' ', 'T')}Z`) * 1000);

function* eventsOf(lists: ItemLists, values: Values): Iterable<InventoryEvent> {
  for (const kind of inventoryKinds) {
    if (lists[kind].length > 0) yield { event: 'page', kind, items: lists[kind] } as InventoryEvent;
    // A file that leaves groups out does not say that everything is closed.
    if (kind !== 'securityGroups' || tellsGroups(values)) yield { event: 'complete', kind };
    else yield { event: 'gap', gap: { kind, reason: 'absent', detail: 'the file does not tell the security groups of every port' } };
  }
}

/** Whether there are groups, and every port of a machine says which it has. */
function tellsGroups(values: Values): boolean {
  const ports = ((values['machines'] ?? []) as Values[]).flatMap((machine) => (machine['ports'] ?? []) as Values[]);
  return (
    values['securityGroups'] !== undefined && ports.every((port) => port['securityGroups'] !== undefined || port['portSecurity'] === false)
  );
}
