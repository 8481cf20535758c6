// A machine with everything that containment must handle: all ports with those of its trunks, public addresses, mirrors, groups, routers.
import { VedetteError } from '../../base/errors.ts';
import type { Port, Router } from '../../model/inventory.ts';
import type { MachineState } from '../cloud.ts';
import type { OpenStackApi } from './api.ts';
import { machineOf } from './compute-mapping.ts';
import { serverById } from './find-machines.ts';
import { type JsonObject, text } from './json.ts';
import { inParallel } from './kind-reader.ts';
import { floatingAddressOf, portOf, securityGroupOf, subportsOf, tapFlowOf } from './network-mapping.ts';
import { networkLists, readTapFlows, routerWithHosts } from './network-readers.ts';
import { listWhere } from './paging.ts';

/** Owners of a router's ports in tenant networks: legacy, HA, DVR and its SNAT part. */
const routerOwners = [
  ...['network:router_interface', 'network:ha_router_replicated_interface'],
  ...['network:router_interface_distributed', 'network:router_centralized_snat'],
];

const unique = (values: readonly string[]): readonly string[] => [...new Set(values)];

/** The machine's ports, and those of trunks on them. */
async function portsOf(api: OpenStackApi, machineId: string): Promise<readonly Port[]> {
  const own = await listWhere(api, networkLists.ports, 'device_id', [machineId]);
  const hasTrunks = own.length > 0 && (await api.hasExtension('trunk'));
  const trunks = hasTrunks
    ? await listWhere(
        api,
        networkLists.trunks,
        'port_id',
        own.map((port) => text(port, 'id')),
      )
    : [];
  const places = new Map(trunks.flatMap(subportsOf));
  const subports = await listWhere(api, networkLists.ports, 'id', [...places.keys()]);
  return [...own.map((port) => portOf(port)), ...subports.map((port) => portOf(port, places.get(text(port, 'id'))))];
}

/** Routers that the networks are attached to, and those of floating addresses. */
async function routersOf(api: OpenStackApi, networkIds: readonly string[], also: readonly string[]): Promise<readonly Router[]> {
  const { isAdmin } = (await api.grant()).identity;
  const list = { ...networkLists.ports, query: { device_owner: routerOwners } };
  const interfaces = await listWhere(api, list, 'network_id', networkIds);
  const ids = unique([...interfaces.map((port) => text(port, 'device_id')), ...also]);
  const routers = await listWhere(api, networkLists.routers, 'id', ids);
  return inParallel(routers, (router: JsonObject) => routerWithHosts(api, router, isAdmin));
}

/** @throws {VedetteError} `machine-unknown` */
export async function machineStateOf(api: OpenStackApi, machineId: string): Promise<MachineState> {
  const server = await serverById(api, machineId);
  if (server === undefined) throw new VedetteError('machine-unknown', { cloud: api.cloud, machine: machineId });
  const machine = machineOf(server);
  const ports = await portsOf(api, machine.id);
  const portIds = ports.map((port) => port.id);
  const groupIds = unique(ports.flatMap((port) => port.securityGroupIds));
  const [floating, tapFlows, groups] = await Promise.all([
    listWhere(api, networkLists.floatingAddresses, 'port_id', portIds),
    readTapFlows(api),
    listWhere(api, networkLists.securityGroups, 'id', groupIds),
  ]);
  const floatingAddresses = floating.map(floatingAddressOf);
  const routerIds = floatingAddresses.flatMap(({ routerId }) => (routerId === undefined ? [] : [routerId]));
  return {
    machine,
    ports,
    floatingAddresses,
    tapFlows: tapFlows.map(tapFlowOf).filter((flow) => portIds.includes(flow.sourcePortId)),
    securityGroups: groups.map(securityGroupOf),
    routers: await routersOf(api, unique(ports.map((port) => port.networkId)), routerIds),
  };
}
