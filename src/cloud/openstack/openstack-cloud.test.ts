import { describe, expect, it } from 'vitest';
import { testRuntime } from '../../../test/support/cloud-runtime.ts';
import { rejectionOf } from '../../../test/support/error-code.ts';
import { closeServersAfterwards, type Exchange } from '../../../test/support/local-server.ts';
import { listOf, type StandInOptions, standInOpenStack, standInPassword } from '../../../test/support/stand-in-openstack.ts';
import type { InventoryEvent, InventoryKind } from '../../model/inventory.ts';
import { cloudConfigOf } from './cloud-config.ts';
import { openStackCloud } from './open-cloud.ts';
import type { OpenStackCloud } from './openstack-cloud.ts';

closeServersAfterwards();

async function opened(options: StandInOptions = {}) {
  const runtime = testRuntime();
  const standIn = await standInOpenStack(options);
  return { runtime, standIn, cloud: openStackCloud(standIn.config, '0', runtime) };
}

async function eventsOf(cloud: OpenStackCloud, ...kinds: readonly InventoryKind[]): Promise<readonly InventoryEvent[]> {
  const events: InventoryEvent[] = [];
  for await (const event of cloud.readInventory(kinds)) events.push(event);
  return events;
}

const idsOf = (events: readonly InventoryEvent[]): readonly string[] =>
  events.flatMap((event) => (event.event === 'page' ? event.items.map(({ id }) => id) : []));

const ids = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `id-${String(i).padStart(5, '0')}`);
const many = (count: number) => listOf(ids(count).map((id) => ({ id, name: id })));

describe('tokens', () => {
  it('are asked for once, however many wait', async () => {
    const { cloud, standIn } = await opened();
    await Promise.all([cloud.identity(), cloud.identity(), cloud.findMachines('x'), cloud.identity()]);
    expect(standIn.requests.filter((one) => one === 'POST /v3/auth/tokens')).toHaveLength(1);
  });

  it('are renewed before they end, whatever the clock of Keystone says', async () => {
    const { cloud, standIn, runtime } = await opened({ tokenLifetimeMs: 600_000 });
    await cloud.identity();
    runtime.pass(530_000);
    await cloud.identity();
    expect(standIn.tokens.size).toBe(1);
    runtime.pass(20_000);
    await cloud.identity();
    expect(standIn.tokens.size).toBe(2);
  });

  it('that a service no longer takes are replaced once', async () => {
    const { cloud, standIn } = await opened({ lists: { networks: many(3) } });
    await cloud.identity();
    standIn.tokens.clear();
    expect(idsOf(await eventsOf(cloud, 'networks'))).toEqual(ids(3));
    expect(standIn.requests.filter((one) => one === 'POST /v3/auth/tokens')).toHaveLength(2);
  });

  it('that are refused again end in an error, not in a circle', async () => {
    const intercept = ({ url, answer }: Exchange): boolean => {
      if (url.pathname !== '/network/v2.0/ports/x') return false;
      answer(401, {});
      return true;
    };
    const { cloud, standIn } = await opened({ intercept });
    expect(await rejectionOf(cloud.port('x'))).toBe('cloud-auth');
    expect(standIn.requests.filter((one) => one === 'GET /network/v2.0/ports/x')).toHaveLength(2);
  });

  it('given as such cannot be renewed when they have ended', async () => {
    const { standIn, runtime } = await opened();
    standIn.tokens.add('given-token');
    const config = cloudConfigOf('by-token', { auth: { auth_url: standIn.origin, token: 'given-token', project_id: 'p' } });
    const cloud = openStackCloud(config, '0', runtime);
    await cloud.identity();
    standIn.tokens.clear();
    expect(await rejectionOf(cloud.port('x'))).toBe('cloud-expired');
  });
});

describe('wrong credentials', () => {
  it('are an error of the input, which names no secret', async () => {
    const { standIn, runtime } = await opened();
    const auth = { auth_url: standIn.origin, username: 'user', password: 'wrong-password', project_name: 'project' };
    const error: Error = await openStackCloud(cloudConfigOf('c', { auth }), '0', runtime)
      .identity()
      .then(() => new Error('let in'))
      .catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'cloud-auth', kind: 'input' });
    for (let at: unknown = error; at instanceof Error; at = at.cause) {
      expect(`${at.stack}${JSON.stringify(at)}`).not.toMatch(/wrong-password/);
    }
  });

  it('that the server echoes are taken out', async () => {
    const intercept = ({ url, body, headers, answer }: Exchange): boolean => {
      if (url.pathname === '/v3/auth/tokens') return false;
      answer(400, { badRequest: { message: `you sent ${headers['x-auth-token']} ${body}`, code: 400 } });
      return true;
    };
    const { cloud, standIn } = await opened({ intercept });
    await expect(cloud.port('x')).rejects.toMatchObject({ message: expect.stringContaining('you sent [secret]') });
    const [token = ''] = standIn.tokens;
    await expect(cloud.port('x')).rejects.not.toMatchObject({ message: expect.stringContaining(token) });
    await expect(cloud.port('x')).rejects.not.toMatchObject({ message: expect.stringContaining(standInPassword) });
  });
});

describe('lists', () => {
  it.each<[InventoryKind, string]>([
    ['machines', 'servers'],
    ['ports', 'ports'],
    ['networks', 'networks'],
    ['images', 'images'],
    ['users', 'users'],
  ])('of %s are read to their end', async (kind, key) => {
    const { cloud } = await opened({ lists: { [key]: many(1203), domains: listOf([{ id: 'default' }]) }, maxLimit: 100 });
    const events = await eventsOf(cloud, kind);
    // Glance is asked for hidden images besides; the stand-in hides none.
    expect([...new Set(idsOf(events))]).toEqual(ids(1203));
    expect(events.at(-1)).toEqual({ event: 'complete', kind });
  });

  it('of exactly one page end there', async () => {
    const { cloud, standIn } = await opened({ lists: { networks: many(500) } });
    expect(idsOf(await eventsOf(cloud, 'networks'))).toHaveLength(500);
    expect(standIn.requests.filter((one) => one === 'GET /network/v2.0/networks').length).toBeLessThanOrEqual(2);
  });

  it.each<[string, (exchange: Exchange) => void, RegExp]>([
    ['is no JSON', ({ answer }) => answer(200, '<html>'), /not JSON/],
    ['is something else', ({ answer }) => answer(200, { nets: [] }), /no list networks/],
    ['is no object', ({ answer }) => answer(200, [1, 2]), /no list networks/],
    ['has items without id', ({ answer }) => answer(200, { networks: [{ name: 'x' }] }), /no id/],
    ['is cut off', ({ answer }) => answer(200, { networks: [{ id: 'x' }], truncated: true }), /cuts the list off/],
    [
      'leads in a circle',
      ({ answer }) => answer(200, { networks: [{ id: 'x' }], networks_links: [{ rel: 'next', href: '/?marker=x' }] }),
      /repeat themselves/,
    ],
    ['fails', ({ answer }) => answer(500, { NeutronError: { type: 'X', message: 'broken' } }), /HTTP 500: broken/],
  ])('that %s leave a gap and no claim to be complete', async (_, reply, detail) => {
    const intercept = (exchange: Exchange): boolean => {
      if (exchange.url.pathname !== '/network/v2.0/networks') return false;
      reply(exchange);
      return true;
    };
    const { cloud } = await opened({ intercept, lists: { subnets: many(1) } });
    const events = await eventsOf(cloud, 'networks', 'subnets');
    expect(events.filter(({ event }) => event !== 'page')).toEqual([
      { event: 'gap', gap: { kind: 'networks', reason: 'failed', detail: expect.stringMatching(detail) } },
      { event: 'complete', kind: 'subnets' },
    ]);
  });

  it('that a plain member gets are said to be short', async () => {
    const intercept = ({ url, answer }: Exchange): boolean => {
      if (!url.searchParams.has('all_tenants')) return false;
      answer(403, { forbidden: { code: 403, message: "Policy doesn't allow it." } });
      return true;
    };
    const { cloud } = await opened({ intercept, roles: ['member'], lists: { ports: many(2), servers: many(2) } });
    const events = await eventsOf(cloud, 'ports', 'machines', 'hosts');
    const gaps = events.flatMap((event) => (event.event === 'gap' ? [`${event.gap.kind} ${event.gap.reason}`] : []));
    expect(gaps).toEqual(['hosts forbidden', 'hosts forbidden', 'ports own-project', 'machines own-project']);
    expect(events.some(({ event }) => event === 'complete')).toBe(false);
  });

  it('that are refused for a while are read none the less', async () => {
    let asked = 0;
    const intercept = ({ url, answer }: Exchange): boolean => {
      if (url.pathname !== '/network/v2.0/networks' || ++asked % 3 === 0) return false;
      answer(asked % 3 === 1 ? 429 : 503, {}, { 'retry-after': '1' });
      return true;
    };
    const { cloud, runtime } = await opened({ intercept, lists: { networks: many(5) }, maxLimit: 2 });
    expect(idsOf(await eventsOf(cloud, 'networks'))).toEqual(ids(5));
    expect(runtime.pauses).toHaveLength(6);
  });
});

describe('trunks', () => {
  it('give a machine the subports of its ports', async () => {
    const ports = [
      { id: 'parent', device_id: 'm', device_owner: 'compute:nova' },
      { id: 'child', device_id: 't', device_owner: 'trunk:subport' },
    ];
    const trunks = [{ id: 't', port_id: 'parent', sub_ports: [{ port_id: 'child', segmentation_id: 7, segmentation_type: 'vlan' }] }];
    const intercept = ({ url, answer }: Exchange): boolean => {
      if (url.pathname === '/compute/v2.1/servers/m') answer(200, { server: { id: 'm', name: 'm' } });
      else if (url.pathname === '/network/v2.0/ports/child') answer(200, { port: ports[1] });
      else return false;
      return true;
    };
    const { cloud } = await opened({ intercept, extensions: ['trunk'], lists: { ports: listOf(ports), trunks: listOf(trunks) } });
    const place = { parentPortId: 'parent', vlan: 7 };
    expect((await cloud.machineState('m')).ports).toMatchObject([{ id: 'parent' }, { id: 'child', trunk: place }]);
    expect(await cloud.port('child')).toMatchObject({ trunk: place });
    const events = await eventsOf(cloud, 'ports');
    expect(events[0]).toMatchObject({ items: [{ id: 'parent' }, { id: 'child', trunk: place }] });
  });
});

describe('refusals', () => {
  it.each([
    [403, { NeutronError: { type: 'PolicyNotAuthorized', message: 'disallowed by policy' } }, 'cloud-forbidden'],
    [409, { NeutronError: { type: 'OverQuota', message: "Quota exceeded for resources: ['security_group']" } }, 'cloud-quota'],
    [403, { forbidden: { code: 403, message: 'Quota exceeded for instances: Requested 1' } }, 'cloud-quota'],
    [413, { overLimit: { code: 413, message: 'SnapshotLimitExceeded' } }, 'cloud-quota'],
    [409, { NeutronError: { type: 'SecurityGroupInUse', message: 'in use' } }, 'cloud-conflict'],
    [412, { NeutronError: { type: 'RevisionNumberConstraintFailed', message: 'Constrained to 1' } }, 'cloud-conflict'],
    [404, { NeutronError: { type: 'PortNotFound', message: 'not found' } }, 'cloud-unknown-item'],
    [500, '<html><head><title>500</title></head><body><h1>Oops</h1></body></html>', 'cloud-failed'],
    [400, { badRequest: { code: 400, message: 'Invalid input' } }, 'cloud-failed'],
  ])('HTTP %i %j is %s', async (status, body, code) => {
    const intercept = ({ method, answer }: Exchange): boolean => {
      if (method !== 'PUT') return false;
      answer(status, body, { 'x-openstack-request-id': 'req-7' });
      return true;
    };
    const { cloud } = await opened({ intercept });
    await expect(cloud.perform({ call: 'update-port', portId: 'x', set: { adminUp: false } })).rejects.toMatchObject({
      code,
      details: { request: 'req-7', what: 'port x' },
    });
  });

  it('say which service the catalogue lacks', async () => {
    const { cloud } = await opened();
    await expect(cloud.perform({ call: 'create-volume-snapshot', volumeId: 'v', name: 'n', metadata: {} })).rejects.toMatchObject({
      code: 'cloud-config',
      message: expect.stringContaining('no block-storage service (region R, interface public)'),
    });
  });
});

describe('calls', () => {
  it('that delete are done when the answer was lost and the second attempt finds nothing', async () => {
    let asked = 0;
    const intercept = ({ method, request, answer }: Exchange): boolean => {
      if (method !== 'DELETE') return false;
      if (++asked === 1) request.socket.destroy();
      else answer(404, {});
      return true;
    };
    const { cloud } = await opened({ intercept });
    expect(await cloud.perform({ call: 'delete-security-group', groupId: 'g' })).toEqual({});
  });

  it('with a revision are not sent twice, since the second would be refused for the first', async () => {
    let asked = 0;
    const intercept = ({ method, request, headers }: Exchange): boolean => {
      if (method !== 'PUT') return false;
      asked++;
      expect(headers['if-match']).toBe('revision_number=4');
      request.socket.destroy();
      return true;
    };
    const { cloud } = await opened({ intercept });
    const call = { call: 'update-port', portId: 'x', set: { adminUp: false }, ifRevision: 4 } as const;
    await expect(cloud.perform(call)).rejects.toMatchObject({
      code: 'cloud-unreachable',
      message: expect.stringContaining('may have been done'),
    });
    expect(asked).toBe(1);
  });

  it.each([
    ['never ends', 'SAVING', /not done after/],
    ['is killed', 'killed', /status is killed/],
    ['is removed', undefined, /removed while it was made/],
  ])('that make an image that %s fail', async (_, status, message) => {
    const intercept = ({ method, url, answer }: Exchange): boolean => {
      if (method === 'POST' && url.pathname.endsWith('/action')) answer(202, { image_id: 'i' });
      else if (url.pathname === '/image/v2/images/i') answer(status === undefined ? 404 : 200, { id: 'i', status });
      else return false;
      return true;
    };
    const { cloud } = await opened({ intercept });
    const call = { call: 'create-image', machineId: 'm', name: 'n', metadata: {} } as const;
    await expect(cloud.perform(call)).rejects.toMatchObject({ code: 'cloud-failed', message: expect.stringMatching(message) });
  });

  it('look on the wire as the API wants them', async () => {
    const { cloud, standIn } = await opened({ lists: {} });
    expect(await cloud.describe({ call: 'lock', machineId: 'a/../b', reason: 'case 1' })).toEqual({
      method: 'POST',
      url: `${standIn.origin}/compute/v2.1/servers/a%2F..%2Fb/action`,
      headers: { 'openstack-api-version': 'compute 2.90', 'content-type': 'application/json' },
      body: { lock: { locked_reason: 'case 1' } },
    });
    expect(
      await cloud.describe({ call: 'update-port', portId: 'x', set: { securityGroupIds: ['q'], allowedPairs: [] }, ifRevision: 9 }),
    ).toEqual({
      method: 'PUT',
      url: `${standIn.origin}/network/v2.0/ports/x`,
      headers: { 'content-type': 'application/json', 'if-match': 'revision_number=9' },
      body: { port: { security_groups: ['q'], allowed_address_pairs: [] } },
    });
    expect(await cloud.describe({ call: 'protect-image', imageId: 'i', protected: true })).toMatchObject({
      headers: { 'content-type': 'application/openstack-images-v2.1-json-patch' },
      body: [{ op: 'replace', path: '/protected', value: true }],
    });
  });
});

describe('a survey', () => {
  it('asks a large cloud no more than a small one', async () => {
    const lists = {
      ...{ servers: many(900), ports: many(900), trunks: many(300), agents: many(300), users: many(300), networks: many(300) },
      ...{ floatingips: many(300), domains: listOf([{ id: 'default' }]) },
    };
    const { cloud, standIn } = await opened({ lists, extensions: ['trunk', 'floating-ip-port-forwarding'] });
    await cloud.survey();
    expect(standIn.requests.length).toBeLessThan(40);
  });

  it('tells what fails and goes on', async () => {
    const intercept = ({ url, answer }: Exchange): boolean => {
      if (!url.pathname.startsWith('/image')) return false;
      answer(500, 'broken');
      return true;
    };
    const { cloud } = await opened({ intercept, lists: { servers: many(3) } });
    const survey = await cloud.survey();
    expect(survey.services.map(({ type, problem }) => [type, problem])).toEqual([
      ['identity', 'HTTP 404: /v3/auth/projects could not be found'],
      ['compute', undefined],
      ['network', undefined],
      ['image', 'HTTP 500: broken'],
    ]);
    expect(survey.kinds).toContainEqual({ kind: 'machines', sees: 'everything' });
    expect(survey.kinds).toContainEqual({ kind: 'images', sees: 'nothing' });
    expect(survey).toMatchObject({ mayChange: 'every project', scope: 'project project' });
  });
});
