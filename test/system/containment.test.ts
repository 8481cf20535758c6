// A real machine of a real OpenStack with real packets: it holds a reverse shell and scans; it is isolated, and everything is put back.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { MachineState } from '../../src/cloud/cloud.ts';
import { openCloud } from '../../src/cloud/openstack/open-cloud.ts';
import { endAll, guestNamespace, ShellListener, startReverseShell, startScan } from '../support/lab-guest.ts';
import { describeNeeding, hasTool, testCloud } from '../support/machine.ts';
import { repository } from '../support/repository.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

removeTemporaryFolders();

/** Machines of the lab's seed: one with a router to the world, one with two cards, one that takes mirrored packets. */
const names = { victim: 'web-2', twoCards: 'bastion', sensor: 'sensor-1' };
const attacker = '198.51.100.66';
const stranger = '198.51.100.10';
let shellPort = 4444;

/** The lab's machine is small, and its services are many. */
const patient = { timeout: 300_000 };

const main = join(repository, 'src/main.ts');
const vedette = (...args: readonly string[]) => spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', maxBuffer: 1 << 26 });

interface Step {
  readonly at: string;
  readonly step: {
    readonly entry: string;
    readonly action: string;
    readonly call?: { readonly call: string; readonly set?: { readonly adminUp?: boolean } };
  };
}

const stepsOf = (state: string): readonly Step[] => {
  const path = join(state, 'journal.ndjson');
  if (!existsSync(path)) return [];
  const whole = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return whole.map((line) => JSON.parse(line) as Step);
};

/** When the call that isolates was announced. */
const isolatedMs = (state: string): number =>
  Date.parse(stepsOf(state).findLast(({ step }) => step.entry === 'calling' && step.call?.call === 'update-port')?.at ?? '');

const openstack = (...args: readonly string[]): string => {
  const { stdout, stderr, status } = spawnSync('openstack', ['--os-cloud', testCloud(), ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openstack ${args.join(' ')}: ${stderr}`);
  return stdout;
};

/** `openstack port show`, without what every change moves on. */
function shownPort(id: string): Readonly<Record<string, unknown>> {
  const {
    revision_number: _,
    updated_at: __,
    status: ___,
    ...rest
  } = JSON.parse(openstack('port', 'show', id, '-f', 'json')) as Record<string, unknown>;
  return rest;
}

describeNeeding('containment', { root: true, cloud: true, tools: ['ip', 'tcpdump', 'conntrack', 'bash'] }, () => {
  const cloud = openCloud({ name: testCloud(), version: '0.0.0-test' });
  const place = (state: string): readonly string[] => ['--cloud', testCloud(), '--state', state];
  let victim: MachineState;

  const stateOf = async (name: string): Promise<MachineState> => cloud.machineState((await cloud.findMachines(name))[0]?.id ?? '');
  const rawPorts = async (state: MachineState): Promise<readonly Readonly<Record<string, unknown>>[]> =>
    Promise.all(
      state.ports.map(async ({ id }) => {
        const { revision_number: _, updated_at: __, status: ___, ...rest } = await cloud.rawPort(id);
        return rest;
      }),
    );

  beforeAll(async () => {
    victim = await stateOf(names.victim);
  });

  const states: string[] = [];
  const newState = (): string => {
    states.push(temporaryFolder());
    return states.at(-1) ?? '';
  };

  /** Whatever a test left behind, when it failed or took too long. */
  function releaseAll(): void {
    for (const state of states.splice(0)) {
      const ids = new Set(stepsOf(state).map(({ step }) => step.action));
      for (const id of [...ids].toReversed()) vedette('release', id, '--yes', '--force', ...place(state));
    }
  }

  afterEach(() => {
    endAll();
    releaseAll();
  });

  afterAll(async () => {
    await cloud.close();
  });

  /** A shell that answers, and a scan. Each to a port of its own: what was blocked once stays so while it goes on sending. */
  async function compromise(): Promise<ShellListener> {
    const port = shellPort++;
    const listener = new ShellListener(attacker, port);
    await sleep(500);
    startReverseShell(guestNamespace(victim.machine.id), attacker, port);
    startScan(guestNamespace(victim.machine.id), stranger);
    for (let tries = 0; listener.answers < 5 && tries < 100; tries++) await sleep(100);
    expect(listener.answers).toBeGreaterThanOrEqual(5);
    return listener;
  }

  /** Runs a command without holding up the listener. */
  async function run(...args: readonly string[]): Promise<{ readonly code: number | null; readonly text: string }> {
    const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    child.stdout.on('data', (part: Buffer) => (text += part.toString()));
    child.stderr.on('data', (part: Buffer) => (text += part.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, text };
  }

  it.each(['full', 'egress', 'port-down', 'pause'])(
    'ends a reverse shell and a scan in mode %s, proves it on the wire, and puts everything back',
    patient,
    async (mode) => {
      const state = newState();
      const before = await rawPorts(victim);
      const shown = hasTool('openstack') ? shownPort(victim.ports[0]?.id ?? '') : undefined;
      const machine = (await stateOf(names.victim)).machine;
      const listener = await compromise();
      try {
        const { code, text } = await run('isolate', names.victim, '--mode', mode, '--reason', 'test', '--yes', ...place(state));
        expect({ code, text }).toMatchObject({ code: 0, text: expect.stringContaining('wire: silent') });
        const answers = listener.answers;
        if (mode !== 'pause') {
          const seconds = (listener.lastAnswerMs - isolatedMs(state)) / 1000;
          process.stdout.write(`mode ${mode}: last answer of the shell ${seconds.toFixed(1)} s after the call\n${text}`);
          expect(seconds).toBeLessThan(10);
        }
        await sleep(2000);
        expect(listener.answers).toBe(answers);
        expect(vedette('contain', 'status', ...place(state))).toMatchObject({ status: 0, stdout: expect.stringContaining('holds') });
      } finally {
        expect(vedette('release', names.victim, '--yes', ...place(state))).toMatchObject({ status: 0 });
      }
      expect(await rawPorts(victim)).toEqual(before);
      if (shown !== undefined) expect(shownPort(victim.ports[0]?.id ?? '')).toEqual(shown);
      expect((await stateOf(names.victim)).machine).toEqual(machine);
      endAll();
      await compromise();
      expect(vedette('actions', 'verify', ...place(state))).toMatchObject({ status: 0 });
    },
  );

  it('holds while the port is mirrored, and sees a mirror that lifts it later', patient, async () => {
    const sensorPort = (await stateOf(names.sensor)).ports[0]?.id ?? '';
    const victimPort = victim.ports[0]?.id ?? '';
    const { projectId } = victim.machine;
    const state = newState();
    const before = await rawPorts(victim);
    const service = `vedette-test-${process.pid}`;
    const create = (): void => {
      const flow = ['--tap-service', service, '--port', victimPort, '--direction', 'BOTH', '--name', service, '--project', projectId];
      openstack('tap', 'flow', 'create', ...flow);
    };
    openstack('tap', 'service', 'create', '--name', service, '--port', sensorPort, '--project', projectId);
    try {
      create();
      await sleep(1500);
      const listener = await compromise();
      expect(vedette('isolate', names.victim, '--mode', 'egress', '--yes', ...place(state))).toMatchObject({
        status: 3,
        stderr: expect.stringContaining('mirrored'),
      });
      const { code, text } = await run('isolate', names.victim, '--yes', ...place(state));
      expect({ code, text }).toMatchObject({ code: 0, text: expect.stringContaining('wire: silent') });
      process.stdout.write(`mirrored: last answer ${((listener.lastAnswerMs - isolatedMs(state)) / 1000).toFixed(1)} s after the call\n`);
      expect(vedette('release', names.victim, '--yes', ...place(state))).toMatchObject({ status: 0 });
      openstack('tap', 'flow', 'delete', service);
      await sleep(1500);
      expect((await run('isolate', names.victim, '--yes', '--no-wire', ...place(state))).code).toBe(0);
      create();
      expect(vedette('contain', 'status', ...place(state))).toMatchObject({ status: 1, stdout: expect.stringContaining('tap flow') });
    } finally {
      vedette('release', names.victim, '--yes', ...place(state));
      spawnSync('openstack', ['--os-cloud', testCloud(), 'tap', 'flow', 'delete', service]);
      openstack('tap', 'service', 'delete', service);
    }
    expect(await rawPorts(victim)).toEqual(before);
  });

  it.each([
    [3, 'release'],
    [5, 'resume'],
    [9, 'release'],
    [16, 'resume'],
  ] as const)('after a kill -9 when %i steps are in the journal, %s leads to what it says', patient, async (steps, end) => {
    const twoCards = await stateOf(names.twoCards);
    const before = await rawPorts(twoCards);
    const state = newState();
    const child = spawn(process.execPath, [main, 'isolate', names.twoCards, '--mode', 'egress', '--no-wire', '--yes', ...place(state)], {
      stdio: 'ignore',
    });
    const closed = once(child, 'close');
    while (child.exitCode === null && stepsOf(state).length < steps) await sleep(2);
    child.kill('SIGKILL');
    await closed;
    const id = stepsOf(state)[0]?.step.action ?? '';
    if (end === 'resume') {
      expect(vedette('actions', 'resume', id, '--no-wire', ...place(state))).toMatchObject({ status: 0 });
      expect(vedette('contain', 'status', ...place(state))).toMatchObject({ status: 0 });
    }
    expect(vedette('release', id, '--yes', ...place(state))).toMatchObject({ status: 0 });
    expect(await rawPorts(twoCards)).toEqual(before);
    expect(await cloud.findSecurityGroups(`vedette-egress-${twoCards.ports[0]?.id}`, (await cloud.identity()).projectId ?? '')).toEqual([]);
  });

  it('keeps the disk as a protected image', patient, async () => {
    const state = newState();
    const done = vedette('snapshot', names.victim, '--case', 'case-17', '--json', '--yes', ...place(state));
    expect(done).toMatchObject({ status: 0 });
    const { action, made } = JSON.parse(done.stdout) as { readonly action: string; readonly made: Readonly<Record<string, string>> };
    const image = await cloud.image(Object.values(made)[0] ?? '');
    expect(image).toMatchObject({ status: 'active', protected: true, projectId: (await cloud.identity()).projectId });
    expect(vedette('release', action, '--yes', ...place(state))).toMatchObject({ status: 3 });
    expect(vedette('release', action, '--yes', '--force', ...place(state))).toMatchObject({ status: 0 });
  });
});
