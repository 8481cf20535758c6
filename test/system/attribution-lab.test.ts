// Two machines of two tenants with one address, scanning through their real routers: captures there name each of them.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { MachineState } from '../../src/cloud/cloud.ts';
import { openCloud } from '../../src/cloud/openstack/open-cloud.ts';
import { endAll, guestNamespace, startIn, startScan } from '../support/lab-guest.ts';
import { describeNeeding, testCloud } from '../support/machine.ts';
import { repository } from '../support/repository.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

removeTemporaryFolders();

/** Both hold 10.0.1.11 in the lab's seed. */
const twins = ['app-1', 'build-1'] as const;
const stranger = '198.51.100.10';

interface Named {
  readonly detector: string;
  readonly subject: { readonly address: string; readonly machine?: string; readonly project?: string };
}

const scansIn = (json: string): readonly (string | undefined)[] =>
  (JSON.parse(json) as { readonly findings: readonly Named[] }).findings
    .filter(({ detector, subject }) => detector === 'D02-port-scan' && subject.address === '10.0.1.11')
    .map(({ subject }) => subject.machine);

const vedette = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(repository, 'src/main.ts'), ...args], { encoding: 'utf8', maxBuffer: 1 << 26 });

describeNeeding('attribution in a real cloud', { root: true, cloud: true, tools: ['ip', 'tcpdump', 'bash'] }, () => {
  const cloud = openCloud({ name: testCloud(), version: '0.0.0-test' });
  const machines: MachineState[] = [];

  beforeAll(async () => {
    for (const name of twins) machines.push(await cloud.machineState((await cloud.findMachines(name))[0]?.id ?? ''));
  });
  afterEach(endAll);
  afterAll(() => cloud.close());

  it('tells two tenants with one address apart, by router and by hardware address', { timeout: 180_000 }, async () => {
    expect(machines.map(({ ports }) => ports[0]?.fixed[0]?.address)).toEqual(['10.0.1.11', '10.0.1.11']);
    const state = temporaryFolder();
    const place = ['--cloud', testCloud(), '--state', state];
    expect(vedette('inventory', 'sync', ...place)).toMatchObject({ status: 0 });
    const captures = machines.map(({ routers }) => join(state, `qrouter-${routers[0]?.id}.pcap`));
    const recorders = machines.map(({ routers }, i) =>
      startIn(`qrouter-${routers[0]?.id}`, 'tcpdump', '-U', '-i', 'any', '-w', captures[i] ?? '', 'host', '10.0.1.11'),
    );
    await sleep(1500);
    for (const { machine } of machines) startScan(guestNamespace(machine.id), stranger);
    await sleep(6000);
    const ended = recorders.map((recorder) => once(recorder, 'close'));
    for (const recorder of recorders) recorder.kill('SIGINT');
    // Started by `ip netns exec`, which becomes tcpdump itself.
    await Promise.all(ended);
    const { status, stdout, stderr } = vedette('analyze', ...captures, '--json', ...place);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const scans = (JSON.parse(stdout) as { readonly findings: readonly Named[] }).findings.filter(
      ({ detector, subject }) => detector === 'D02-port-scan' && subject.address === '10.0.1.11',
    );
    expect(scans.map(({ subject }) => [subject.machine, subject.project]).sort()).toEqual([
      ['app-1', 'acme-web'],
      ['build-1', 'globex-lab'],
    ]);
    // Under a name that says nothing only the hardware address is left: the address is that of both.
    for (const [i, name] of twins.entries()) {
      const nameless = join(state, 'capture.pcap');
      copyFileSync(captures[i] ?? '', nameless);
      expect(scansIn(vedette('analyze', nameless, '--json', ...place).stdout)).toEqual([name]);
    }
  });
});
