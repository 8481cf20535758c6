// Worlds for the fake cloud: a tenant with a web server, a neighbour, and whatever a test adds.
import { emptyWorld, type FakeWorld } from '../../src/cloud/fake/fake-world.ts';
import type { Machine, Port, SecurityGroup } from '../../src/model/inventory.ts';

/** A port of `machine`, with usual values. */
export function port(id: string, machine: string, more: Partial<Port> = {}): Port {
  return {
    id,
    name: '',
    projectId: 'acme',
    networkId: 'web-net',
    mac: 'fa:16:3e:00:00:01',
    fixed: [{ address: '10.0.0.5', subnetId: 'web-subnet' }],
    allowedPairs: [],
    portSecurity: true,
    securityGroupIds: ['web'],
    deviceId: machine,
    deviceOwner: 'compute:nova',
    adminUp: true,
    status: 'ACTIVE',
    revision: 3,
    ...more,
  };
}

export function machine(id: string, more: Partial<Machine> = {}): Machine {
  return { id, name: id, projectId: 'acme', status: 'ACTIVE', locked: false, tags: [], metadata: {}, ...more };
}

const rule = (id: string, groupId: string, direction: 'toVm' | 'fromVm', more: object = {}): SecurityGroup['rules'][number] => ({
  ...{ id, groupId, direction, ipVersion: 4 as const },
  ...more,
});

/** Lets HTTP in, and everything out. */
const web: SecurityGroup = {
  id: 'web',
  name: 'web',
  projectId: 'acme',
  description: '',
  stateful: true,
  rules: [rule('r1', 'web', 'fromVm'), rule('r2', 'web', 'toVm', { protocol: 'tcp', from: 80, to: 80 })],
};

/** Lets its own members in. */
const inside: SecurityGroup = {
  id: 'inside',
  name: 'inside',
  projectId: 'acme',
  description: '',
  stateful: true,
  rules: [rule('r3', 'inside', 'toVm', { remoteGroupId: 'inside' }), rule('r4', 'inside', 'fromVm', { remoteCidr: '10.0.0.0/24' })],
};

/** Machines `web-1` (port `p1`, with a floating address) and `web-2` (port `p2`) of the project `acme`. */
export function acmeWorld(): FakeWorld {
  return {
    ...emptyWorld(),
    projects: [{ id: 'acme', name: 'acme', enabled: true, tags: [] }],
    machines: [machine('web-1'), machine('web-2')],
    ports: [port('p1', 'web-1'), port('p2', 'web-2', { fixed: [{ address: '10.0.0.6' }] })],
    networks: ['web-net', 'public'].map((id) => ({
      ...{ id, name: id, projectId: 'acme', segments: [] },
      external: id === 'public',
      shared: false,
    })),
    images: [{ id: 'debian', name: 'debian', projectId: 'operators', status: 'active', protected: true }],
    securityGroups: [web, inside],
    floatingAddresses: [
      { id: 'f1', address: '203.0.113.7', projectId: 'acme', networkId: 'public', portId: 'p1', fixedAddress: '10.0.0.5' },
    ],
  };
}

/** With the keys of all objects in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}

/** What of a world containment must put back: everything but revisions, and which ids were given out. What is pending counts as done. */
export function worldText({ lastId: _, pending, identity: __, ...world }: FakeWorld): string {
  const ports = world.ports.map(({ revision: ___, ...rest }) => ({
    ...rest,
    securityGroupIds: rest.securityGroupIds.toSorted(),
    allowedPairs: rest.allowedPairs.map((pair) => JSON.stringify(sorted(pair))).toSorted(),
  }));
  const machines = world.machines.map((one) => ({ ...one, status: pending.find(({ id }) => id === one.id)?.status ?? one.status }));
  return JSON.stringify(sorted({ ...world, ports, machines }));
}
