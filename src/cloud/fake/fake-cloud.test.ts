import { describe, expect, it } from 'vitest';
import { acmeWorld, port } from '../../../test/build/cloud-world.ts';
import { describeCloud } from '../../../test/contract/cloud.ts';
import { rejectionOf } from '../../../test/support/error-code.ts';
import { FakeCloud } from './fake-cloud.ts';
import { passes } from './fake-wire.ts';

describe('the fake cloud', () => {
  const cloud = new FakeCloud(acmeWorld());
  describeCloud({ cloud: () => Promise.resolve(cloud), machine: 'web-2', machineWithFloatingAddress: 'web-1' });
});

describe('the fake cloud, as OpenStack was measured', () => {
  const outside = '203.0.113.99';

  it('fills a new group with rules that let everything out', async () => {
    const cloud = new FakeCloud(acmeWorld());
    const { id = '' } = await cloud.perform({ call: 'create-security-group', name: 'q', description: '', projectId: 'acme' });
    expect((await cloud.securityGroup(id)).rules.map(({ direction, ipVersion }) => [direction, ipVersion])).toEqual([
      ['fromVm', 4],
      ['fromVm', 6],
    ]);
  });

  it('does not enforce the groups of a mirrored port, but its admin state', () => {
    const world = acmeWorld();
    const closed = port('p1', 'web-1', { securityGroupIds: [] });
    world.ports[0] = closed;
    expect(passes(world, 'p1', 'fromVm', outside)).toBe(false);
    world.tapFlows.push({ id: 't', name: '', sourcePortId: 'p1', serviceId: 's', direction: 'both', status: 'ACTIVE' });
    expect(passes(world, 'p1', 'fromVm', outside)).toBe(true);
    world.ports[0] = { ...closed, adminUp: false };
    expect(passes(world, 'p1', 'fromVm', outside)).toBe(false);
  });

  it('enforces nothing without port security, and refuses groups beside it', async () => {
    const cloud = new FakeCloud(acmeWorld());
    const open = { call: 'update-port', portId: 'p1', set: { portSecurity: false } } as const;
    expect(await rejectionOf(cloud.perform(open))).toBe('cloud-conflict');
    await cloud.perform({ ...open, set: { portSecurity: false, securityGroupIds: [] } });
    expect(passes(cloud.world, 'p1', 'toVm', outside)).toBe(true);
  });

  it('lets the lock stop members, though not at the port', async () => {
    const world = acmeWorld();
    const admin = new FakeCloud(world);
    await admin.perform({ call: 'lock', machineId: 'web-1', reason: 'case' });
    world.identity = { userId: 'alice', userName: 'alice', projectId: 'acme', roles: ['member'], isAdmin: false };
    const member = new FakeCloud(world);
    expect(await rejectionOf(member.perform({ call: 'pause', machineId: 'web-1' }))).toBe('cloud-conflict');
    await member.perform({ call: 'update-port', portId: 'p1', set: { securityGroupIds: ['inside'] } });
    expect(world.ports[0]?.securityGroupIds).toEqual(['inside']);
  });

  it('hides other projects from a member, and counts against the quota', async () => {
    const world = acmeWorld();
    world.securityGroupQuota = 2;
    expect(
      await rejectionOf(new FakeCloud(world).perform({ call: 'create-security-group', name: 'q', description: '', projectId: 'acme' })),
    ).toBe('cloud-quota');
    world.identity = { userId: 'bob', userName: 'bob', projectId: 'globex', roles: ['member'], isAdmin: false };
    const member = new FakeCloud(world);
    expect(await member.findMachines('web-1')).toEqual([]);
    expect(await rejectionOf(member.machineState('web-1'))).toBe('machine-unknown');
    expect(await rejectionOf(member.port('p1'))).toBe('cloud-unknown-item');
  });

  it('accepts first and does later', async () => {
    const world = acmeWorld();
    world.actionReads = 2;
    const cloud = new FakeCloud(world);
    await cloud.perform({ call: 'pause', machineId: 'web-1' });
    const seen: string[] = [];
    for (let i = 0; i < 4; i++) seen.push((await cloud.machineState('web-1')).machine.status);
    expect(seen).toEqual(['ACTIVE', 'ACTIVE', 'PAUSED', 'PAUSED']);
  });
});
