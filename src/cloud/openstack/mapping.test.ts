import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isPartialServer, keypairOf, machineEventOf, machineOf } from './compute-mapping.ts';
import { computeServiceOf, hostNodesOf, imageOf, loadBalancerOf, networkAgentOf, projectOf, userOf } from './identity-mapping.ts';
import { asObject, type JsonObject, objects } from './json.ts';
import * as network from './network-mapping.ts';

/** A recorded answer; see fixtures/SOURCES.md. */
const recorded = (name: string): JsonObject =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`), 'utf8')) as JsonObject;

const acme = '7e0f4f4149e3474dae555d8511ded1ac';

/** Every mapping, for what must hold of all. */
const mappings = {
  machineOf,
  keypairOf: (item: JsonObject) => keypairOf(item, 'owner'),
  machineEventOf,
  computeServiceOf,
  networkAgentOf,
  imageOf,
  loadBalancerOf,
  projectOf,
  userOf,
  portOf: (item: JsonObject) => network.portOf(item),
  subportsOf: network.subportsOf,
  networkOf: network.networkOf,
  subnetOf: network.subnetOf,
  routerOf: (item: JsonObject) => network.routerOf(item, [item]),
  floatingAddressOf: network.floatingAddressOf,
  portForwardingOf: (item: JsonObject) => network.portForwardingOf(item, 'f'),
  securityGroupOf: network.securityGroupOf,
  tapFlowOf: network.tapFlowOf,
};

describe('recorded answers', () => {
  it('become a machine', () => {
    expect(machineOf(asObject(recorded('server')['server']))).toEqual({
      id: '4a0582d9-04a4-4b7c-9d62-432f82bc988c',
      name: 'web-1',
      projectId: acme,
      userId: 'd869ee9be85f47669ad89dcb0d22dafe',
      host: 'lab-compute-1',
      status: 'ACTIVE',
      imageId: 'effe1a00-6689-43d0-8864-f576420a7dad',
      flavor: 'm1.small',
      createdAt: '2026-11-29T10:44:08Z',
      locked: false,
      tags: expect.any(Array),
      metadata: { role: 'web', env: 'prod' },
    });
  });

  it('become a port', () => {
    const [port = {}] = objects(recorded('ports')['ports']);
    expect(network.portOf(port)).toMatchObject({
      projectId: acme,
      mac: 'fa:16:3e:84:96:cc',
      fixed: [{ address: '192.168.101.11', subnetId: expect.any(String) }],
      allowedPairs: [],
      portSecurity: true,
      deviceId: '4a0582d9-04a4-4b7c-9d62-432f82bc988c',
      deviceOwner: 'compute:nova',
      adminUp: true,
      host: 'lab-compute-1',
      vifType: 'ovs',
      revision: expect.any(Number),
    });
  });

  it('become networks with their segments', () => {
    const networks = objects(recorded('networks')['networks']).map(network.networkOf);
    expect(networks.find(({ name }) => name === 'public')).toMatchObject({
      external: true,
      segments: [{ type: 'flat', physicalNetwork: 'physnet1' }],
    });
    expect(networks.find(({ name }) => name === 'web-net')).toMatchObject({
      external: false,
      segments: [{ type: 'vxlan', number: expect.any(Number) }],
    });
  });

  it('become a router with its address and its node', () => {
    const [router = {}] = objects(recorded('routers')['routers']);
    expect(network.routerOf(router, objects(recorded('l3-agents')['agents']))).toMatchObject({
      name: 'acme-edge',
      gatewayAddresses: [{ address: '203.0.113.152', subnetId: expect.any(String) }],
      externalNetworkId: 'cc93f332-dadf-4e4d-9e8f-1989c461ed8a',
      snat: true,
      ha: false,
      distributed: false,
      hosts: [{ host: 'lab-compute-1', active: true }],
    });
  });

  it('become a floating address', () => {
    const [floating = {}] = objects(recorded('floatingips')['floatingips']);
    expect(network.floatingAddressOf(floating)).toMatchObject({ address: '203.0.113.111', fixedAddress: '192.168.101.11' });
    expect(network.mayForward(floating)).toBe(false);
  });

  it('become a security group with rules', () => {
    const [group = {}] = objects(recorded('security-groups')['security_groups']);
    const { rules, ...rest } = network.securityGroupOf(group);
    expect(rest).toMatchObject({ name: 'app', projectId: acme, stateful: true });
    const open = rules.find(({ from }) => from === 8080);
    expect(open).toMatchObject({
      direction: 'toVm',
      ipVersion: 4,
      protocol: 'tcp',
      from: 8080,
      to: 8080,
      remoteGroupId: expect.any(String),
    });
    expect(
      rules
        .filter(({ direction }) => direction === 'fromVm')
        .map(({ ipVersion }) => ipVersion)
        .sort(),
    ).toEqual([4, 6]);
  });

  it('become hosts, an image, projects, users and events', () => {
    const services = objects(recorded('os-services')['services']).map(computeServiceOf);
    const agents = objects(recorded('agents')['agents']).map(networkAgentOf);
    expect(hostNodesOf([...services, ...agents, { host: 'net-2', program: 'neutron-l3-agent', up: false }])).toEqual([
      {
        id: 'lab-compute-1',
        name: 'lab-compute-1',
        roles: expect.arrayContaining(['neutron-l3-agent', 'neutron-openvswitch-agent', 'nova-compute']),
        up: true,
      },
      { id: 'net-2', name: 'net-2', roles: ['neutron-l3-agent'], up: false },
    ]);
    const [image = {}] = objects(recorded('images')['images']);
    expect(imageOf(image)).toMatchObject({ status: 'active', protected: false, checksum: expect.stringMatching(/^sha512:[0-9a-f]{128}$/) });
    expect(objects(recorded('projects')['projects']).map(projectOf)).toContainEqual(
      expect.objectContaining({ id: acme, name: 'acme-web', enabled: true, tags: [] }),
    );
    expect(objects(recorded('users')['users']).map(userOf)).toContainEqual(
      expect.objectContaining({ name: 'alice', email: 'alice@acme.example' }),
    );
    const [event = {}] = objects(recorded('instance-actions')['instanceActions']);
    expect(machineEventOf(event)).toMatchObject({ action: 'create', requestId: expect.stringMatching(/^req-/) });
  });
});

describe('answers after the API reference', () => {
  it('places subports in their trunk', () => {
    const trunk = { port_id: 'parent', sub_ports: [{ port_id: 'child', segmentation_type: 'vlan', segmentation_id: 101 }] };
    const [[id = '', place] = []] = network.subportsOf(trunk);
    expect(network.portOf({ id, mac_address: 'FA:16:3E:00:00:01' }, place)).toMatchObject({
      id: 'child',
      mac: 'fa:16:3e:00:00:01',
      trunk: { parentPortId: 'parent', vlan: 101 },
    });
  });

  it('reads every segment of a network that has several', () => {
    const segments = [
      { 'provider:network_type': 'vlan', 'provider:physical_network': 'rack1', 'provider:segmentation_id': 7 },
      { 'provider:network_type': 'vlan', 'provider:physical_network': 'rack2', 'provider:segmentation_id': 8 },
    ];
    expect(network.networkOf({ id: 'n', segments }).segments).toEqual([
      { type: 'vlan', number: 7, physicalNetwork: 'rack1' },
      { type: 'vlan', number: 8, physicalNetwork: 'rack2' },
    ]);
  });

  it('tells the active node of an HA router, also when its agent is dead', () => {
    const agents = [
      { host: 'net-1', alive: true, ha_state: 'standby' },
      { host: 'net-2', alive: false, ha_state: 'active' },
    ];
    expect(network.routerOf({ id: 'r', ha: true }, agents).hosts).toEqual([
      { host: 'net-1', active: false },
      { host: 'net-2', active: true },
    ]);
  });

  it.each([
    [{ external_port: 2222, internal_port: 22 }, [2222, 2222, 22, 22]],
    [{ external_port_range: '2000:2010', internal_port_range: '20:30', external_port: null }, [2000, 2010, 20, 30]],
    [{ external_port_range: '2222', internal_port_range: '22' }, [2222, 2222, 22, 22]],
  ])('reads ports of a forwarding: %j', (item, ports) => {
    const { externalFrom, externalTo, internalFrom, internalTo } = network.portForwardingOf(item, 'f');
    expect([externalFrom, externalTo, internalFrom, internalTo]).toEqual(ports);
  });

  it.each([
    [{ port_id: 'p', port_forwardings: [] }, false],
    [{ port_id: null, port_forwardings: [] }, false],
    [{ port_id: null, port_forwardings: [{ protocol: 'tcp' }] }, true],
    [{ port_id: null }, true],
  ])('asks for forwardings only where there may be some: %j', (floating, may) => {
    expect(network.mayForward(floating)).toBe(may);
  });

  it('translates TaaS directions', () => {
    expect(['IN', 'OUT', 'BOTH'].map((direction) => network.tapFlowOf({ direction }).direction)).toEqual(['toVm', 'fromVm', 'both']);
  });

  it('sends a rule as it would read it', () => {
    const rule = { groupId: 'g', direction: 'fromVm', ipVersion: 6, protocol: 'udp', from: 53, to: 53, remoteAddressGroupId: 'a' } as const;
    expect(network.securityRuleOf({ id: 'r', ...network.ruleRequest(rule) })).toEqual({ id: 'r', ...rule });
  });

  it('knows a machine booted from a volume, one without a keypair owner, and one of which Nova says little', () => {
    const booted = { id: 'm', name: 'm', image: '', 'os-extended-volumes:volumes_attached': [{ id: 'v' }], flavor: { id: '42' } };
    expect(machineOf(booted)).not.toHaveProperty('imageId');
    expect(machineOf(booted)).toMatchObject({ volumeIds: ['v'], flavor: '42' });
    expect(keypairOf({ keypair: { name: 'k', fingerprint: 'aa:bb' } }, 'u')).toEqual({
      id: 'u/k',
      name: 'k',
      userId: 'u',
      fingerprint: 'aa:bb',
    });
    expect(isPartialServer({ id: 'm', status: 'UNKNOWN', tenant_id: 't' })).toBe(true);
    expect(imageOf({ id: 'i', checksum: 'abc' }).checksum).toBe('md5:abc');
    expect(loadBalancerOf({ id: 'l', vip_address: '203.0.113.9', vip_port_id: 'p' })).toMatchObject({
      address: '203.0.113.9',
      portId: 'p',
    });
  });
});

describe('every mapping', () => {
  it.each(Object.entries(mappings))('%s survives what makes no sense', (_, map) => {
    const nonsense = [null, 7, 'x', true, [], [null, 7, 'x', [[]]], {}, { a: {} }];
    expect(() => map({})).not.toThrow();
    for (const value of nonsense) {
      const keys = [
        'id',
        'name',
        'fixed_ips',
        'security_groups',
        'external_gateway_info',
        'sub_ports',
        'segments',
        'tags',
        'metadata',
        'flavor',
      ];
      const more = [
        'image',
        'keypair',
        'security_group_rules',
        'port_forwardings',
        'external_port_range',
        'mac_address',
        'os_hash_value',
        'host',
      ];
      expect(() => map(Object.fromEntries([...keys, ...more].map((key) => [key, value])))).not.toThrow();
    }
  });
});
