// A cloud as the openstack command printed it: `openstack server list --all-projects --long -f json > servers.json`, and so on.
import { epochMicros } from '../../base/units.ts';
import type { InventoryEvent, InventoryKind } from '../../model/inventory.ts';
import type { InventorySource } from '../inventory-source.ts';
import { type DumpItems, dumpItems } from './dump-mapping.ts';
import { commandOf, readTables, type TableName, tableNames } from './read-tables.ts';

/** The kind of item that a table lists. */
const kindOf: Readonly<Record<TableName, InventoryKind>> = {
  ...{ servers: 'machines', ports: 'ports', floatingAddresses: 'floatingAddresses', rules: 'securityGroups', groups: 'securityGroups' },
  ...{ subnets: 'subnets', networks: 'networks', routers: 'routers', users: 'users', projects: 'projects' },
};
const kinds = [
  'projects',
  'users',
  'images',
  'networks',
  'subnets',
  'securityGroups',
  'routers',
  'ports',
  'floatingAddresses',
  'machines',
] as const;

/** Reads files and directories. @throws {VedetteError} `input-missing`, `input-unreadable`, `inventory-invalid` */
export function openOpenstackDump(paths: readonly string[]): InventorySource {
  const { rows, notes, writtenAt } = readTables(paths);
  const items = dumpItems(rows);
  const missing = tableNames.filter((name) => !rows.has(name));
  return {
    cloud: undefined,
    asOf: epochMicros(Math.floor(writtenAt * 1000)),
    notes: [...notes, ...items.notes, ...(missing.length > 0 ? [`not among the files: ${missing.map(commandOf).join('; ')}`] : [])],
    events: () => eventsOf(items, missing),
  };
}

function* eventsOf(items: DumpItems, missing: readonly TableName[]): Iterable<InventoryEvent> {
  const absent = new Map(missing.map((name) => [kindOf[name], `${commandOf(name)} is not among the files`]));
  if (!items.tellsGroups) absent.set('securityGroups', 'the list of ports does not say which groups they have');
  for (const kind of kinds) {
    if (items[kind].length > 0) yield { event: 'page', kind, items: items[kind] } as InventoryEvent;
    const detail = absent.get(kind);
    if (kind === 'images') continue;
    if (detail === undefined) yield { event: 'complete', kind };
    else yield { event: 'gap', gap: { kind, reason: 'absent', detail } };
  }
}
