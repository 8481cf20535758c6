// Neutron's JSON → our model. Pure. https://docs.openstack.org/api-ref/network/v2/
import type {
  AllowedPair,
  FixedAddress,
  FloatingAddress,
  Network,
  Port,
  PortForwarding,
  Router,
  SecurityGroup,
  SecurityRule,
  Segment,
  Subnet,
} from '../../model/inventory.ts';
import type { TapFlow } from '../cloud.ts';
import { asObject, flag, given, type JsonObject, objects, optionalNumber, optionalText, text, texts } from './json.ts';

/** A port's place in a trunk. */
export type TrunkPlace = NonNullable<Port['trunk']>;

/** `''` belongs to the operator: a router's gateway port, for one. */
const projectIdOf = (item: JsonObject): string => optionalText(item, 'project_id') ?? text(item, 'tenant_id');

const fixedAddresses = (value: unknown): readonly FixedAddress[] =>
  objects(value).map((one) => ({ address: text(one, 'ip_address'), ...given('subnetId', optionalText(one, 'subnet_id')) }));

const allowedPairs = (value: unknown): readonly AllowedPair[] =>
  objects(value).map((one) => ({ address: text(one, 'ip_address'), ...given('mac', optionalText(one, 'mac_address')?.toLowerCase()) }));

/** A port. @param trunk its place, when it is a subport */
export function portOf(port: JsonObject, trunk?: TrunkPlace): Port {
  return {
    id: text(port, 'id'),
    name: text(port, 'name'),
    projectId: projectIdOf(port),
    networkId: text(port, 'network_id'),
    mac: text(port, 'mac_address').toLowerCase(),
    fixed: fixedAddresses(port['fixed_ips']),
    allowedPairs: allowedPairs(port['allowed_address_pairs']),
    // Without the extension port-security every port is protected.
    portSecurity: flag(port, 'port_security_enabled', true),
    securityGroupIds: texts(port['security_groups']),
    deviceId: text(port, 'device_id'),
    deviceOwner: text(port, 'device_owner'),
    adminUp: flag(port, 'admin_state_up', true),
    status: text(port, 'status'),
    ...given('host', optionalText(port, 'binding:host_id')),
    ...given('vifType', optionalText(port, 'binding:vif_type')),
    ...given('trunk', trunk),
    ...given('revision', optionalNumber(port, 'revision_number')),
  };
}

/** Subports of a trunk, by the id of the subport. */
export const subportsOf = (trunk: JsonObject): readonly (readonly [portId: string, place: TrunkPlace])[] =>
  objects(trunk['sub_ports']).map((sub) => [
    text(sub, 'port_id'),
    { parentPortId: text(trunk, 'port_id'), vlan: optionalNumber(sub, 'segmentation_id') ?? 0 },
  ]);

function segmentOf(item: JsonObject): readonly Segment[] {
  const type = optionalText(item, 'provider:network_type');
  if (type === undefined) return [];
  return [
    {
      type,
      ...given('number', optionalNumber(item, 'provider:segmentation_id')),
      ...given('physicalNetwork', optionalText(item, 'provider:physical_network')),
    },
  ];
}

/** A network; one of several segments has a list of them (extension multi-provider). */
export function networkOf(network: JsonObject): Network {
  const several = objects(network['segments']);
  return {
    id: text(network, 'id'),
    name: text(network, 'name'),
    projectId: projectIdOf(network),
    segments: (several.length > 0 ? several : [network]).flatMap(segmentOf),
    external: flag(network, 'router:external', false),
    shared: flag(network, 'shared', false),
  };
}

export const subnetOf = (subnet: JsonObject): Subnet => ({
  id: text(subnet, 'id'),
  name: text(subnet, 'name'),
  networkId: text(subnet, 'network_id'),
  projectId: projectIdOf(subnet),
  cidr: text(subnet, 'cidr'),
  ...given('gateway', optionalText(subnet, 'gateway_ip')),
});

/** A router. @param agents its L3 agents, of `/routers/{id}/l3-agents`; without HA, whoever lives is active */
export function routerOf(router: JsonObject, agents: readonly JsonObject[] = []): Router {
  const gateway = asObject(router['external_gateway_info']);
  return {
    id: text(router, 'id'),
    name: text(router, 'name'),
    projectId: projectIdOf(router),
    gatewayAddresses: fixedAddresses(gateway['external_fixed_ips']),
    ...given('externalNetworkId', optionalText(gateway, 'network_id')),
    snat: flag(gateway, 'enable_snat', optionalText(gateway, 'network_id') !== undefined),
    ha: flag(router, 'ha', false),
    distributed: flag(router, 'distributed', false),
    hosts: agents.map((agent) => {
      const state = optionalText(agent, 'ha_state');
      return { host: text(agent, 'host'), active: state === undefined ? flag(agent, 'alive', true) : state === 'active' };
    }),
  };
}

export const floatingAddressOf = (floating: JsonObject): FloatingAddress => ({
  id: text(floating, 'id'),
  address: text(floating, 'floating_ip_address'),
  projectId: projectIdOf(floating),
  networkId: text(floating, 'floating_network_id'),
  ...given('portId', optionalText(floating, 'port_id')),
  ...given('fixedAddress', optionalText(floating, 'fixed_ip_address')),
  ...given('routerId', optionalText(floating, 'router_id')),
});

/** Whether a floating address can have port forwardings: one that is a port's alone has none. Newer answers list them. */
export const mayForward = (floating: JsonObject): boolean =>
  optionalText(floating, 'port_id') === undefined &&
  (!Array.isArray(floating['port_forwardings']) || floating['port_forwardings'].length > 0);

/** `8080` or `8080:8090` (extension floating-ip-port-forwarding-port-ranges). */
function portRange(item: JsonObject, name: 'external' | 'internal'): readonly [from: number, to: number] {
  const [from, to] = text(item, `${name}_port_range`).split(':').map(Number);
  const single = optionalNumber(item, `${name}_port`) ?? from ?? 0;
  return Number.isInteger(from) && from !== undefined && from > 0 ? [from, to ?? from] : [single, single];
}

export function portForwardingOf(item: JsonObject, floatingAddressId: string): PortForwarding {
  const [externalFrom, externalTo] = portRange(item, 'external');
  const [internalFrom, internalTo] = portRange(item, 'internal');
  return {
    id: text(item, 'id'),
    floatingAddressId,
    protocol: text(item, 'protocol').toLowerCase(),
    externalFrom,
    externalTo,
    portId: text(item, 'internal_port_id'),
    internalAddress: text(item, 'internal_ip_address'),
    internalFrom,
    internalTo,
  };
}

export function securityRuleOf(rule: JsonObject): SecurityRule {
  return {
    id: text(rule, 'id'),
    groupId: text(rule, 'security_group_id'),
    direction: text(rule, 'direction') === 'egress' ? 'fromVm' : 'toVm',
    ipVersion: text(rule, 'ethertype').toLowerCase() === 'ipv6' ? 6 : 4,
    ...given('protocol', optionalText(rule, 'protocol')),
    ...given('from', optionalNumber(rule, 'port_range_min')),
    ...given('to', optionalNumber(rule, 'port_range_max')),
    ...given('remoteCidr', optionalText(rule, 'remote_ip_prefix')),
    ...given('remoteGroupId', optionalText(rule, 'remote_group_id')),
    ...given('remoteAddressGroupId', optionalText(rule, 'remote_address_group_id')),
  };
}

/** What Neutron wants of a rule that is to be made. */
export const ruleRequest = (rule: Omit<SecurityRule, 'id'>): JsonObject => ({
  security_group_id: rule.groupId,
  direction: rule.direction === 'toVm' ? 'ingress' : 'egress',
  ethertype: rule.ipVersion === 6 ? 'IPv6' : 'IPv4',
  ...given('protocol', rule.protocol),
  ...given('port_range_min', rule.from),
  ...given('port_range_max', rule.to),
  ...given('remote_ip_prefix', rule.remoteCidr),
  ...given('remote_group_id', rule.remoteGroupId),
  ...given('remote_address_group_id', rule.remoteAddressGroupId),
});

export const securityGroupOf = (group: JsonObject): SecurityGroup => ({
  id: text(group, 'id'),
  name: text(group, 'name'),
  projectId: projectIdOf(group),
  description: text(group, 'description'),
  stateful: flag(group, 'stateful', true),
  rules: objects(group['security_group_rules']).map(securityRuleOf),
});

/** TaaS says IN for what goes to the VM. */
const tapDirections: Readonly<Record<string, TapFlow['direction']>> = { IN: 'toVm', OUT: 'fromVm', BOTH: 'both' };

/** A tap flow of Tap-as-a-Service. */
export const tapFlowOf = (flow: JsonObject): TapFlow => ({
  id: text(flow, 'id'),
  name: text(flow, 'name'),
  sourcePortId: text(flow, 'source_port'),
  serviceId: text(flow, 'tap_service_id'),
  direction: tapDirections[text(flow, 'direction').toUpperCase()] ?? 'both',
  status: text(flow, 'status'),
});
