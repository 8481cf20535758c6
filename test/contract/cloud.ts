// The suite that every adapter of src/cloud/cloud.ts passes, and the cloud in memory too. It finds what it needs in the cloud itself,
// and undoes what it changes.
import { describe, expect, it } from 'vitest';
import type { Cloud, CloudCall, MachineState } from '../../src/cloud/cloud.ts';
import {
  type InventoryEvent,
  type InventoryGap,
  type InventoryItems,
  type InventoryKind,
  inventoryKinds,
  type Machine,
  type Port,
} from '../../src/model/inventory.ts';
import { rejectionOf } from '../support/error-code.ts';

/** What one cloud brings to the suite. */
export interface CloudUnderTest {
  /** An administrator's view, so that nothing is hidden. */
  cloud(): Promise<Cloud>;
  /** Name of a machine that may be changed for a moment: it has a port with port security and an address, and runs. */
  readonly machine: string;
  /** Name of a machine with a floating address that may be taken from it for a moment. */
  readonly machineWithFloatingAddress: string;
}

/** What one reading came to. */
export interface Reading {
  readonly items: { readonly [K in InventoryKind]: readonly InventoryItems[K][] };
  readonly complete: readonly InventoryKind[];
  readonly gaps: readonly InventoryGap[];
  readonly events: readonly InventoryEvent[];
}

/** Reads a cloud into lists. */
export async function readAll(cloud: Cloud, kinds?: readonly InventoryKind[]): Promise<Reading> {
  const events: InventoryEvent[] = [];
  for await (const event of cloud.readInventory(kinds)) events.push(event);
  const itemsOf = (kind: InventoryKind): unknown[] =>
    events.flatMap((one) => (one.event === 'page' && one.kind === kind ? [...one.items] : []));
  return {
    items: Object.fromEntries(inventoryKinds.map((kind) => [kind, itemsOf(kind)])) as unknown as Reading['items'],
    complete: events.flatMap((one) => (one.event === 'complete' ? [one.kind] : [])),
    gaps: events.flatMap((one) => (one.event === 'gap' ? [one.gap] : [])),
    events,
  };
}

const absentId = '00000000-0000-4000-8000-00000000dead';

const kindOf = (event: InventoryEvent): InventoryKind => (event.event === 'gap' ? event.gap.kind : event.kind);

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1);

/** Ids that are not among those known. */
const strangers = (ids: readonly string[], known: readonly string[]): readonly string[] => {
  const set = new Set(known);
  return ids.filter((id) => !set.has(id));
};

/** Addresses that more than one machine has, with the machines. */
function sharedAddresses(ports: readonly Port[]): readonly (readonly [address: string, machineIds: readonly string[]])[] {
  const ofMachines = ports.filter(({ deviceOwner }) => deviceOwner.startsWith('compute:'));
  const pairs = ofMachines.flatMap(({ deviceId, fixed }) => fixed.map(({ address }) => [address, deviceId] as const));
  const byAddress = Map.groupBy(pairs, ([address]) => address);
  return [...byAddress]
    .map(([address, of]) => [address, [...new Set(of.map(([, id]) => id))]] as const)
    .filter(([, ids]) => ids.length > 1);
}

function describeReading(use: CloudUnderTest): void {
  describe('reading the inventory', () => {
    it('gives kinds in their order, each complete or with a gap, in pages that are not empty', async () => {
      const { events, complete, gaps } = await readAll(await use.cloud());
      const order = events.map((one) => inventoryKinds.indexOf(kindOf(one)));
      expect(order).toEqual(order.toSorted((a, b) => a - b));
      const withGap = new Set(gaps.map((gap) => gap.kind));
      expect(complete).toEqual(inventoryKinds.filter((kind) => !withGap.has(kind)));
      for (const kind of complete) expect(events.findLast((one) => kindOf(one) === kind)?.event).toBe('complete');
      const sizes = events.flatMap((one) => (one.event === 'page' ? [one.items.length] : []));
      expect(sizes.filter((size) => size < 1 || size > 1000)).toEqual([]);
      for (const gap of gaps) expect(gap.detail).toMatch(/\S+ \S+/);
    });

    it('gives each item once, and twice the same', async () => {
      const cloud = await use.cloud();
      const [one, two] = [await readAll(cloud), await readAll(cloud)];
      for (const kind of inventoryKinds) {
        const ids = one.items[kind].map(({ id }) => id);
        expect([kind, new Set(ids).size]).toEqual([kind, ids.length]);
        expect([...two.items[kind]].sort(byId).map(({ id }) => id)).toEqual(ids.toSorted());
      }
    });

    it('reads only what it is asked for', async () => {
      const { events } = await readAll(await use.cloud(), ['subnets', 'networks']);
      expect([...new Set(events.map(kindOf))]).toEqual(['networks', 'subnets']);
    });

    it('refers only to what it gives', async () => {
      const { items } = await readAll(await use.cloud());
      const idsOf = (kind: InventoryKind): readonly string[] => items[kind].map(({ id }) => id);
      const networks = [...items.subnets, ...items.ports, ...items.floatingAddresses].map(({ networkId }) => networkId);
      expect(strangers(networks, idsOf('networks'))).toEqual([]);
      expect(
        strangers(
          items.ports.flatMap((port) => port.securityGroupIds),
          idsOf('securityGroups'),
        ),
      ).toEqual([]);
      expect(
        strangers(
          items.machines.map(({ projectId }) => projectId),
          idsOf('projects'),
        ),
      ).toEqual([]);
      expect(items.securityGroups.flatMap(({ id, rules }) => rules.filter(({ groupId }) => groupId !== id))).toEqual([]);
      const addresses = new Map(items.ports.map(({ id, fixed }) => [id, fixed.map(({ address }) => address)]));
      const used = items.floatingAddresses.filter(({ portId }) => portId !== undefined);
      for (const { portId = '', fixedAddress } of used) expect(addresses.get(portId)).toContain(fixedAddress);
    });

    it('speaks our words', async () => {
      const { items } = await readAll(await use.cloud());
      expect(items.machines.length).toBeGreaterThan(0);
      for (const { mac, fixed } of items.ports) {
        expect(mac).toMatch(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/);
        for (const { address } of fixed) expect(address).toMatch(/^[0-9a-f.:]+$/);
      }
      for (const { status, createdAt } of items.machines) {
        expect(status).toMatch(/^[A-Z_]+$/);
        if (createdAt !== undefined) expect(Number.isNaN(Date.parse(createdAt))).toBe(false);
      }
    });

    it('ends with the reason when it is aborted', async () => {
      const stop = new AbortController();
      const seen: InventoryEvent[] = [];
      const reading = (async () => {
        for await (const event of (await use.cloud()).readInventory(undefined, stop.signal)) {
          seen.push(event);
          stop.abort(new Error('enough'));
        }
      })();
      await expect(reading).rejects.toThrow('enough');
      expect(seen.length).toBeLessThan(3);
    });
  });
}

/** A machine of the cloud, by its name, and its state. */
async function stateOf(cloud: Cloud, name: string): Promise<MachineState> {
  const [machine] = await cloud.findMachines(name);
  return cloud.machineState(machine?.id ?? absentId);
}

function portOfMachine({ ports }: MachineState): Port {
  const [port] = ports;
  if (port === undefined) throw new Error('the machine has no port');
  return port;
}

function describeLookUp(use: CloudUnderTest): void {
  describe('looking things up', () => {
    it('says who we are', async () => {
      const identity = await (await use.cloud()).identity();
      expect(identity).toMatchObject({ isAdmin: true, userId: expect.stringMatching(/./), userName: expect.stringMatching(/./) });
      expect(identity.roles.length).toBeGreaterThan(0);
    });

    it('finds a machine by id, name, address, and MAC in any case', async () => {
      const cloud = await use.cloud();
      const { machine, ports } = await stateOf(cloud, use.machine);
      const [port] = ports;
      for (const text of [machine.id, machine.name, port?.fixed[0]?.address, port?.mac, port?.mac.toUpperCase()]) {
        expect((await cloud.findMachines(text ?? '')).map(({ id }) => id)).toContain(machine.id);
      }
      expect((await cloud.findMachines(machine.id)).map(({ name }) => name)).toEqual([use.machine]);
    });

    it('finds a machine by its floating address', async () => {
      const cloud = await use.cloud();
      const { machine, floatingAddresses } = await stateOf(cloud, use.machineWithFloatingAddress);
      expect((await cloud.findMachines(floatingAddresses[0]?.address ?? '')).map(({ id }) => id)).toEqual([machine.id]);
    });

    it('finds every machine of an address that several tenants use', async () => {
      const cloud = await use.cloud();
      const { items } = await readAll(cloud, ['ports']);
      for (const [address, ids] of sharedAddresses(items.ports).slice(0, 2)) {
        expect((await cloud.findMachines(address)).map(({ id }) => id).sort()).toEqual(ids.toSorted());
      }
    });

    it('finds nothing where there is nothing', async () => {
      const cloud = await use.cloud();
      for (const text of [
        '',
        ' ',
        absentId,
        '192.0.2.254',
        '2001:db8::dead',
        '02:00:00:00:de:ad',
        'no such machine',
        '../servers',
        '.*',
        '%',
        "'",
      ]) {
        expect([text, await cloud.findMachines(text)]).toEqual([text, []]);
      }
    });

    it('gives a machine with all that belongs to it', async () => {
      const cloud = await use.cloud();
      const { items } = await readAll(cloud);
      const named = (name: string): Machine | undefined => items.machines.find((machine) => machine.name === name);
      for (const name of [use.machine, use.machineWithFloatingAddress]) {
        const machine = named(name);
        const state = await cloud.machineState(machine?.id ?? '');
        expect(state.machine).toEqual(machine);
        const own = items.ports.filter(({ deviceId }) => deviceId === machine?.id);
        expect([...state.ports].sort(byId)).toEqual(own.toSorted(byId));
        const wanted = [...new Set(own.flatMap((port) => port.securityGroupIds))].sort();
        expect(state.securityGroups.map(({ id }) => id).sort()).toEqual(wanted);
        expect([...state.floatingAddresses]).toEqual(items.floatingAddresses.filter(({ portId }) => own.some(({ id }) => id === portId)));
        for (const router of state.routers) expect(items.routers).toContainEqual(router);
      }
    });

    it('gives single things as the inventory has them', async () => {
      const cloud = await use.cloud();
      const { machine, ports, securityGroups } = await stateOf(cloud, use.machine);
      const port = portOfMachine(await stateOf(cloud, use.machine));
      expect(await cloud.port(port.id)).toEqual(ports[0]);
      const [group] = securityGroups;
      expect(await cloud.securityGroup(group?.id ?? '')).toEqual(group);
      expect(await cloud.findSecurityGroups(group?.name ?? '', group?.projectId ?? '')).toContainEqual(group);
      expect(await cloud.findSecurityGroups('no such group', group?.projectId ?? '')).toEqual([]);
      const { items } = await readAll(cloud, ['images']);
      const [image] = items.images;
      expect(await cloud.image(image?.id ?? '')).toEqual(image);
      expect(await cloud.rawPort(port.id)).toEqual(await cloud.rawPort(port.id));
      expect(Object.values(await cloud.rawMachine(machine.id))).toContain(machine.id);
    });

    it('knows what a machine said, went through, and how it is', async () => {
      const cloud = await use.cloud();
      const { machine } = await stateOf(cloud, use.machine);
      expect(typeof (await cloud.consoleOutput(machine.id, 10))).toBe('string');
      const events = await cloud.machineEvents(machine.id);
      expect(events.map(({ action }) => action)).toContain('create');
      for (const { at } of events) expect(Number.isNaN(Date.parse(at))).toBe(false);
      expect(await cloud.diagnostics(machine.id)).toBeTypeOf('object');
    });

    it('names what does not exist', async () => {
      const cloud = await use.cloud();
      expect(await rejectionOf(cloud.machineState(absentId))).toBe('machine-unknown');
      for (const id of [absentId, '..', '']) {
        expect([id, await rejectionOf(cloud.port(id))]).toEqual([id, 'cloud-unknown-item']);
        expect([id, await rejectionOf(cloud.securityGroup(id))]).toEqual([id, 'cloud-unknown-item']);
        expect([id, await rejectionOf(cloud.image(id))]).toEqual([id, 'cloud-unknown-item']);
      }
      for (const call of callsOnNothing)
        expect([call.call, await rejectionOf(cloud.perform(call))]).toEqual([call.call, 'cloud-unknown-item']);
    });
  });
}

const callsOnNothing: readonly CloudCall[] = [
  { call: 'update-port', portId: absentId, set: { adminUp: true } },
  { call: 'delete-security-group', groupId: absentId },
  { call: 'delete-security-rule', ruleId: absentId },
  { call: 'update-floating-address', floatingAddressId: absentId, portId: null },
  { call: 'pause', machineId: absentId },
  { call: 'lock', machineId: absentId, reason: 'case' },
  { call: 'create-image', machineId: absentId, name: 'x', metadata: {} },
  { call: 'delete-image', imageId: absentId },
];

/** A name that nothing else has. */
const caseName = (): string => `vedette-contract-${process.pid}-${Math.trunc(performance.now())}`;

function describeNetworkCalls(use: CloudUnderTest): void {
  describe('changing ports and groups', () => {
    it('replaces the groups of a port and puts them back', async () => {
      const cloud = await use.cloud();
      const { machine, ...state } = await stateOf(cloud, use.machine);
      const before = portOfMachine({ machine, ...state });
      const name = caseName();
      const { id: groupId = '' } = await cloud.perform({
        call: 'create-security-group',
        name,
        description: 'contract',
        projectId: machine.projectId,
      });
      try {
        expect(await cloud.securityGroup(groupId)).toMatchObject({ id: groupId, name, projectId: machine.projectId });
        const changed = await cloud.perform({ call: 'update-port', portId: before.id, set: { securityGroupIds: [groupId] } });
        expect(changed.port).toMatchObject({ id: before.id, securityGroupIds: [groupId] });
        expect(changed.port?.revision ?? 0).toBeGreaterThan(before.revision ?? 0);
        // A group in use stays.
        expect(await rejectionOf(cloud.perform({ call: 'delete-security-group', groupId }))).toBe('cloud-conflict');
      } finally {
        await cloud.perform({ call: 'update-port', portId: before.id, set: { securityGroupIds: before.securityGroupIds } });
        await cloud.perform({ call: 'delete-security-group', groupId });
      }
      expect(await cloud.port(before.id)).toMatchObject({ securityGroupIds: before.securityGroupIds });
      expect(await rejectionOf(cloud.securityGroup(groupId))).toBe('cloud-unknown-item');
    });

    it('does not change a port that somebody else changed', async () => {
      const cloud = await use.cloud();
      const before = portOfMachine(await stateOf(cloud, use.machine));
      const { id: portId, revision = 0 } = before;
      const change = (ifRevision: number, address: string): CloudCall => ({
        ...{ call: 'update-port', portId, set: { allowedPairs: [{ address }] }, ifRevision },
      });
      try {
        // A change to what is already so is none, and OpenStack does not look at the revision then.
        expect(await rejectionOf(cloud.perform(change(revision - 1, '192.0.2.9')))).toBe('cloud-conflict');
        expect(await cloud.port(portId)).toEqual(before);
        const { port } = await cloud.perform(change(revision, '192.0.2.9'));
        expect(port?.allowedPairs).toMatchObject([{ address: '192.0.2.9' }]);
        expect(await rejectionOf(cloud.perform(change(revision, '192.0.2.10')))).toBe('cloud-conflict');
      } finally {
        await cloud.perform({ call: 'update-port', portId, set: { allowedPairs: before.allowedPairs } });
      }
    });

    it('sets every part of a port, and back', async () => {
      const cloud = await use.cloud();
      const before = portOfMachine(await stateOf(cloud, use.machine));
      const back = { allowedPairs: before.allowedPairs, adminUp: before.adminUp };
      try {
        const set = { allowedPairs: [{ address: '192.0.2.9' }], adminUp: false };
        const { port } = await cloud.perform({ call: 'update-port', portId: before.id, set });
        expect(port).toMatchObject({ adminUp: false, allowedPairs: [{ address: '192.0.2.9' }] });
      } finally {
        await cloud.perform({ call: 'update-port', portId: before.id, set: back });
      }
      expect(await cloud.port(before.id)).toMatchObject(back);
      const open = { portSecurity: false, securityGroupIds: [], allowedPairs: [] };
      try {
        expect((await cloud.perform({ call: 'update-port', portId: before.id, set: open })).port).toMatchObject(open);
      } finally {
        const set = { portSecurity: before.portSecurity, securityGroupIds: before.securityGroupIds };
        await cloud.perform({ call: 'update-port', portId: before.id, set });
      }
    });

    it('makes a group, empties it, and gives it rules of every kind', async () => {
      const cloud = await use.cloud();
      const { machine } = await stateOf(cloud, use.machine);
      const { projectId } = machine;
      const { id: groupId = '' } = await cloud.perform({ call: 'create-security-group', name: caseName(), description: '', projectId });
      try {
        // What a cloud puts into a new group must go before it isolates anything.
        for (const { id } of (await cloud.securityGroup(groupId)).rules) await cloud.perform({ call: 'delete-security-rule', ruleId: id });
        expect((await cloud.securityGroup(groupId)).rules).toEqual([]);
        const rules = [
          { groupId, direction: 'toVm', ipVersion: 4, protocol: 'tcp', from: 22, to: 23, remoteCidr: '198.51.100.0/24' },
          { groupId, direction: 'fromVm', ipVersion: 6 },
          { groupId, direction: 'toVm', ipVersion: 4, protocol: 'udp', from: 53, to: 53, remoteGroupId: groupId },
        ] as const;
        const made: string[] = [];
        for (const rule of rules) made.push((await cloud.perform({ call: 'create-security-rule', rule })).id ?? '');
        const { rules: now } = await cloud.securityGroup(groupId);
        expect(now.toSorted(byId)).toEqual(rules.map((rule, i) => ({ id: made[i] ?? '', ...rule })).toSorted(byId));
        expect(await rejectionOf(cloud.perform({ call: 'create-security-rule', rule: rules[0] }))).toBe('cloud-conflict');
      } finally {
        await cloud.perform({ call: 'delete-security-group', groupId });
      }
    });

    it('takes a floating address away and gives it back', async () => {
      const cloud = await use.cloud();
      const { floatingAddresses } = await stateOf(cloud, use.machineWithFloatingAddress);
      const [{ id = '', portId = '', fixedAddress } = {}] = floatingAddresses;
      const call = 'update-floating-address' as const;
      try {
        await cloud.perform({ call, floatingAddressId: id, portId: null });
        expect((await stateOf(cloud, use.machineWithFloatingAddress)).floatingAddresses).toEqual([]);
      } finally {
        await cloud.perform({ call, floatingAddressId: id, portId, ...(fixedAddress !== undefined && { fixedAddress }) });
      }
      expect((await stateOf(cloud, use.machineWithFloatingAddress)).floatingAddresses).toEqual(floatingAddresses);
    });
  });
}

function describeMachineCalls(use: CloudUnderTest): void {
  describe('changing machines', () => {
    it('pauses and unpauses, each to its end', async () => {
      const cloud = await use.cloud();
      const { machine } = await stateOf(cloud, use.machine);
      const statusNow = async (): Promise<string> => (await cloud.machineState(machine.id)).machine.status;
      try {
        await cloud.perform({ call: 'pause', machineId: machine.id });
        expect(await statusNow()).toBe('PAUSED');
        expect(await rejectionOf(cloud.perform({ call: 'pause', machineId: machine.id }))).toBe('cloud-conflict');
      } finally {
        await cloud.perform({ call: 'unpause', machineId: machine.id });
      }
      expect(await statusNow()).toBe('ACTIVE');
    });

    it('locks with a reason and unlocks', async () => {
      const cloud = await use.cloud();
      const { machine } = await stateOf(cloud, use.machine);
      try {
        await cloud.perform({ call: 'lock', machineId: machine.id, reason: 'case 17' });
        expect((await cloud.machineState(machine.id)).machine).toMatchObject({ locked: true, lockedReason: 'case 17' });
      } finally {
        await cloud.perform({ call: 'unlock', machineId: machine.id });
      }
      expect((await cloud.machineState(machine.id)).machine).toMatchObject({ locked: false });
    });

    it('makes an image, to its end, protects it, and removes it', async () => {
      const cloud = await use.cloud();
      const { machine } = await stateOf(cloud, use.machine);
      const name = caseName();
      const made = await cloud.perform({ call: 'create-image', machineId: machine.id, name, metadata: { case: '17' } });
      const imageId = made.id ?? '';
      try {
        expect(made.image).toMatchObject({
          id: imageId,
          name,
          status: 'active',
          checksum: expect.stringMatching(/^(?:sha\d+|md5):[0-9a-f]+$/),
        });
        await cloud.perform({ call: 'protect-image', imageId, protected: true });
        expect(await cloud.image(imageId)).toMatchObject({ id: imageId, protected: true });
        expect(await rejectionOf(cloud.perform({ call: 'delete-image', imageId }))).toBe('cloud-forbidden');
      } finally {
        await cloud.perform({ call: 'protect-image', imageId, protected: false });
        await cloud.perform({ call: 'delete-image', imageId });
      }
      expect(await rejectionOf(cloud.image(imageId))).toBe('cloud-unknown-item');
    });

    it('describes every call without sending it, and without a secret', async () => {
      const cloud = await use.cloud();
      const { machine, ...rest } = await stateOf(cloud, use.machine);
      const port = portOfMachine({ machine, ...rest });
      const before = await cloud.rawPort(port.id);
      const [groupId = ''] = port.securityGroupIds;
      const calls: readonly CloudCall[] = [
        ...callsOnNothing,
        {
          call: 'update-port',
          portId: port.id,
          set: { adminUp: false, portSecurity: true, securityGroupIds: [], allowedPairs: [] },
          ifRevision: 3,
        },
        { call: 'create-security-group', name: 'q', description: 'd', projectId: machine.projectId },
        { call: 'create-security-rule', rule: { groupId, direction: 'toVm', ipVersion: 4 } },
        { call: 'pause', machineId: machine.id },
        { call: 'unlock', machineId: machine.id },
        { call: 'protect-image', imageId: absentId, protected: true },
      ];
      for (const call of calls) {
        const { method, url, headers } = await cloud.describe(call);
        expect(method).toMatch(/^(?:POST|PUT|PATCH|DELETE)$/);
        expect(URL.canParse(url)).toBe(true);
        expect(Object.keys(headers).join(' ')).not.toMatch(/token|authorization|cookie/i);
      }
      expect(await cloud.rawPort(port.id)).toEqual(before);
      expect((await cloud.machineState(machine.id)).machine).toEqual(machine);
    });
  });
}

/** Runs the suite. The cloud is changed and put back. */
export function describeCloud(use: CloudUnderTest): void {
  describeReading(use);
  describeLookUp(use);
  describeNetworkCalls(use);
  describeMachineCalls(use);
}
