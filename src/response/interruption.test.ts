// A process that dies at any moment, of any action, on any ports: the next one finishes it, or undoes it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acmeWorld, machine, port, worldText } from '../../test/build/cloud-world.ts';
import { ContainmentBench, Life, ProcessDied } from '../../test/support/containment-bench.ts';
import { passes } from '../cloud/fake/fake-wire.ts';
import type { FakeWorld } from '../cloud/fake/fake-world.ts';
import { type IsolateParameters, isolateMachine } from './actions/isolate-machine/isolate-machine.ts';
import { lockMachine } from './actions/lock-machine/lock-machine.ts';
import { snapshotMachine } from './actions/snapshot-machine/snapshot-machine.ts';

interface PortChoice {
  readonly groups: readonly string[];
  readonly pairs: readonly string[];
  readonly portSecurity: boolean;
  readonly adminUp: boolean;
  readonly mirrored: boolean;
}

interface WorldChoice {
  readonly ports: readonly PortChoice[];
  readonly trunk: boolean;
  readonly locked: boolean;
  readonly isAdmin: boolean;
  readonly actionReads: number;
  readonly dirtyGroup: boolean;
}

const portChoice: fc.Arbitrary<PortChoice> = fc.record({
  groups: fc.subarray(['web', 'inside']),
  pairs: fc.subarray(['10.9.0.1 fa:16:3e:00:00:09', '0.0.0.0/0 fa:16:3e:00:00:01']),
  portSecurity: fc.boolean(),
  adminUp: fc.boolean(),
  mirrored: fc.boolean(),
});

const worldChoice: fc.Arbitrary<WorldChoice> = fc.record({
  ports: fc.array(portChoice, { minLength: 1, maxLength: 3 }),
  trunk: fc.boolean(),
  locked: fc.boolean(),
  isAdmin: fc.boolean(),
  actionReads: fc.nat(3),
  dirtyGroup: fc.boolean(),
});

/** One card of the victim; all but the first are subports of a trunk, where there is one. */
function addPort(world: FakeWorld, trunk: boolean, { groups, pairs, portSecurity, adminUp, mirrored }: PortChoice, i: number): void {
  const id = `v${i}`;
  const allowedPairs = pairs.map((text) => ({ address: text.split(' ')[0] ?? '', mac: text.split(' ')[1] ?? '' }));
  const isSubport = trunk && i > 0;
  world.ports.push({
    ...port(id, isSubport ? '' : 'victim', { portSecurity, adminUp, fixed: [{ address: `10.0.0.${10 + i}` }] }),
    ...{ securityGroupIds: portSecurity ? groups : [], allowedPairs: portSecurity ? allowedPairs : [] },
    ...(isSubport && { deviceOwner: 'trunk:subport', trunk: { parentPortId: 'v0', vlan: 100 + i } }),
  });
  if (mirrored) world.tapFlows.push({ id: `t${i}`, name: '', sourcePortId: id, serviceId: 's', direction: 'both', status: 'ACTIVE' });
}

function worldOf({ ports, trunk, locked, isAdmin, actionReads, dirtyGroup }: WorldChoice): FakeWorld {
  const world = acmeWorld();
  world.actionReads = actionReads;
  if (!isAdmin) world.identity = { userId: 'u-alice', userName: 'alice', projectId: 'acme', roles: ['member'], isAdmin };
  world.machines.push(machine('victim', locked && isAdmin ? { locked, lockedReason: 'billing' } : {}));
  for (const [i, choice] of ports.entries()) addPort(world, trunk, choice, i);
  if (dirtyGroup) {
    const rules = [{ id: 'r9', groupId: 'q', direction: 'fromVm', ipVersion: 4 } as const];
    const projectId = isAdmin ? 'operators' : 'acme';
    world.securityGroups.push({ id: 'q', name: 'vedette-quarantine', projectId, description: '', stateful: true, rules });
  }
  return world;
}

type Run = (bench: ContainmentBench, life?: Life) => Promise<unknown>;

const isolateWith =
  (parameters: IsolateParameters): Run =>
  (bench, life) =>
    bench.apply(isolateMachine, 'victim', parameters, life);

const isolateChoice: fc.Arbitrary<IsolateParameters> = fc.record({
  mode: fc.constantFrom('egress', 'full', 'port-down', 'pause'),
  allowFrom: fc.subarray(['198.51.100.0/24', '2001:db8::/32']),
  mirrored: fc.constant('port-down' as const),
});

const actionChoice: fc.Arbitrary<Run> = fc.oneof(
  isolateChoice.map(isolateWith),
  fc.constant<Run>((bench, life) => bench.apply(lockMachine, 'victim', {}, life)),
  fc.constant<Run>((bench, life) => bench.apply(snapshotMachine, 'victim', { caseId: 'c1' }, life)),
);

/** Whether it was done; it may refuse, and nothing else. */
async function isDone(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'containment-refused' });
    return false;
  }
}

const outside = '203.0.113.99';

/** A world as it is after an action, and how many moments that took; undefined when the action does not want it. */
async function whole(choice: WorldChoice, run: Run): Promise<{ readonly text: string; readonly moments: number } | undefined> {
  const bench = new ContainmentBench(worldOf(choice));
  const life = new Life();
  try {
    await run(bench, life);
  } catch (error) {
    expect(error).toMatchObject({ code: 'containment-refused' });
    return undefined;
  }
  return { text: worldText(bench.world), moments: life.moments };
}

/** The initial world as undoing leaves it: a quarantine group that was dirty is clean from then on. */
function cleaned(world: FakeWorld, isUsed: boolean): string {
  const groups = world.securityGroups.map((group) => (isUsed && group.name === 'vedette-quarantine' ? { ...group, rules: [] } : group));
  return worldText({ ...world, securityGroups: groups });
}

describe('an action', () => {
  it('is undone to exactly what was there', async () => {
    await fc.assert(
      fc.asyncProperty(worldChoice, actionChoice, async (choice, run) => {
        const bench = new ContainmentBench(worldOf(choice));
        if (!(await isDone(run(bench)))) return;
        const isUsed = bench.world.ports.some(({ securityGroupIds }) => securityGroupIds.includes('q'));
        await bench.release();
        expect(worldText(bench.world)).toBe(cleaned(worldOf(choice), isUsed));
      }),
      { numRuns: 300 },
    );
  });

  it('lets nothing out of an isolated machine, whatever its ports are', async () => {
    await fc.assert(
      fc.asyncProperty(worldChoice, isolateChoice, async (choice, parameters) => {
        const bench = new ContainmentBench(worldOf(choice));
        if (!(await isDone(isolateWith(parameters)(bench)))) return;
        // What was accepted is done by now: the last reading waited for it.
        for (const { id } of bench.world.ports.filter(({ id }) => id.startsWith('v'))) {
          expect(passes(bench.world, id, 'fromVm', outside), `${id} out`).toBe(false);
          if (parameters.mode !== 'egress') expect(passes(bench.world, id, 'toVm', outside), `${id} in`).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never lets more in than before, in mode egress', async () => {
    await fc.assert(
      fc.asyncProperty(worldChoice, fc.constantFrom(outside, '10.0.0.6', '10.0.0.10'), async (choice, remote) => {
        const bench = new ContainmentBench(worldOf({ ...choice, ports: choice.ports.map((one) => ({ ...one, mirrored: false })) }));
        const before = structuredClone(bench.world);
        await isolateWith({ mode: 'egress', allowFrom: [], mirrored: 'refuse' })(bench);
        for (const { id } of bench.world.ports.filter(({ id }) => id.startsWith('v'))) {
          if (passes(bench.world, id, 'toVm', remote)) expect(passes(before, id, 'toVm', remote)).toBe(true);
        }
      }),
    );
  });
});

/** Dies at this moment; what is left is finished, or undone, by a process that does not die. */
async function interrupted(choice: WorldChoice, run: Run, moment: number, end: 'finish' | 'undo'): Promise<string> {
  const bench = new ContainmentBench(worldOf(choice));
  await expect(run(bench, new Life(moment))).rejects.toThrow(ProcessDied);
  if (bench.record() !== undefined) await (end === 'finish' ? bench.resume() : bench.release());
  else if (end === 'finish') await run(bench);
  return worldText(bench.world);
}

describe('an interrupted action', () => {
  it('is finished by the next process, or undone, whenever the first one died', async () => {
    await fc.assert(
      fc.asyncProperty(worldChoice, actionChoice, async (choice, run) => {
        const goal = await whole(choice, run);
        if (goal === undefined) return;
        const start = worldOf(choice);
        const ways = [cleaned(start, true), cleaned(start, false), worldText(start)];
        for (let moment = 1; moment <= goal.moments; moment++) {
          const finished = await interrupted(choice, run, moment, 'finish');
          expect(withoutIds(finished), `finished after moment ${moment}`).toBe(withoutIds(goal.text));
          expect(ways, `undone after moment ${moment}`).toContain(await interrupted(choice, run, moment, 'undo'));
        }
      }),
      { numRuns: 12 },
    );
  });

  it('is undone when the process that undoes it dies too', async () => {
    await fc.assert(
      fc.asyncProperty(worldChoice, actionChoice, async (choice, run) => {
        if ((await whole(choice, run)) === undefined) return;
        const measure = new ContainmentBench(worldOf(choice));
        await run(measure);
        const life = new Life();
        await measure.release(false, life);
        const goal = worldText(measure.world);
        for (let moment = 1; moment <= life.moments; moment++) {
          const bench = new ContainmentBench(worldOf(choice));
          await run(bench);
          await expect(bench.release(false, new Life(moment))).rejects.toThrow(ProcessDied);
          if (bench.record()?.status !== 'released') await bench.release();
          expect(worldText(bench.world), `after moment ${moment}`).toBe(goal);
        }
      }),
      { numRuns: 8 },
    );
  });
});

/** Ids that the cloud gave out differ when a call was made again. */
const withoutIds = (text: string): string => text.replaceAll(/(group|rule|image|volume-snapshot)-\d{4}/g, '$1-n');
