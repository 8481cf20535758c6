// What is shown of an inventory: overview, lists, single items, holders over time.
import type { Attributor } from '../attribute/attributor.ts';
import { exposureOf } from '../attribute/port-exposure.ts';
import { VedetteError } from '../base/errors.ts';
import { inCidr, parseAddress, parseCidr } from '../base/ip.ts';
import { nearest } from '../base/suggestion.ts';
import type { EpochMicros } from '../base/units.ts';
import type { AttributionQuery, Exposure } from '../model/attribution.ts';
import { type InventoryHistory, type InventoryItems, type InventoryKind, inventoryKinds, type Version } from '../model/inventory.ts';
import { versionsAt } from '../model/inventory-at.ts';

export { Attributor } from '../attribute/attributor.ts';
export { type Holding, holdings } from '../attribute/holders.ts';

/** Items of any kind. */
export type AnyItem = InventoryItems[InventoryKind];

/** Other words for kinds, as people type them. */
const kindWords: Readonly<Record<string, InventoryKind>> = {
  ...{ servers: 'machines', vms: 'machines', instances: 'machines', floating: 'floatingAddresses', floatingips: 'floatingAddresses' },
  ...{ groups: 'securityGroups', forwardings: 'portForwardings', balancers: 'loadBalancers', tenants: 'projects', nodes: 'hosts' },
};

/** The kind that a word means; undefined when it means none. */
export function kindOfWord(word: string): InventoryKind | undefined {
  const plain = word.toLowerCase().replace(/[-_ ]/g, '');
  const found = inventoryKinds.find((kind) => [plain, `${plain}s`, `${plain}es`].includes(kind.toLowerCase()));
  return found ?? kindWords[plain] ?? kindWords[`${plain}s`];
}

/** Which items. All that are given must fit. */
export interface ItemFilter {
  readonly id?: string;
  readonly name?: string;
  /** Address or CIDR. */
  readonly address?: string;
  /** Id or name. */
  readonly project?: string;
}

/** All addresses in an item. */
function addressesOf(item: AnyItem): readonly string[] {
  const fixed = 'fixed' in item ? item.fixed.map(({ address }) => address) : [];
  const gateways = 'gatewayAddresses' in item ? item.gatewayAddresses.map(({ address }) => address) : [];
  const own = 'address' in item ? [item.address] : [];
  return [...fixed, ...gateways, ...own, ...('fixedAddress' in item && item.fixedAddress !== undefined ? [item.fixedAddress] : [])];
}

/** Items of a kind that fit, as of a time. Addresses of machines are those of their ports. */
export function listItems(
  history: InventoryHistory,
  kind: InventoryKind,
  filter: ItemFilter,
  at?: EpochMicros,
): readonly Version<AnyItem>[] {
  const { id, name, address, project } = filter;
  const projects = new Set(
    project === undefined
      ? []
      : [project, ...versionsAt(history, 'projects', at).flatMap(({ value }) => (value.name === project ? [value.id] : []))],
  );
  const range = address === undefined ? undefined : parseCidr(address);
  const lies = (text: string): boolean => {
    const words = parseAddress(text);
    return range !== undefined && words !== undefined && inCidr(range, ...words);
  };
  const holders =
    range === undefined
      ? undefined
      : new Set(versionsAt(history, 'ports', at).flatMap(({ value }) => (addressesOf(value).some(lies) ? [value.deviceId, value.id] : [])));
  const floating = range === undefined ? [] : versionsAt(history, 'floatingAddresses', at).filter(({ value }) => lies(value.address));
  for (const { value } of floating) {
    const port = value.portId === undefined ? undefined : history.versionsOf('ports', value.portId).at(-1)?.value;
    if (port !== undefined) holders?.add(port.id).add(port.deviceId);
  }
  return versionsAt(history, kind, at).filter(({ value }) => {
    const isProject =
      project === undefined ||
      projects.has(value.id) ||
      ('projectId' in value && value.projectId !== undefined && projects.has(value.projectId));
    const isNamed = name === undefined || ('name' in value && value.name.toLowerCase().includes(name.toLowerCase()));
    const isAddress = range === undefined || addressesOf(value).some(lies) || holders?.has(value.id) === true;
    return (id === undefined || value.id.startsWith(id)) && isNamed && isAddress && isProject;
  });
}

/** One item that was asked for by its id (or its beginning), name, address or MAC. */
export interface FoundItem {
  readonly kind: InventoryKind;
  readonly version: Version<AnyItem>;
}

/** Items that the text names, of all kinds; all versions when `at` is 'ever'. */
export function findItems(history: InventoryHistory, text: string, at?: EpochMicros | 'ever'): readonly FoundItem[] {
  const plain = text.toLowerCase();
  const matches = (item: AnyItem): boolean =>
    item.id.toLowerCase() === plain ||
    (plain.length >= 8 && item.id.toLowerCase().startsWith(plain)) ||
    ('name' in item && item.name.toLowerCase() === plain) ||
    ('mac' in item && item.mac === plain) ||
    addressesOf(item).includes(text);
  return inventoryKinds.flatMap((kind) => {
    const versions: readonly Version<AnyItem>[] = at === 'ever' ? [...history.versions(kind)] : versionsAt(history, kind, at);
    return versions.filter(({ value }) => matches(value)).map((version) => ({ kind, version }));
  });
}

/** @throws {VedetteError} `inventory-item` with names that are near */
export function nothingFound(history: InventoryHistory, what: string): never {
  const names = inventoryKinds.flatMap((kind) => versionsAt(history, kind).flatMap(({ value }) => ('name' in value ? [value.name] : [])));
  const meant = nearest(what, [...new Set([...names, ...inventoryKinds])]);
  throw new VedetteError('inventory-item', { what, cloud: history.cloud, hint: meant === undefined ? '' : ` (did you mean ${meant}?)` });
}

/** What the security groups let in to each machine of an answer. */
export function exposures(attributor: Attributor, query: AttributionQuery, portIds: readonly string[]): readonly Exposure[] {
  const { at, port, protocol } = query;
  return [...new Set(portIds)].flatMap((portId) => {
    const exposure = exposureOf(attributor.asOf, {
      portId,
      at,
      ...(port !== undefined && { port }),
      ...(protocol !== undefined && { protocol }),
    });
    return exposure ?? [];
  });
}
