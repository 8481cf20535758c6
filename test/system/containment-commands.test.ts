// The commands of containment as processes, on the fake cloud in a file.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { FakeWorld } from '../../src/cloud/fake/fake-world.ts';
import { acmeWorld, machine, worldText } from '../build/cloud-world.ts';
import { repository } from '../support/repository.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

removeTemporaryFolders();

let folder = '';
const worldPath = (): string => join(folder, 'world.json');
const world = (): FakeWorld => JSON.parse(readFileSync(worldPath(), 'utf8')) as FakeWorld;

const vedette = (...args: readonly string[]) => {
  const place = ['--state', join(folder, 'state'), ...(args[0] === 'actions' ? [] : ['--cloud', `fake:${worldPath()}`])];
  return spawnSync(process.execPath, [join(repository, 'src/main.ts'), ...args, ...place], { encoding: 'utf8', input: '' });
};

beforeEach(() => {
  folder = temporaryFolder();
  writeFileSync(worldPath(), JSON.stringify(acmeWorld()));
});

describe('the commands of containment', () => {
  it('show a plan, ask, isolate, look, release', () => {
    const before = worldText(world());
    const dry = vedette('isolate', 'web-1', '--dry-run');
    expect(dry).toMatchObject({ status: 0, stdout: expect.stringContaining('fake:/update-port') });
    const unasked = vedette('isolate', 'web-1');
    expect(unasked).toMatchObject({ status: 3, stderr: expect.stringMatching(/was not confirmed; nothing was changed; pass --yes/) });
    expect(worldText(world())).toBe(before);
    const done = vedette('isolate', 'web-1', '--yes', '--no-wire', '--reason', 'case 17', '--expires', '4h', '--json');
    expect(done).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(done.stdout)).toMatchObject({ schema: 1, kind: 'done', status: 'applied', plan: { reason: 'case 17' } });
    expect(vedette('contain', 'status')).toMatchObject({ status: 0, stdout: expect.stringContaining('holds') });
    expect(vedette('release', '--expired', '--yes')).toMatchObject({ status: 0, stdout: 'nothing to release\n' });
    expect(vedette('release', 'web-1', '--yes')).toMatchObject({ status: 0, stdout: expect.stringContaining('released: web-1') });
    expect(worldText(world())).toBe(before);
    expect(vedette('actions', 'list').stdout).toMatch(/^\d{8}-\d{6}-[0-9a-f]{4} {2}released {3}isolate-machine {3}web-1 {2}case 17$/m);
    expect(vedette('actions', 'verify')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+ lines are whole/) });
  });

  it('tell with exit code 1 what a tenant has undone, and refuse to overwrite it', () => {
    expect(vedette('isolate', 'web-1', '--yes', '--no-wire').status).toBe(0);
    const undone = world();
    const ports = undone.ports.map((one) => (one.id === 'p1' ? { ...one, securityGroupIds: ['inside', 'web'] } : one));
    writeFileSync(worldPath(), JSON.stringify({ ...undone, ports }));
    expect(vedette('contain', 'status')).toMatchObject({ status: 1, stdout: expect.stringContaining('DOES NOT HOLD') });
    const refused = vedette('release', 'web-1', '--yes');
    expect(refused).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/securityGroups is \[inside, web\], expected .*--force to merge/),
    });
    expect(vedette('release', 'web-1', '--yes', '--force')).toMatchObject({ status: 0 });
    expect(world().ports[0]?.securityGroupIds).toEqual(['inside', 'web']);
  });

  it('fail with one line that says what to do', () => {
    const twins = world();
    writeFileSync(
      worldPath(),
      JSON.stringify({
        ...twins,
        machines: [...twins.machines, machine('m9', { name: 'web-1\u001b[2J' }), machine('m8', { name: 'web-2' })],
      }),
    );
    for (const [args, status, text] of [
      [['isolate', 'web-2', '--yes'], 2, /web-2 is more than one machine: .*web-2 web-2 .*web-2 m8 .*give the id/],
      [['isolate', 'nobody', '--yes'], 2, /no machine has the id, name or address nobody/],
      [['isolate', 'web-1', '--mode', 'gently'], 2, /gently.*Allowed choices are egress, full, port-down, pause/],
      [['isolate', 'web-1', '--mode', 'pause', '--allow-from', '10.0.0.1'], 2, /--allow-from has no meaning in mode pause/],
      [['isolate', 'web-1', '--allow-from', 'home'], 2, /"home" is not an address or CIDR/],
      [['isolate', 'web-1', '--expires', 'soon'], 2, /"soon" is not a time such as 30m/],
      [['isolate', 'web-1', '--yes', '--verify-at', 'a:b:c'], 2, /"a:b:c" is no capture point/],
      [['release'], 2, /give a machine or an action, or --expired/],
      [['release', 'web-1', '--yes'], 2, /there is no action or contained machine web-1/],
      [['actions', 'show', 'a0'], 2, /there is no action or contained machine a0/],
    ] as const) {
      const result = vedette(...args);
      expect([args, result.status, result.stdout]).toEqual([args, status, '']);
      expect(result.stderr).toMatch(text);
      expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  it('do not let a name move the cursor', () => {
    const named = world();
    writeFileSync(worldPath(), JSON.stringify({ ...named, machines: [machine('web-1', { name: 'evil\u001b[2J' })] }));
    const { stdout, status } = vedette('isolate', 'web-1', '--yes', '--no-wire');
    expect([status, stdout.includes('\u001b')]).toEqual([0, false]);
  });
});
