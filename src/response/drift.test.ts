// What happens when the world is not as it was left: between plan and act, between act and undo, and while it holds.
import { describe, expect, it } from 'vitest';
import { acmeWorld, port } from '../../test/build/cloud-world.ts';
import { ContainmentBench } from '../../test/support/containment-bench.ts';
import { VedetteError } from '../base/errors.ts';
import type { FakeMoment } from '../cloud/fake/fake-cloud.ts';
import { type FakeWorld, replaceItem } from '../cloud/fake/fake-world.ts';
import type { Port } from '../model/inventory.ts';
import type { ActionRecord } from './action-record.ts';
import { type IsolateParameters, isolateMachine } from './actions/isolate-machine/isolate-machine.ts';
import { lockMachine } from './actions/lock-machine/lock-machine.ts';
import { snapshotMachine } from './actions/snapshot-machine/snapshot-machine.ts';
import { findDrift, findWaysOut } from './verification.ts';

const full: IsolateParameters = { mode: 'full', allowFrom: [], mirrored: 'port-down' };

const isolated = async (world = acmeWorld()): Promise<ContainmentBench> => {
  const bench = new ContainmentBench(world);
  await bench.apply(isolateMachine, 'web-1', full);
  return bench;
};

const portOf = (world: FakeWorld, id = 'p1'): Port => world.ports.find((one) => one.id === id) ?? port('', '');

/** Somebody else's doing. */
function touch(world: FakeWorld, change: Partial<Port>, id = 'p1'): void {
  const now = portOf(world, id);
  replaceItem(world.ports, { ...now, ...change, revision: (now.revision ?? 0) + 1 });
}

const once = (call: string, when: FakeMoment['when'], work: () => void): ((moment: FakeMoment) => void) => {
  let done = false;
  return (moment) => {
    if (done || moment.call !== call || moment.when !== when) return;
    done = true;
    work();
  };
};

describe('carrying out', () => {
  it('refuses when somebody changed the port since the plan was made', async () => {
    const bench = new ContainmentBench(acmeWorld());
    bench.onMoment = once('perform:create-security-group', 'after', () => touch(bench.world, { securityGroupIds: ['inside'] }));
    await expect(bench.apply(isolateMachine, 'web-1', full)).rejects.toThrow(
      /stopped half-way \(port p1 is not as planned \(securityGroups is \[inside\], expected \[web\]\)/,
    );
    expect(portOf(bench.world).securityGroupIds).toEqual(['inside']);
    await bench.release();
    expect(bench.world.securityGroups.map(({ id }) => id)).toEqual(['web', 'inside']);
  });

  it('tries again when only the revision moved on, as it does with a change of status', async () => {
    const bench = new ContainmentBench(acmeWorld());
    bench.onMoment = once('perform:update-port', 'before', () => touch(bench.world, {}));
    expect((await bench.apply(isolateMachine, 'web-1', full)).status).toBe('applied');
  });

  it('does nothing twice when an answer is lost', async () => {
    const bench = new ContainmentBench(acmeWorld());
    const lost = new VedetteError('cloud-unreachable', { cloud: 'fake', url: 'x', reason: 'ECONNRESET' });
    bench.onMoment = once('perform:create-security-group', 'after', () => {
      throw lost;
    });
    await bench.apply(isolateMachine, 'web-1', full);
    expect(bench.world.securityGroups.filter(({ name }) => name === 'vedette-quarantine')).toHaveLength(1);
  });

  it('closes an action of which nothing was done, and says why', async () => {
    const world = acmeWorld();
    const bench = new ContainmentBench(world);
    bench.onMoment = ({ call, when }) => {
      if (call === 'findSecurityGroups' && when === 'before' && bench.file.text !== '') {
        throw new VedetteError('cloud-failed', { cloud: 'fake', what: 'x', reason: '500', request: '-' });
      }
    };
    await expect(bench.apply(isolateMachine, 'web-1', full)).rejects.toMatchObject({ code: 'cloud-failed' });
    bench.onMoment = () => {};
    expect(bench.record()).toMatchObject({ status: 'released', notes: [expect.stringContaining('nothing was changed')] });
  });

  it('stops half-way when a right or a quota is missing, and can be undone', async () => {
    const world = acmeWorld();
    const bench = new ContainmentBench(world);
    bench.onMoment = ({ call }) => {
      if (call === 'perform:update-port') throw new VedetteError('cloud-forbidden', { cloud: 'fake', what: 'port', reason: 'policy' });
    };
    await expect(bench.apply(isolateMachine, 'web-1', full)).rejects.toMatchObject({ code: 'action-halfway', kind: 'unavailable' });
    bench.onMoment = () => {};
    expect((await bench.release()).status).toBe('released');
    expect(world.securityGroups).toHaveLength(2);
    world.securityGroupQuota = 0;
    await expect(new ContainmentBench(world).apply(isolateMachine, 'web-1', full)).rejects.toMatchObject({ code: 'action-halfway' });
  });

  it('fails every call in turn, and is finished or undone all the same', async () => {
    const calls = new Set<string>();
    const seen = await isolatedWith((moment) => void calls.add(moment.call));
    expect(seen.status).toBe('applied');
    for (const call of calls) {
      const bench = new ContainmentBench(acmeWorld());
      bench.onMoment = (moment) => {
        if (moment.call === call) throw new VedetteError('cloud-unreachable', { cloud: 'fake', url: call, reason: 'ETIMEDOUT' });
      };
      await expect(bench.apply(isolateMachine, 'web-1', full), call).rejects.toMatchObject({ kind: 'unavailable' });
      bench.onMoment = () => {};
      const record = bench.record();
      if (record !== undefined && record.status !== 'released') await bench.resume();
      if (record !== undefined && record.status !== 'released') expect(portOf(bench.world).securityGroupIds).not.toContain('web');
      if (record !== undefined) await bench.release();
      expect(portOf(bench.world).securityGroupIds, call).toEqual(['web']);
    }
  });
});

async function isolatedWith(onMoment: ContainmentBench['onMoment']): Promise<ActionRecord> {
  const bench = new ContainmentBench(acmeWorld());
  bench.onMoment = onMoment;
  return bench.apply(isolateMachine, 'web-1', full);
}

describe('undoing', () => {
  it('refuses with the difference when somebody changed the port, and merges when forced', async () => {
    const bench = await isolated();
    const [quarantine = ''] = portOf(bench.world).securityGroupIds;
    touch(bench.world, { securityGroupIds: ['inside', quarantine] });
    await expect(bench.release()).rejects.toThrow(
      new RegExp(`port p1: securityGroups is \\[${quarantine}, inside\\], expected \\[${quarantine}\\]`),
    );
    expect(portOf(bench.world).securityGroupIds).toContain(quarantine);
    const { notes } = await bench.release(true);
    expect(portOf(bench.world).securityGroupIds).toEqual(['inside', 'web']);
    expect(notes.join()).toContain('since somebody set');
  });

  it('restores the rest when the tenant has put back a part', async () => {
    const bench = await isolated();
    touch(bench.world, { securityGroupIds: ['web'] });
    expect((await bench.release()).status).toBe('released');
    expect(portOf(bench.world).securityGroupIds).toEqual(['web']);
  });

  it('says which group is gone, and leaves it out when forced', async () => {
    const bench = await isolated();
    bench.world.securityGroups = bench.world.securityGroups.filter(({ id }) => id !== 'web');
    await expect(bench.release()).rejects.toThrow(/security group web does not exist any more/);
    expect((await bench.release(true)).notes.join()).toContain('is left out');
    expect(portOf(bench.world).securityGroupIds).toEqual([]);
  });

  it('refuses for a port that is gone, and passes over it when forced', async () => {
    const bench = await isolated();
    bench.world.ports = bench.world.ports.filter(({ id }) => id !== 'p1');
    await expect(bench.release()).rejects.toThrow(/port p1: it does not exist/);
    expect((await bench.release(true)).notes.join()).toContain('port p1 is gone');
  });

  it('leaves a machine alone that somebody stopped, when forced', async () => {
    const bench = new ContainmentBench(acmeWorld());
    await bench.apply(isolateMachine, 'web-1', { ...full, mode: 'pause' });
    const paused = bench.world.machines[0];
    if (paused !== undefined) replaceItem(bench.world.machines, { ...paused, status: 'SHUTOFF' });
    await expect(bench.release()).rejects.toThrow(/status is SHUTOFF, expected PAUSED/);
    expect((await bench.release(true)).notes.join()).toContain('stays as somebody set it');
    expect(bench.world.machines[0]).toMatchObject({ status: 'SHUTOFF', locked: false });
  });

  it('leaves a quarantine group that another machine has come to use', async () => {
    const bench = await isolated();
    const [quarantine = ''] = portOf(bench.world).securityGroupIds;
    touch(bench.world, { securityGroupIds: [quarantine] }, 'p2');
    expect((await bench.release()).notes).toEqual(['security group vedette-quarantine is still in use, and stays']);
    expect(portOf(bench.world).securityGroupIds).toEqual(['web']);
  });
});

describe('watching', () => {
  const problems = async (bench: ContainmentBench): Promise<string> => {
    const { cloud } = bench.start();
    const record = bench.record() as ActionRecord;
    return [...(await findDrift(cloud, record)), ...findWaysOut(record, await cloud.machineState('web-1'))].join('; ');
  };

  it('finds nothing while it holds', async () => {
    expect(await problems(await isolated())).toBe('');
  });

  it('finds what a tenant undoes, adds, mirrors, and lets out', async () => {
    const undone = await isolated();
    touch(undone.world, { securityGroupIds: ['web'] });
    expect(await problems(undone)).toMatch(/port p1: securityGroups is \[web\]/);
    const added = await isolated();
    added.world.ports.push(port('p9', 'web-1'));
    expect(await problems(added)).toMatch(/port p9: was plugged in since/);
    const mirrored = await isolated();
    mirrored.world.tapFlows.push({ id: 't1', name: '', sourcePortId: 'p1', serviceId: 's', direction: 'both', status: 'ACTIVE' });
    expect(await problems(mirrored)).toMatch(/tap flow t1 leads its frames past/);
    const opened = await isolated();
    const group = opened.world.securityGroups.find(({ name }) => name === 'vedette-quarantine');
    if (group === undefined) throw new Error('no group');
    const rule = { id: 'r', groupId: group.id, direction: 'fromVm', ipVersion: 4 } as const;
    replaceItem(opened.world.securityGroups, { ...group, rules: [rule] });
    expect(await problems(opened)).toMatch(/security group vedette-quarantine: rules is/);
  });
});

describe('planning', () => {
  const refusal = (world: FakeWorld, parameters: IsolateParameters): Promise<unknown> =>
    new ContainmentBench(world).apply(isolateMachine, 'web-1', parameters).catch((error: unknown) => error);

  it('refuses a port that serves a network', async () => {
    const world = acmeWorld();
    touch(world, { deviceOwner: 'network:router_interface' });
    expect(await refusal(world, full)).toMatchObject({
      code: 'containment-refused',
      message: expect.stringContaining('cut off a network'),
    });
  });

  it('refuses a mirrored port where its groups would not hold, unless it may go down', async () => {
    const world = acmeWorld();
    world.tapFlows.push({ id: 't1', name: 'sensor', sourcePortId: 'p1', serviceId: 's', direction: 'both', status: 'ACTIVE' });
    expect(await refusal(world, { ...full, mode: 'egress', mirrored: 'refuse' })).toMatchObject({
      message: expect.stringContaining('tap flow sensor'),
    });
    const bench = new ContainmentBench(world);
    const { plan } = await bench.apply(isolateMachine, 'web-1', full);
    expect(plan.warnings.join()).toContain('the mirror shows nothing');
    expect(portOf(world)).toMatchObject({ adminUp: false });
  });

  it('refuses egress where the rules that let things in cannot be read', async () => {
    const world = acmeWorld();
    world.securityGroups = world.securityGroups.filter(({ id }) => id !== 'web');
    expect(await refusal(world, { ...full, mode: 'egress' })).toMatchObject({ message: expect.stringContaining('cannot be read') });
  });

  it('refuses what cannot be paused, imaged or locked, and twins of its group', async () => {
    const world = acmeWorld();
    const [first] = world.machines;
    if (first !== undefined) replaceItem(world.machines, { ...first, status: 'ERROR', locked: true });
    expect(await refusal(world, { ...full, mode: 'pause' })).toMatchObject({ code: 'containment-refused' });
    const bench = new ContainmentBench(world);
    await expect(bench.apply(lockMachine, 'web-1', {})).rejects.toMatchObject({ code: 'containment-refused' });
    await expect(bench.apply(snapshotMachine, 'web-1', { caseId: '' })).rejects.toMatchObject({ code: 'containment-refused' });
    for (const id of ['q1', 'q2']) {
      world.securityGroups.push({ id, name: 'vedette-quarantine', projectId: 'operators', description: '', stateful: true, rules: [] });
    }
    expect(await refusal(world, full)).toMatchObject({ message: expect.stringContaining('2 security groups named vedette-quarantine') });
  });

  it('lets investigators in, and nobody else', async () => {
    const bench = new ContainmentBench(acmeWorld());
    await bench.apply(isolateMachine, 'web-1', { ...full, allowFrom: ['198.51.100.7'] });
    const [groupId = ''] = portOf(bench.world).securityGroupIds;
    const rules = bench.world.securityGroups.find(({ id }) => id === groupId)?.rules;
    expect(rules).toMatchObject([{ direction: 'toVm', ipVersion: 4, remoteCidr: '198.51.100.7/32' }]);
  });
});
