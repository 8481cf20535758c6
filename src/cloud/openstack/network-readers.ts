// Reads Neutron's kinds (and Octavia's): networks, subnets, security groups, routers, ports, floating addresses, port forwardings.

import type { PortForwarding, Router } from '../../model/inventory.ts';
import { type OpenStackApi, path } from './api.ts';
import { isRefusal } from './api-errors.ts';
import { loadBalancerOf } from './identity-mapping.ts';
import { type JsonObject, objects, text } from './json.ts';
import { inFullPages, inParallel, type KindReader, ownProjectOnly, readList, type Source } from './kind-reader.ts';
import {
  floatingAddressOf,
  mayForward,
  networkOf,
  portForwardingOf,
  portOf,
  routerOf,
  securityGroupOf,
  subnetOf,
  subportsOf,
  type TrunkPlace,
} from './network-mapping.ts';
import { type ListRequest, type PageOptions, pagesOf } from './paging.ts';

/** Neutron's lists. */
export const networkLists = {
  networks: { service: 'network', path: '/networks', key: 'networks', what: 'the list of networks' },
  subnets: { service: 'network', path: '/subnets', key: 'subnets', what: 'the list of subnets' },
  securityGroups: { service: 'network', path: '/security-groups', key: 'security_groups', what: 'the list of security groups' },
  routers: { service: 'network', path: '/routers', key: 'routers', what: 'the list of routers' },
  ports: { service: 'network', path: '/ports', key: 'ports', what: 'the list of ports' },
  trunks: { service: 'network', path: '/trunks', key: 'trunks', what: 'the list of trunks' },
  floatingAddresses: { service: 'network', path: '/floatingips', key: 'floatingips', what: 'the list of floating addresses' },
  agents: { service: 'network', path: '/agents', key: 'agents', what: 'the list of network agents' },
  tapFlows: { service: 'network', path: '/taas/tap_flows', key: 'tap_flows', what: 'the list of tap flows', paged: false },
} as const satisfies Record<string, ListRequest>;

/** The list of the L3 agents of a router; only administrators may see it, and with OVN there are none. */
const agentsOfRouter = (routerId: string): ListRequest => ({
  service: 'network',
  path: path`/routers/${routerId}/l3-agents`,
  key: 'agents',
  what: `the nodes of router ${routerId}`,
  paged: false,
});

/** A router with its nodes. One that was deleted meanwhile has none. */
export async function routerWithHosts(api: OpenStackApi, router: JsonObject, isAdmin: boolean, options: PageOptions = {}): Promise<Router> {
  if (!isAdmin || !(await api.hasExtension('l3_agent_scheduler'))) return routerOf(router);
  const agents: JsonObject[] = [];
  try {
    for await (const page of pagesOf(api, agentsOfRouter(text(router, 'id')), options)) agents.push(...page);
  } catch (error) {
    if (!isRefusal(error, 'cloud-unknown-item')) throw error;
  }
  return routerOf(router, agents);
}

/** Every subport of the cloud and its trunk. Small beside the ports: only trunks' children are in it. */
async function trunkPlaces(source: Source): Promise<ReadonlyMap<string, TrunkPlace>> {
  if (!(await source.api.hasExtension('trunk'))) return new Map();
  const places = new Map<string, TrunkPlace>();
  for await (const page of pagesOf(source.api, networkLists.trunks, inFullPages(source))) {
    for (const [portId, place] of page.flatMap(subportsOf)) places.set(portId, place);
  }
  return places;
}

/** The port forwardings of a floating address. */
export async function forwardingsOf(api: OpenStackApi, floatingAddressId: string, options: PageOptions = {}): Promise<PortForwarding[]> {
  const list: ListRequest = {
    service: 'network',
    path: path`/floatingips/${floatingAddressId}/port_forwardings`,
    key: 'port_forwardings',
    what: `the port forwardings of floating address ${floatingAddressId}`,
  };
  const found: PortForwarding[] = [];
  for await (const page of pagesOf(api, list, options)) found.push(...page.map((item) => portForwardingOf(item, floatingAddressId)));
  return found;
}

/** Alias of Neutron's extension for port forwardings. */
export const forwardingExtension = 'floating-ip-port-forwarding';

export const readNetworks: KindReader<'networks'> = async function* (source) {
  yield* ownProjectOnly(source, 'networks', ', and shared ones');
  yield* readList(source, networkLists.networks, networkOf);
};

export const readSubnets: KindReader<'subnets'> = async function* (source) {
  yield* ownProjectOnly(source, 'subnets', ', and shared ones');
  yield* readList(source, networkLists.subnets, subnetOf);
};

export const readSecurityGroups: KindReader<'securityGroups'> = async function* (source) {
  yield* ownProjectOnly(source, 'security groups');
  yield* readList(source, networkLists.securityGroups, securityGroupOf);
};

export const readRouters: KindReader<'routers'> = async function* (source) {
  yield* ownProjectOnly(source, 'routers', ', without their nodes');
  const { isAdmin } = source.grant.identity;
  for await (const page of pagesOf(source.api, networkLists.routers, source)) {
    yield { items: await inParallel(page, (router) => routerWithHosts(source.api, router, isAdmin, inFullPages(source))) };
  }
};

export const readPorts: KindReader<'ports'> = async function* (source) {
  yield* ownProjectOnly(source, 'ports');
  const places = await trunkPlaces(source);
  yield* readList(source, networkLists.ports, (port) => portOf(port, places.get(text(port, 'id'))));
};

export const readFloatingAddresses: KindReader<'floatingAddresses'> = async function* (source) {
  yield* ownProjectOnly(source, 'floating addresses');
  yield* readList(source, networkLists.floatingAddresses, floatingAddressOf);
};

export const readPortForwardings: KindReader<'portForwardings'> = async function* (source) {
  // A cloud without the extension has none: that is the whole truth, no gap.
  if (!(await source.api.hasExtension(forwardingExtension))) return;
  yield* ownProjectOnly(source, 'port forwardings');
  for await (const page of pagesOf(source.api, networkLists.floatingAddresses, source)) {
    const ids = page.filter(mayForward).map((floating) => text(floating, 'id'));
    const found = await inParallel(ids, (id) => forwardingsOf(source.api, id, inFullPages(source)));
    yield { items: found.flat() };
    if (source.probe) return;
  }
};

export const readLoadBalancers: KindReader<'loadBalancers'> = async function* (source) {
  if ((await source.api.rootOf('load-balancer')) === undefined) {
    yield { gap: { reason: 'absent', detail: 'the catalogue has no load-balancer service (Octavia)' } };
    return;
  }
  yield* ownProjectOnly(source, 'load balancers');
  const list: ListRequest = {
    service: 'load-balancer',
    path: '/lbaas/loadbalancers',
    key: 'loadbalancers',
    what: 'the list of load balancers',
  };
  yield* readList(source, list, loadBalancerOf);
};

/** Tap flows of one's own project, of all for an administrator; none without Tap-as-a-Service. */
export async function readTapFlows(api: OpenStackApi): Promise<readonly JsonObject[]> {
  if (!(await api.hasExtension('taas'))) return [];
  const { service, path: where, key, what } = networkLists.tapFlows;
  return objects((await api.get(service, where, what))[key]);
}
