// What only a real OpenStack can show: who may see what, what the command says, tap flows, other ways of logging in.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type CloudConfig, cloudConfigOf } from '../../src/cloud/openstack/cloud-config.ts';
import { readCloudConfig } from '../../src/cloud/openstack/clouds-yaml.ts';
import { openCloud, openStackCloud } from '../../src/cloud/openstack/open-cloud.ts';
import { Secret } from '../../src/cloud/redactor.ts';
import { nodeRuntime } from '../../src/cloud/runtime.ts';
import type { CheckCloudResult } from '../../src/workflows/check-cloud.ts';
import { readAll } from '../contract/cloud.ts';
import { rejectionOf } from '../support/error-code.ts';
import { describeNeeding, testCloud } from '../support/machine.ts';
import { repository } from '../support/repository.ts';

const version = '0.0.0-test';

const vedette = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  spawnSync(process.execPath, [join(repository, 'src/main.ts'), ...args], {
    cwd: repository,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });

const readText = (path: string): string | undefined => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

/** The administrator's settings, with his password in sight. */
function adminConfig(): { readonly config: CloudConfig; readonly auth: Readonly<Record<string, unknown>> } {
  const host = { env: process.env, workingDirectory: process.cwd(), homeDirectory: homedir(), readText };
  const config = readCloudConfig(host, testCloud());
  const { credentials } = config;
  if (credentials.method !== 'password') throw new Error(`${testCloud()} must log in with a password`);
  const { user, password } = credentials;
  const auth = {
    auth_url: config.authUrl,
    username: user.name,
    user_domain_name: (user.domain as { name: string }).name,
    password: password.reveal(),
  };
  return { config, auth };
}

/** Asks for what the port to a cloud does not do: making ports, mirrors, application credentials. */
async function ask(
  method: string,
  url: string,
  token: string,
  body?: object,
): Promise<Readonly<Record<string, { readonly id: string; readonly secret?: string }>>> {
  const headers = { 'x-auth-token': token, 'content-type': 'application/json' };
  const answer = await fetch(url, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? {} : ((await answer.json()) as Record<string, { id: string }>);
}

/** A token of the administrator, as another program would hold it. */
async function adminToken(): Promise<{ readonly token: string; readonly userId: string; readonly projectId: string }> {
  const { config, auth } = adminConfig();
  const scope = config.scope.kind === 'project' ? { scope: { project: config.scope.project } } : {};
  const user = { name: auth['username'], domain: { name: auth['user_domain_name'] }, password: auth['password'] };
  const answer = await fetch(`${config.authUrl}/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth: { identity: { methods: ['password'], password: { user } }, ...scope } }),
  });
  const { token } = (await answer.json()) as { token: { user: { id: string }; project: { id: string } } };
  return { token: answer.headers.get('x-subject-token') ?? '', userId: token.user.id, projectId: token.project.id };
}

describeNeeding('OpenStack for a member of one project', { cloud: true }, () => {
  it('shows his project, and says that it is not all', async () => {
    const [member, admin] = [openCloud({ name: 'acme', version }), openCloud({ name: testCloud(), version })];
    const [own, all] = [await readAll(member), await readAll(admin)];
    const { projectId } = await member.identity();
    expect(own.items.machines.length).toBeGreaterThan(0);
    expect(own.items.machines.length).toBeLessThan(all.items.machines.length);
    expect(new Set(own.items.machines.map((machine) => machine.projectId))).toEqual(new Set([projectId]));
    const short = own.gaps.filter(({ reason }) => reason === 'own-project').map(({ kind }) => kind);
    const expected = [
      'projects',
      'users',
      'images',
      'keypairs',
      'networks',
      'subnets',
      'securityGroups',
      'routers',
      'ports',
      'floatingAddresses',
      'machines',
    ];
    expect(short).toEqual(expected);
    expect(own.gaps.filter(({ reason }) => reason === 'forbidden').map(({ kind }) => kind)).toEqual(['hosts', 'hosts']);
    for (const kind of short) expect(own.complete).not.toContain(kind);
    const [stranger] = all.items.machines.filter((machine) => machine.projectId !== projectId);
    expect(await rejectionOf(member.machineState(stranger?.id ?? ''))).toBe('machine-unknown');
    expect(await member.findMachines(stranger?.name ?? '')).toEqual([]);
  });
});

describeNeeding('OpenStack for a reader', { cloud: true }, () => {
  it('says that lists are short and refuses changes', async () => {
    const [reader, admin] = [openCloud({ name: 'lab-reader', version }), openCloud({ name: testCloud(), version })];
    const { gaps, items } = await readAll(reader, ['ports', 'machines']);
    expect(gaps.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['ports', 'own-project'],
      ['machines', 'own-project'],
    ]);
    expect(items.machines).toEqual([]);
    const [machine] = await admin.findMachines('build-2');
    const call = { call: 'lock', machineId: machine?.id ?? '', reason: 'not to happen' } as const;
    expect(['cloud-forbidden', 'cloud-unknown-item']).toContain(await rejectionOf(reader.perform(call)));
    expect((await admin.machineState(machine?.id ?? '')).machine.locked).toBe(false);
  });
});

describeNeeding('Tap-as-a-Service', { cloud: true }, () => {
  it('shows the mirrors of a machine', async () => {
    const cloud = openCloud({ name: testCloud(), version });
    const [found] = await cloud.findMachines('build-2');
    const { machine, ports } = await cloud.machineState(found?.id ?? '');
    const [source] = ports;
    const { token } = await adminToken();
    const { url } = await cloud.describe({ call: 'update-port', portId: source?.id ?? '', set: {} });
    const root = url.slice(0, url.indexOf('/ports/'));
    const project_id = machine.projectId;
    const undo: string[] = [];
    try {
      const { port } = await ask('POST', `${root}/ports`, token, {
        port: { network_id: source?.networkId, project_id, name: 'vedette-test' },
      });
      undo.push(`${root}/ports/${port?.id}`);
      const service = { name: 'vedette-test', port_id: port?.id, project_id };
      const { tap_service } = await ask('POST', `${root}/taas/tap_services`, token, { tap_service: service });
      undo.push(`${root}/taas/tap_services/${tap_service?.id}`);
      const flow = { name: 'vedette-test', tap_service_id: tap_service?.id, source_port: source?.id, direction: 'OUT', project_id };
      const { tap_flow } = await ask('POST', `${root}/taas/tap_flows`, token, { tap_flow: flow });
      undo.push(`${root}/taas/tap_flows/${tap_flow?.id}`);
      const { tapFlows } = await cloud.machineState(machine.id);
      const shown = { id: tap_flow?.id, name: 'vedette-test', sourcePortId: source?.id, serviceId: tap_service?.id, direction: 'fromVm' };
      expect(tapFlows).toContainEqual({ ...shown, status: expect.stringMatching(/^[A-Z_]+$/) });
    } finally {
      for (const made of undo.reverse()) await removed(made, token);
    }
    expect((await cloud.machineState(machine.id)).tapFlows).toEqual([]);
  });
});

/** Deletes something of Neutron and waits until it is gone: TaaS answers before its agent has done it. */
async function removed(url: string, token: string): Promise<void> {
  await ask('DELETE', url, token);
  for (let tries = 0; tries < 100; tries++) {
    const { status } = await fetch(url, { headers: { 'x-auth-token': token } });
    if (status === 404) return;
    await nodeRuntime.sleep(100);
  }
  throw new Error(`${url} is not gone`);
}

describeNeeding('Logging in to OpenStack', { cloud: true }, () => {
  it('works with a token, with ids, and system-wide', async () => {
    const { config, auth } = adminConfig();
    const { token, userId, projectId } = await adminToken();
    const connect = (more: object) =>
      openStackCloud(cloudConfigOf('test', { region_name: config.region, auth: { auth_url: config.authUrl, ...more } }), version);
    expect(await connect({ token, project_id: projectId }).identity()).toMatchObject({ userId, projectId, isAdmin: true });
    expect(await connect({ user_id: userId, password: auth['password'], project_id: projectId }).identity()).toMatchObject({
      userId,
      projectId,
    });
    const system = connect({ ...auth, system_scope: 'all' });
    expect(await system.identity()).toMatchObject({ userId, isAdmin: true });
    expect((await readAll(system, ['machines', 'ports'])).gaps).toEqual([]);
  });

  it('works with an application credential', async () => {
    const { config } = adminConfig();
    const { token, userId, projectId } = await adminToken();
    const body = { application_credential: { name: `vedette-test-${process.pid}` } };
    const place = `${config.authUrl}/users/${userId}/application_credentials`;
    const { application_credential: { id = '', secret = '' } = {} } = await ask('POST', place, token, body);
    try {
      const credentials = { method: 'application_credential', credential: { id }, secret: new Secret(secret) } as const;
      const cloud = openStackCloud({ ...config, credentials, scope: { kind: 'none' } }, version);
      expect(await cloud.identity()).toMatchObject({ userId, projectId, isAdmin: true });
      expect((await cloud.findMachines('build-2')).length).toBe(1);
      const wrong = { ...credentials, secret: new Secret('not the secret') };
      expect(await rejectionOf(openStackCloud({ ...config, credentials: wrong, scope: { kind: 'none' } }, version).identity())).toBe(
        'cloud-auth',
      );
    } finally {
      await ask('DELETE', `${place}/${id}`, token);
    }
  });
});

describeNeeding('vedette cloud check', { cloud: true }, () => {
  it('surveys a cloud, for people and for machines', () => {
    const shown = vedette(['cloud', 'check', '--cloud', testCloud()]);
    expect(shown).toMatchObject({ status: 0, stderr: '' });
    expect(shown.stdout).toMatch(/^user +\S+, scope .*\(administrator\)$/m);
    const asJson = vedette(['cloud', 'check', '--json'], { OS_CLOUD: testCloud() });
    const { services, kinds, clockOffsetMs = 99_999, mayChange } = JSON.parse(asJson.stdout) as CheckCloudResult;
    expect(services.map(({ type }) => type)).toEqual(expect.arrayContaining(['identity', 'compute', 'network', 'image']));
    expect(services.find(({ type }) => type === 'compute')?.version).toMatch(/^2\.\d+$/);
    expect(kinds).toContainEqual({ kind: 'machines', sees: 'everything' });
    expect(mayChange).toBe('every project');
    // The lab runs on this machine.
    expect(Math.abs(clockOffsetMs)).toBeLessThan(2_000);
  });

  it('says in one line what is wrong', () => {
    const { auth, config } = adminConfig();
    const env = {
      ...{ OS_CLIENT_CONFIG_FILE: '', OS_CLOUD: '', OS_AUTH_URL: config.authUrl, OS_USERNAME: String(auth['username']) },
      ...{ OS_USER_DOMAIN_NAME: 'Default', OS_PROJECT_NAME: 'admin', OS_PASSWORD: 'certainly wrong' },
    };
    const wrong = vedette(['cloud', 'check'], { ...env, VEDETTE_DEBUG: '1' });
    expect(wrong).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('the credentials are refused (HTTP 401') });
    expect(wrong.stderr).not.toContain('certainly wrong');
    const dead = vedette(['cloud', 'check'], { ...env, OS_AUTH_URL: 'http://127.0.0.1:1/v3' });
    expect(dead).toMatchObject({
      status: 4,
      stderr: expect.stringMatching(/^vedette: envvars: http:\/\/127\.0\.0\.1:1 does not answer .*\n$/),
    });
    const unknown = vedette(['cloud', 'check', '--cloud', 'no-such-cloud']);
    expect(unknown).toMatchObject({ status: 2, stderr: expect.stringContaining('there is no cloud of this name') });
  });
});
