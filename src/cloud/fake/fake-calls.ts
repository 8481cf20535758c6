// What each call does to the fake world, and when it is refused: as OpenStack Zed was measured to behave.
import { VedetteError } from '../../base/errors.ts';
import type { Machine, Port, SecurityRule } from '../../model/inventory.ts';
import type { CallResult, CloudCall } from '../cloud.ts';
import { type FakeWorld, replaceItem } from './fake-world.ts';

const cloud = 'fake';
const conflict = (what: string, reason: string): VedetteError => new VedetteError('cloud-conflict', { cloud, what, reason });
const forbidden = (what: string, reason: string): VedetteError => new VedetteError('cloud-forbidden', { cloud, what, reason });
const unknown = (what: string): VedetteError => new VedetteError('cloud-unknown-item', { cloud, what });

/** An item that the caller may see; others do not exist for it. */
export function visible<T extends { readonly id: string; readonly projectId?: string }>(
  { identity }: FakeWorld,
  items: readonly T[],
  id: string,
  what: string,
): T {
  const item = items.find((one) => one.id === id);
  if (item === undefined || (!identity.isAdmin && item.projectId !== identity.projectId)) throw unknown(`${what} ${id}`);
  return item;
}

function newId(world: FakeWorld, kind: string): string {
  world.lastId += 1;
  return `${kind}-${String(world.lastId).padStart(4, '0')}`;
}

type CallOf<K extends CloudCall['call']> = Extract<CloudCall, { readonly call: K }>;

function updatePort(world: FakeWorld, { portId, set, ifRevision }: CallOf<'update-port'>): CallResult {
  const port = visible(world, world.ports, portId, 'port');
  if (ifRevision !== undefined && ifRevision !== port.revision) {
    throw conflict(`port ${portId}`, `revision is ${port.revision}, not ${ifRevision}`);
  }
  for (const id of set.securityGroupIds ?? []) visible(world, world.securityGroups, id, 'security group');
  const next: Port = { ...port, ...set, revision: (port.revision ?? 0) + 1 };
  if (!next.portSecurity && (next.securityGroupIds.length > 0 || next.allowedPairs.length > 0)) {
    throw conflict(`port ${portId}`, 'port security cannot be off while there are security groups or allowed pairs');
  }
  replaceItem(world.ports, next);
  return { port: next };
}

/** Neutron puts these into every new group. */
const defaultRules = (groupId: string): Omit<SecurityRule, 'id'>[] => [
  { groupId, direction: 'fromVm', ipVersion: 4 },
  { groupId, direction: 'fromVm', ipVersion: 6 },
];

function createGroup(world: FakeWorld, { name, description, projectId }: CallOf<'create-security-group'>): CallResult {
  if (!world.identity.isAdmin && projectId !== world.identity.projectId) throw forbidden('a security group', 'not your project');
  const held = world.securityGroups.filter((group) => group.projectId === projectId).length;
  if (held >= world.securityGroupQuota)
    throw new VedetteError('cloud-quota', { cloud, what: 'a security group', reason: `${held} of ${held}` });
  const id = newId(world, 'group');
  const rules = defaultRules(id).map((rule) => ({ ...rule, id: newId(world, 'rule') }));
  world.securityGroups.push({ id, name, projectId, description, stateful: true, rules });
  return { id };
}

function deleteGroup(world: FakeWorld, { groupId }: CallOf<'delete-security-group'>): CallResult {
  visible(world, world.securityGroups, groupId, 'security group');
  const user = world.ports.find(({ securityGroupIds }) => securityGroupIds.includes(groupId));
  if (user !== undefined) throw conflict(`security group ${groupId}`, `in use by port ${user.id}`);
  world.securityGroups = world.securityGroups.filter(({ id }) => id !== groupId);
  return {};
}

const shape = ({ id: _, ...rest }: Omit<SecurityRule, 'id'> & { readonly id?: string }): string =>
  JSON.stringify(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)));

function createRule(world: FakeWorld, { rule }: CallOf<'create-security-rule'>): CallResult {
  const group = visible(world, world.securityGroups, rule.groupId, 'security group');
  if (group.rules.some((one) => shape(one) === shape(rule))) throw conflict(`security group ${group.id}`, 'the rule exists');
  const id = newId(world, 'rule');
  replaceItem(world.securityGroups, { ...group, rules: [...group.rules, { ...rule, id }] });
  return { id };
}

function deleteRule(world: FakeWorld, { ruleId }: CallOf<'delete-security-rule'>): CallResult {
  const group = world.securityGroups.find(({ rules }) => rules.some(({ id }) => id === ruleId));
  if (group === undefined) throw unknown(`security rule ${ruleId}`);
  visible(world, world.securityGroups, group.id, 'security group');
  replaceItem(world.securityGroups, { ...group, rules: group.rules.filter(({ id }) => id !== ruleId) });
  return {};
}

function moveFloating(world: FakeWorld, { floatingAddressId, portId, fixedAddress }: CallOf<'update-floating-address'>): CallResult {
  const { portId: _, fixedAddress: __, ...floating } = visible(world, world.floatingAddresses, floatingAddressId, 'floating address');
  replaceItem(world.floatingAddresses, {
    ...floating,
    ...(portId !== null && { portId }),
    ...(fixedAddress !== undefined && { fixedAddress }),
  });
  return {};
}

/** Accepts a change of a status; it is seen after some readings. */
function accept(world: FakeWorld, kind: 'machine' | 'image', id: string, status: string): void {
  if (world.actionReads > 0) {
    world.pending.push({ kind, id, status, reads: world.actionReads });
    return;
  }
  if (kind === 'machine') replaceItem<Machine>(world.machines, { ...visible(world, world.machines, id, 'machine'), status });
  else replaceItem(world.images, { ...visible(world, world.images, id, 'image'), status });
}

function changePower(world: FakeWorld, { call, machineId }: CallOf<'pause' | 'unpause' | 'unlock'>): CallResult {
  const machine = visible(world, world.machines, machineId, 'machine');
  if (machine.locked && !world.identity.isAdmin) throw conflict(`machine ${machineId}`, 'it is locked');
  const busy = world.pending.find(({ id }) => id === machineId);
  const [from, to] = call === 'pause' ? ['ACTIVE', 'PAUSED'] : ['PAUSED', 'ACTIVE'];
  if (busy !== undefined) throw conflict(`machine ${machineId}`, `it is becoming ${busy.status}`);
  if (machine.status !== from) throw conflict(`machine ${machineId}`, `it is ${machine.status}`);
  accept(world, 'machine', machineId, to);
  return {};
}

function changeLock(world: FakeWorld, machineId: string, reason: string | undefined): CallResult {
  const { locked: _, lockedReason: __, ...machine } = visible(world, world.machines, machineId, 'machine');
  replaceItem<Machine>(world.machines, { ...machine, locked: reason !== undefined, ...(reason !== undefined && { lockedReason: reason }) });
  return {};
}

function createImage(world: FakeWorld, { machineId, name }: CallOf<'create-image'>): CallResult {
  visible(world, world.machines, machineId, 'machine');
  const id = newId(world, 'image');
  const { projectId } = world.identity;
  const checksum = 'md5:d41d8cd98f00b204e9800998ecf8427e';
  world.images.push({ id, name, status: 'queued', protected: false, checksum, ...(projectId !== undefined && { projectId }) });
  accept(world, 'image', id, 'active');
  return { id, image: visible(world, world.images, id, 'image') };
}

function deleteImage(world: FakeWorld, { imageId }: CallOf<'delete-image'>): CallResult {
  if (visible(world, world.images, imageId, 'image').protected) throw forbidden(`deleting image ${imageId}`, 'it is protected');
  world.images = world.images.filter(({ id }) => id !== imageId);
  return {};
}

function snapshotVolume(world: FakeWorld, { volumeId, name }: CallOf<'create-volume-snapshot'>): CallResult {
  if (!world.hasVolumes) throw unknown('volume service');
  const id = newId(world, 'volume-snapshot');
  world.volumeSnapshots.push({ id, volumeId, name });
  return { id };
}

/** Carries a call out. @throws {VedetteError} of kind `refused` or `input`, as the cloud would answer */
export function carryOut(world: FakeWorld, call: CloudCall): CallResult {
  switch (call.call) {
    case 'update-port':
      return updatePort(world, call);
    case 'create-security-group':
      return createGroup(world, call);
    case 'delete-security-group':
      return deleteGroup(world, call);
    case 'create-security-rule':
      return createRule(world, call);
    case 'delete-security-rule':
      return deleteRule(world, call);
    case 'update-floating-address':
      return moveFloating(world, call);
    case 'pause':
    case 'unpause':
      return changePower(world, call);
    case 'unlock':
      return changeLock(world, call.machineId, undefined);
    case 'lock':
      return changeLock(world, call.machineId, call.reason);
    case 'create-image':
      return createImage(world, call);
    case 'protect-image':
      replaceItem(world.images, { ...visible(world, world.images, call.imageId, 'image'), protected: call.protected });
      return {};
    case 'delete-image':
      return deleteImage(world, call);
    case 'create-volume-snapshot':
      return snapshotVolume(world, call);
  }
}
