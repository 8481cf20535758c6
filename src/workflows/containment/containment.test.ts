// The jobs of containment on the fake cloud and a real state directory.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { acmeWorld, machine, worldText } from '../../../test/build/cloud-world.ts';
import { removeTemporaryFolders, temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { VedetteError } from '../../base/errors.ts';
import { FakeCloud, type FakeMoment } from '../../cloud/fake/fake-cloud.ts';
import type { FakeWorld } from '../../cloud/fake/fake-world.ts';
import { actions } from '../../response/actions/index.ts';
import { StateDirectory } from '../../response/state-directory.ts';
import { type ActRequest, type ActResult, type ContainmentJobs, containmentJobs, type IsolateParameters } from './index.ts';

removeTemporaryFolders();

interface Bench {
  readonly jobs: ContainmentJobs;
  readonly world: FakeWorld;
  readonly stateDirectory: string;
  onMoment: (moment: FakeMoment) => void;
  nowMs: number;
}

function bench(world = acmeWorld()): Bench {
  const stateDirectory = join(temporaryFolder(), 'state');
  let ids = 0;
  const made: Bench = { world, stateDirectory, onMoment: () => {}, nowMs: Date.UTC(2026, 10, 29), jobs: undefined as never };
  const jobs = containmentJobs({
    openCloud: () => Promise.resolve(new FakeCloud(world, { onMoment: (moment) => made.onMoment(moment) })),
    openState: (path) => new StateDirectory(path),
    runner: { run: () => Promise.reject(new VedetteError('program-missing', { program: 'ip' })) },
    now: () => new Date(made.nowMs),
    sleep: (ms) => {
      made.nowMs += ms;
      return Promise.resolve();
    },
    newActionId: () => `a${++ids}`,
    person: () => 'kari@desk',
    wireTimes: { baselineMs: 0, quietMs: 0, patienceMs: 0 },
  });
  return Object.assign(made, { jobs });
}

const parameters: IsolateParameters = { mode: 'full', allowFrom: [], mirrored: 'port-down' };

const request = ({ stateDirectory }: Bench, more: Partial<ActRequest<IsolateParameters>> = {}): ActRequest<IsolateParameters> => ({
  ...{ cloud: {}, stateDirectory, machine: 'web-1', parameters, reason: 'scans', dryRun: false, evidenceAfter: false },
  ...{ wire: { verifyAt: [], skip: false }, confirm: () => Promise.resolve(true) },
  ...more,
});

const releaseOf = ({ stateDirectory }: Bench, what?: string, force = false): Parameters<ContainmentJobs['release']>[0] => ({
  ...{ cloud: {}, stateDirectory, reason: 'clean', force, confirm: () => Promise.resolve(true) },
  ...(what !== undefined && { what }),
});

const actionOf = (result: ActResult): string => (result.kind === 'planned' ? '' : result.record.id);

describe('isolating', () => {
  it('keeps evidence first, contains, verifies, and is undone', async () => {
    const it = bench();
    const before = worldText(it.world);
    const done = await it.jobs.isolate(request(it));
    expect(done).toMatchObject({
      kind: 'done',
      record: { status: 'applied', evidence: { gaps: [] }, verification: { problems: [], wire: { checked: false } } },
    });
    const steps = it.jobs.show({ stateDirectory: it.stateDirectory, id: actionOf(done) }).lines.map(({ step }) => step.entry);
    expect(steps.indexOf('evidence')).toBeLessThan(steps.indexOf('calling'));
    const kept = readFileSync(join(it.stateDirectory, 'evidence', 'a1', 'port-p1.json'), 'utf8');
    expect(JSON.parse(kept)).toMatchObject({ security_groups: ['web'] });
    expect(await it.jobs.status({ ...request(it), what: [] })).toMatchObject([{ problems: [], isExpired: false }]);
    expect(await it.jobs.release(releaseOf(it, 'web-1'))).toMatchObject({ released: [{ id: 'a1', status: 'released' }] });
    expect(worldText(it.world)).toBe(before);
  });

  it('shows the calls and changes nothing in a dry run, and without a yes', async () => {
    const it = bench();
    const before = worldText(it.world);
    const dry = await it.jobs.isolate(request(it, { dryRun: true }));
    expect(dry.kind === 'planned' && dry.plan.calls.map(({ url }) => url)).toEqual([
      ...['fake:/create-security-group', 'fake:/delete-security-rule', 'fake:/delete-security-rule', 'fake:/update-port'],
    ]);
    await expect(it.jobs.isolate(request(it, { confirm: () => Promise.resolve(false) }))).rejects.toMatchObject({
      code: 'confirmation-needed',
    });
    expect(worldText(it.world)).toBe(before);
    expect(it.jobs.list(it)).toEqual([]);
  });

  it('begins nothing where the wire cannot be looked at as asked', async () => {
    const it = bench();
    await expect(it.jobs.isolate(request(it, { wire: { verifyAt: ['a:b:c'], skip: false } }))).rejects.toMatchObject({ code: 'usage' });
    expect(it.jobs.list(it)).toEqual([]);
  });

  it('names all machines of a name that is not one', async () => {
    const it = bench();
    it.world.machines.push(machine('m9', { name: 'web-1', projectId: 'globex' }));
    await expect(it.jobs.isolate(request(it))).rejects.toThrow(/web-1 web-1 of project acme; web-1 m9 of project globex/);
    await expect(it.jobs.isolate(request(it, { machine: 'nobody' }))).rejects.toMatchObject({ code: 'machine-unknown' });
  });

  it('finds the machine by its floating address, and warns that the address stays', async () => {
    const it = bench();
    const dry = await it.jobs.isolate(request(it, { dryRun: true, machine: '203.0.113.7' }));
    expect(dry).toMatchObject({
      plan: { machine: { id: 'web-1' }, warnings: expect.arrayContaining([expect.stringMatching(/^203\.0\.113\.7 stays/)]) },
    });
  });

  it('changes nothing when evidence cannot be kept, unless it may be kept later', async () => {
    const it = bench();
    const before = worldText(it.world);
    it.onMoment = ({ call }) => {
      if (call === 'diagnostics') writeFileSync(join(it.stateDirectory, 'evidence'), 'in the way');
    };
    await expect(it.jobs.isolate(request(it))).rejects.toMatchObject({ code: 'evidence-first', kind: 'refused' });
    expect(worldText(it.world)).toBe(before);
    expect(it.jobs.list(it)).toMatchObject([{ status: 'released' }]);
  });

  it('notes what evidence the cloud does not give, and goes on', async () => {
    const it = bench();
    it.onMoment = ({ call }) => {
      if (call === 'consoleOutput') throw new VedetteError('cloud-forbidden', { cloud: 'fake', what: 'console', reason: 'policy' });
    };
    const done = await it.jobs.isolate(request(it));
    expect(done).toMatchObject({ record: { status: 'applied', evidence: { gaps: [expect.stringMatching(/^console\.txt: /)] } } });
  });

  it('finishes what an interrupted command began, and only looks again when all is done', async () => {
    const it = bench();
    it.onMoment = ({ call }) => {
      if (call === 'perform:update-port') throw new Error('killed');
    };
    await expect(it.jobs.isolate(request(it))).rejects.toThrow('killed');
    it.onMoment = () => {};
    expect(await it.jobs.isolate(request(it))).toMatchObject({ kind: 'resumed', record: { id: 'a1', status: 'applied' } });
    expect(await it.jobs.isolate(request(it))).toMatchObject({ kind: 'already', record: { id: 'a1' } });
    await expect(it.jobs.resume({ ...request(it), id: 'a1', force: false })).rejects.toMatchObject({ code: 'containment-refused' });
  });

  it('may be tightened, and is released from the newest on', async () => {
    const it = bench();
    const before = worldText(it.world);
    await it.jobs.isolate(request(it, { parameters: { ...parameters, mode: 'egress', mirrored: 'refuse' } }));
    await it.jobs.isolate(request(it));
    await expect(it.jobs.release(releaseOf(it, 'a1'))).rejects.toMatchObject({ code: 'release-refused' });
    expect((await it.jobs.release(releaseOf(it, 'web-1', true))).released.map(({ id }) => id)).toEqual(['a2', 'a1']);
    expect(worldText(it.world)).toBe(before);
  });
});

describe('releasing', () => {
  it('releases what has expired, and nothing else', async () => {
    const it = bench();
    await it.jobs.isolate(request(it, { expiresAt: '2026-11-29T04:00:00.000Z' }));
    await it.jobs.isolate(request(it, { machine: 'web-2' }));
    expect((await it.jobs.release(releaseOf(it))).released).toEqual([]);
    it.nowMs = Date.UTC(2026, 10, 29, 5);
    expect(await it.jobs.status({ ...request(it), what: ['web-1'] })).toMatchObject([{ isExpired: true }]);
    expect((await it.jobs.release(releaseOf(it))).released.map(({ plan }) => plan.machine.id)).toEqual(['web-1']);
    await expect(it.jobs.release(releaseOf(it, 'web-1'))).rejects.toMatchObject({ code: 'action-unknown' });
  });

  it('lets one action that cannot be undone not hinder the others', async () => {
    const it = bench();
    const expiresAt = '2026-11-29T01:00:00.000Z';
    await it.jobs.isolate(request(it, { expiresAt }));
    await it.jobs.isolate(request(it, { machine: 'web-2', expiresAt }));
    it.world.ports = it.world.ports.filter(({ id }) => id !== 'p2');
    it.nowMs = Date.UTC(2026, 10, 30);
    const { released, failed } = await it.jobs.release(releaseOf(it));
    expect([released.map(({ id }) => id), failed.map(({ id }) => id)]).toEqual([['a1'], ['a2']]);
  });

  it('does not delete a snapshot without being told to', async () => {
    const it = bench();
    const { confirm: _, ...plain } = request(it);
    const snapshot = await it.jobs.snapshot({ ...plain, confirm: () => Promise.resolve(true), parameters: { caseId: 'c17' } });
    expect(snapshot).toMatchObject({ record: { notes: [expect.stringMatching(/^image image-\d+ in project operators, checksum md5:/)] } });
    expect(it.world.images.at(-1)).toMatchObject({ protected: true, status: 'active' });
    await expect(it.jobs.release(releaseOf(it, 'a1'))).rejects.toMatchObject({ code: 'release-refused' });
    await it.jobs.release(releaseOf(it, 'a1', true));
    expect(it.world.images).toHaveLength(1);
  });
});

describe('the state directory', () => {
  it('lets one process at a time change things, and breaks the lock of one that died', async () => {
    const it = bench();
    const state = new StateDirectory(it.stateDirectory);
    await state.alone(() => expect(it.jobs.isolate(request(it))).rejects.toMatchObject({ code: 'state-locked' }) as Promise<void>);
    writeFileSync(join(it.stateDirectory, 'lock'), '999999999 1');
    expect((await it.jobs.isolate(request(it))).kind).toBe('done');
  });

  it('holds nothing that others may read, and tells when evidence or the journal was altered', async () => {
    const it = bench();
    await it.jobs.isolate(request(it));
    expect(it.jobs.verify(it)).toMatchObject({ evidence: 6, problems: [], hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    appendFileSync(join(it.stateDirectory, 'evidence', 'a1', 'console.txt'), 'x');
    expect(it.jobs.verify(it).problems).toEqual(['evidence/a1/console.txt: was altered since it was kept']);
    const journal = join(it.stateDirectory, 'journal.ndjson');
    writeFileSync(journal, readFileSync(journal, 'utf8').replace('scans', 'other'));
    await expect(it.jobs.release(releaseOf(it, 'web-1'))).rejects.toMatchObject({ code: 'journal-broken' });
  });
});

describe('the actions', () => {
  it.each(actions)('$name says what it is, what it needs, and whether it can be undone', ({ title, permissions, reversible }) => {
    expect(title).toMatch(/^[A-Z].*\.$/);
    expect(permissions.length).toBeGreaterThan(0);
    expect(reversible).toBe(true);
  });
});
