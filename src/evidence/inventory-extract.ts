// What the inventory knew of a machine during a time: the machine, and everything that it refers to, in every version that held then.
import { type EpochMicros, formatInstant } from '../base/units.ts';
import { type InventoryHistory, type InventoryKind, inventoryKinds, type Version } from '../model/inventory.ts';

/** Fields that refer to an item of another kind. */
const references: Readonly<Record<string, InventoryKind>> = {
  projectId: 'projects',
  userId: 'users',
  imageId: 'images',
  networkId: 'networks',
  subnetId: 'subnets',
  routerId: 'routers',
  portId: 'ports',
  securityGroupIds: 'securityGroups',
  externalNetworkId: 'networks',
};

const overlaps = ({ from, to }: Version<unknown>, first: EpochMicros, last: EpochMicros): boolean =>
  from <= last && (to === undefined || to > first);

const idsIn = (value: unknown): string[] => [value].flat().filter((one): one is string => typeof one === 'string' && one !== '');

/** Ids under the fields that refer to others, at any depth. */
function referredBy(value: unknown): (readonly [InventoryKind, string])[] {
  if (Array.isArray(value)) return value.flatMap(referredBy);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => {
    const kind = Object.hasOwn(references, name) ? references[name] : undefined;
    return kind === undefined ? referredBy(one) : idsIn(one).map((id) => [kind, id] as const);
  });
}

/** Items that point at the machine or at one of its ports: ports, floating addresses. */
function pointersTo(history: InventoryHistory, machineId: string): (readonly [InventoryKind, string])[] {
  const found: (readonly [InventoryKind, string])[] = [['machines', machineId]];
  const ports = new Set<string>();
  for (const { value } of history.versions('ports')) if (value.deviceId === machineId) ports.add(value.id);
  for (const id of ports) found.push(['ports', id]);
  for (const { value } of history.versions('floatingAddresses')) {
    if (value.portId !== undefined && ports.has(value.portId)) found.push(['floatingAddresses', value.id]);
  }
  for (const { value } of history.versions('portForwardings')) if (ports.has(value.portId)) found.push(['portForwardings', value.id]);
  return found;
}

/** NDJSON, one version a line, by kind and id; empty when the inventory knew nothing of the machine then. */
export function inventoryExtract(history: InventoryHistory, machineId: string, first: EpochMicros, last: EpochMicros): string {
  const wanted = new Map<string, readonly [InventoryKind, string]>();
  const queue = pointersTo(history, machineId);
  const lines: string[] = [];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const [kind, id] = next;
    const key = `${inventoryKinds.indexOf(kind).toString().padStart(2, '0')} ${id}`;
    if (wanted.has(key)) continue;
    wanted.set(key, next);
    for (const version of history.versionsOf(kind, id)) {
      if (!overlaps(version, first, last)) continue;
      const { value, from, to } = version as Version<unknown>;
      queue.push(...referredBy(value));
      lines.push(`${key} ${JSON.stringify({ kind, from: formatInstant(from), to: to === undefined ? null : formatInstant(to), value })}`);
    }
  }
  // Sorted by kind and id; the key goes again.
  return lines
    .sort()
    .map((line) => `${line.slice(line.indexOf('{'))}\n`)
    .join('');
}
