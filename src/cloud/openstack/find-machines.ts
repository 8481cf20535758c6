// Machines by whatever a person has at hand: id, name, address (fixed or floating), MAC.
import { parseAddress } from '../../base/ip.ts';
import type { Machine } from '../../model/inventory.ts';
import { type OpenStackApi, path } from './api.ts';
import { isRefusal } from './api-errors.ts';
import { machineOf } from './compute-mapping.ts';
import { allowedServerList } from './compute-readers.ts';
import { asObject, type JsonObject, optionalText, text } from './json.ts';
import { forwardingExtension, forwardingsOf, networkLists } from './network-readers.ts';
import { type ListRequest, listWhere, pagesOf } from './paging.ts';

const uuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const mac = /^[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}$/i;

/** Nova's filter on names is a regular expression of the database. */
const escapeRegex = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** An IPv6 address as Neutron keeps it (RFC 5952); IPv4 as it is. */
function canonical(address: string): string {
  return address.includes(':') ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}

/** One server; undefined when there is none, or none that this user may see. */
export async function serverById(api: OpenStackApi, id: string): Promise<JsonObject | undefined> {
  try {
    return asObject((await api.get('compute', path`/servers/${id}`, `machine ${id}`))['server']);
  } catch (error) {
    // Nova hides other projects' machines behind 403 in some releases.
    if (isRefusal(error, 'cloud-unknown-item', 'cloud-forbidden')) return undefined;
    throw error;
  }
}

/** Ids of the machines of ports; a trunk's subport belongs to the machine of its parent. */
async function machineIdsOf(api: OpenStackApi, ports: readonly JsonObject[]): Promise<readonly string[]> {
  const subports = ports.filter((port) => text(port, 'device_owner') === 'trunk:subport');
  const parents = await parentsOf(api, subports);
  const own = [...ports, ...parents].filter((port) => text(port, 'device_owner').startsWith('compute:'));
  return [...new Set(own.map((port) => text(port, 'device_id')))];
}

async function parentsOf(api: OpenStackApi, subports: readonly JsonObject[]): Promise<readonly JsonObject[]> {
  if (subports.length === 0) return [];
  // Neutron puts the trunk's id into the subport's device_id.
  const trunks = await listWhere(
    api,
    networkLists.trunks,
    'id',
    subports.map((port) => text(port, 'device_id')),
  );
  return listWhere(
    api,
    networkLists.ports,
    'id',
    trunks.map((trunk) => text(trunk, 'port_id')),
  );
}

/** Ports behind a floating address: its own, or those that its port forwardings lead to. */
async function portIdsBehind(api: OpenStackApi, floating: JsonObject): Promise<readonly string[]> {
  const portId = optionalText(floating, 'port_id');
  if (portId !== undefined) return [portId];
  if (!(await api.hasExtension(forwardingExtension))) return [];
  return (await forwardingsOf(api, text(floating, 'id'))).map((forwarding) => forwarding.portId);
}

async function portsWithAddress(api: OpenStackApi, address: string): Promise<readonly JsonObject[]> {
  const fixed = await listWhere(api, networkLists.ports, 'fixed_ips', [`ip_address=${address}`]);
  const floating = await listWhere(api, networkLists.floatingAddresses, 'floating_ip_address', [address]);
  const behind: string[] = [];
  for (const one of floating) behind.push(...(await portIdsBehind(api, one)));
  return [...fixed, ...(await listWhere(api, networkLists.ports, 'id', behind))];
}

async function serversNamed(api: OpenStackApi, name: string): Promise<readonly JsonObject[]> {
  const { list } = await allowedServerList({ api, grant: await api.grant() });
  const narrowed: ListRequest = { ...list, query: { ...list.query, name: `^${escapeRegex(name)}$` } };
  const found: JsonObject[] = [];
  for await (const page of pagesOf(api, narrowed)) found.push(...page.filter((server) => text(server, 'name') === name));
  return found;
}

async function portsFor(api: OpenStackApi, wanted: string): Promise<readonly JsonObject[]> {
  if (mac.test(wanted)) return listWhere(api, networkLists.ports, 'mac_address', [wanted.toLowerCase().replaceAll('-', ':')]);
  return parseAddress(wanted) === undefined ? [] : portsWithAddress(api, canonical(wanted));
}

/** Machines that `wanted` may mean, in the order of their ids; several, when tenants share a range or a name. */
export async function findMachines(api: OpenStackApi, wanted: string): Promise<readonly Machine[]> {
  const sought = wanted.trim();
  if (sought === '') return [];
  const found = new Map<string, JsonObject>();
  const ids = [...(uuid.test(sought) ? [sought] : []), ...(await machineIdsOf(api, await portsFor(api, sought)))];
  for (const id of ids) {
    const server = await serverById(api, id);
    if (server !== undefined) found.set(text(server, 'id'), server);
  }
  if (found.size === 0 || !uuid.test(sought)) for (const server of await serversNamed(api, sought)) found.set(text(server, 'id'), server);
  return [...found.values()].map(machineOf).sort((a, b) => (a.id < b.id ? -1 : 1));
}
