// Lists of an inventory as tables: the columns of each kind.
import { type EpochMicros, formatInstant } from '../../base/units.ts';
import { visible } from '../../base/visible.ts';
import { type InventoryHistory, type InventoryItems, type InventoryKind, inventoryKinds, type Version } from '../../model/inventory.ts';
import { versionsAt } from '../../model/inventory-at.ts';
import type { AnyItem } from '../../workflows/inventory-views.ts';
import { factsText, tableText } from './table.ts';

/** `2026-11-20 14:03:00` */
export const instantText = (at: EpochMicros | undefined): string =>
  at === undefined ? '' : formatInstant(at).slice(0, 19).replace('T', ' ');

/** From when, in a table; what counts for all times has no time. */
export const sinceText = (history: InventoryHistory, at: EpochMicros | undefined): string =>
  history.timeless ? 'always' : instantText(at);

type Columns<K extends InventoryKind> = readonly (readonly [head: string, cell: (item: InventoryItems[K], names: Names) => string])[];

/** Names of what items refer to. */
class Names {
  readonly #history: InventoryHistory;
  readonly #at: EpochMicros | undefined;
  #addresses: Map<string, string[]> | undefined;

  constructor(history: InventoryHistory, at: EpochMicros | undefined) {
    this.#history = history;
    this.#at = at;
  }

  of(kind: 'projects' | 'users' | 'networks' | 'routers' | 'machines' | 'images' | 'securityGroups', id: string | undefined): string {
    if (id === undefined || id === '') return '';
    const versions = this.#history.versionsOf(kind, id);
    return versions.findLast(({ from }) => this.#at === undefined || from <= this.#at)?.value.name || id;
  }

  holder(deviceId: string): string {
    const machine = this.of('machines', deviceId);
    return machine === deviceId ? this.of('routers', deviceId) : machine;
  }

  /** Addresses of a machine's ports, floating ones after a slash. */
  addresses(machineId: string): string {
    this.#addresses ??= this.#collect();
    return (this.#addresses.get(machineId) ?? []).join(', ');
  }

  #collect(): Map<string, string[]> {
    const floating = new Map(versionsAt(this.#history, 'floatingAddresses', this.#at).map(({ value }) => [value.portId, value.address]));
    const addresses = new Map<string, string[]>();
    for (const { value } of versionsAt(this.#history, 'ports', this.#at)) {
      const own = value.fixed.map(({ address }) => address).join(', ');
      const shown = floating.has(value.id) ? `${own} / ${floating.get(value.id)}` : own;
      addresses.set(value.deviceId, [...(addresses.get(value.deviceId) ?? []), shown]);
    }
    return addresses;
  }
}

const columns: { readonly [K in InventoryKind]: Columns<K> } = {
  projects: [
    ['NAME', ({ name }) => name],
    ['ENABLED', ({ enabled }) => (enabled ? 'yes' : 'no')],
    ['DESCRIPTION', ({ description }) => description ?? ''],
  ],
  users: [
    ['NAME', ({ name }) => name],
    ['MAIL', ({ email }) => email ?? ''],
  ],
  hosts: [
    ['NAME', ({ name }) => name],
    ['ROLES', ({ roles }) => roles.join(', ')],
    ['UP', ({ up }) => (up ? 'yes' : 'no')],
  ],
  images: [
    ['NAME', ({ name }) => name],
    ['STATUS', ({ status }) => status],
  ],
  keypairs: [
    ['NAME', ({ name }) => name],
    ['USER', ({ userId }, n) => n.of('users', userId)],
    ['FINGERPRINT', ({ fingerprint }) => fingerprint ?? ''],
  ],
  networks: [
    ['NAME', ({ name }) => name],
    ['PROJECT', ({ projectId }, n) => n.of('projects', projectId)],
    [
      'SEGMENT',
      ({ segments }) => segments.map(({ type, number }) => [type, number].filter((one) => one !== undefined).join(':')).join(', '),
    ],
    ['KIND', ({ external, shared }) => (external ? 'external' : shared ? 'shared' : 'tenant')],
  ],
  subnets: [
    ['CIDR', ({ cidr }) => cidr],
    ['NETWORK', ({ networkId }, n) => n.of('networks', networkId)],
    ['GATEWAY', ({ gateway }) => gateway ?? ''],
  ],
  securityGroups: [
    ['NAME', ({ name }) => name],
    ['PROJECT', ({ projectId }, n) => n.of('projects', projectId)],
    ['RULES', ({ rules }) => String(rules.length)],
  ],
  routers: [
    ['NAME', ({ name }) => name],
    ['PROJECT', ({ projectId }, n) => n.of('projects', projectId)],
    ['PUBLIC', ({ gatewayAddresses }) => gatewayAddresses.map(({ address }) => address).join(', ')],
    ['NODES', ({ hosts }) => hosts.map(({ host, active }) => (active ? `${host} (active)` : host)).join(', ')],
  ],
  ports: [
    ['ADDRESSES', ({ fixed }) => fixed.map(({ address }) => address).join(', ')],
    ['MAC', ({ mac }) => mac],
    ['NETWORK', ({ networkId }, n) => n.of('networks', networkId)],
    ['BELONGS TO', ({ deviceId }, n) => n.holder(deviceId)],
    ['USE', ({ deviceOwner }) => deviceOwner],
  ],
  floatingAddresses: [
    ['ADDRESS', ({ address }) => address],
    ['TO', ({ fixedAddress }) => fixedAddress ?? 'not assigned'],
    ['PROJECT', ({ projectId }, n) => n.of('projects', projectId)],
  ],
  portForwardings: [
    [
      'PUBLIC PORT',
      ({ protocol, externalFrom, externalTo }) => `${protocol} ${externalFrom}${externalTo === externalFrom ? '' : `-${externalTo}`}`,
    ],
    ['TO', ({ internalAddress, internalFrom }) => `${internalAddress}:${internalFrom}`],
  ],
  loadBalancers: [
    ['NAME', ({ name }) => name],
    ['ADDRESS', ({ address }) => address],
    ['PROJECT', ({ projectId }, n) => n.of('projects', projectId)],
  ],
  machines: [
    ['NAME', ({ name }) => name],
    ['PROJECT', ({ projectId }, n) => n.of('projects', projectId)],
    ['OWNER', ({ userId }, n) => n.of('users', userId)],
    ['STATUS', ({ status }) => status],
    ['HOST', ({ host }) => host ?? ''],
    ['ADDRESSES', ({ id }, n) => n.addresses(id)],
  ],
};

/** A list with its columns, since when and the id. */
export function listText(history: InventoryHistory, kind: InventoryKind, versions: readonly Version<AnyItem>[], at?: EpochMicros): string {
  const own = columns[kind] as unknown as Columns<InventoryKind>;
  const names = new Names(history, at);
  const rows = versions.map(({ value, from }) => [
    ...own.map(([, cell]) => cell(value as never, names)),
    sinceText(history, from),
    value.id,
  ]);
  return tableText([...own.map(([head]) => head), 'SINCE', 'ID'], rows);
}

/** Numbers, times of readings, gaps. */
export function overviewText(history: InventoryHistory, now: EpochMicros, at?: EpochMicros): string {
  const { lastReadAt, firstReadAt, timeless } = history;
  const facts: [string, string][] = timeless
    ? [
        ['cloud', history.cloud],
        ['read', 'from a file without a time: counts for all times'],
      ]
    : [
        ['cloud', history.cloud],
        ['first reading', instantText(firstReadAt)],
        ['last reading', `${instantText(lastReadAt)}${ageNote(lastReadAt, now)}`],
      ];
  const rows = inventoryKinds.flatMap((kind) => {
    const count = versionsAt(history, kind, at).length;
    return count === 0 ? [] : [[kind, String(count)]];
  });
  const gaps = history.gaps.map(({ kind, detail }) => `not all known: ${kind}: ${detail}`);
  return `${factsText(facts)}\n${tableText(['KIND', 'ITEMS'], rows)}${gaps.length === 0 ? '' : `\n${gaps.map((gap) => `${visible(gap)}\n`).join('')}`}`;
}

function ageNote(at: EpochMicros | undefined, now: EpochMicros): string {
  if (at === undefined || now <= at) return '';
  const minutes = Math.floor((now - at) / 60e6);
  if (minutes < 15) return '';
  const age =
    minutes < 120 ? `${minutes} minutes` : minutes < 2880 ? `${Math.floor(minutes / 60)} hours` : `${Math.floor(minutes / 1440)} days`;
  return ` (STALE: ${age} ago)`;
}
