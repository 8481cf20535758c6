// Whether a packet would pass, as the measured data plane decides: the admin state first, then mirrors, then security groups.
import { inCidr, parseAddress, parseCidr } from '../../base/ip.ts';
import type { SecurityRule } from '../../model/inventory.ts';
import type { FakeWorld } from './fake-world.ts';

function isMember(world: FakeWorld, groupId: string, address: string): boolean {
  return world.ports.some(
    ({ securityGroupIds, fixed }) => securityGroupIds.includes(groupId) && fixed.some((one) => one.address === address),
  );
}

function matches(world: FakeWorld, rule: SecurityRule, remote: string): boolean {
  if (rule.ipVersion !== (remote.includes(':') ? 6 : 4)) return false;
  if (rule.remoteGroupId !== undefined) return isMember(world, rule.remoteGroupId, remote);
  if (rule.remoteCidr === undefined) return true;
  const range = parseCidr(rule.remoteCidr);
  const words = parseAddress(remote);
  return range !== undefined && words !== undefined && inCidr(range, ...words);
}

/** Whether a new connection between a port and an address passes in this direction. */
export function passes(world: FakeWorld, portId: string, direction: 'toVm' | 'fromVm', remote: string): boolean {
  const port = world.ports.find(({ id }) => id === portId);
  const parent = port?.trunk && world.ports.find(({ id }) => id === port.trunk?.parentPortId);
  const machine = world.machines.find(({ id }) => id === (port?.deviceId || parent?.deviceId));
  if (port === undefined || !port.adminUp || parent?.adminUp === false || machine?.status !== 'ACTIVE') return false;
  if (!port.portSecurity || world.tapFlows.some(({ sourcePortId }) => sourcePortId === portId)) return true;
  const rules = world.securityGroups.filter(({ id }) => port.securityGroupIds.includes(id)).flatMap((group) => group.rules);
  return rules.some((rule) => rule.direction === direction && matches(world, rule, remote));
}
