// What `vedette cloud check` says of an OpenStack cloud: who we are, which services answer, what is visible.
import { VedetteError } from '../../base/errors.ts';
import { type InventoryGap, type InventoryKind, inventoryKinds } from '../../model/inventory.ts';
import type { HttpClient } from '../http.ts';
import type { CloudRuntime } from '../runtime.ts';
import type { CloudService, CloudSurvey, KindAccess } from '../survey.ts';
import type { OpenStackApi } from './api.ts';
import { type ServiceType, serviceTypes } from './catalog.ts';
import type { Grant } from './grant.ts';
import { given } from './json.ts';
import { readKind } from './read-inventory.ts';

/** The cheapest call of each service that needs a token. */
const probes: Readonly<Record<ServiceType, { readonly path: string; readonly query?: Readonly<Record<string, string>> }>> = {
  identity: { path: '/auth/projects' },
  compute: { path: '/servers', query: { limit: '1' } },
  network: { path: '/extensions' },
  image: { path: '/images', query: { limit: '1' } },
  'load-balancer': { path: '/lbaas/loadbalancers', query: { limit: '1' } },
  'block-storage': { path: '/limits' },
};

async function versionsOf(api: OpenStackApi, type: ServiceType): Promise<Pick<CloudService, 'version' | 'offers'>> {
  if (type !== 'compute') return {};
  const offered = await api.offeredMicroversions();
  return { ...given('version', await api.microversion()), ...(offered !== undefined && { offers: `${offered.min} to ${offered.max}` }) };
}

/** Without these there is nothing that we can do. */
const needed: readonly ServiceType[] = ['identity', 'compute', 'network', 'image'];

async function probe(api: OpenStackApi, type: ServiceType, runtime: CloudRuntime): Promise<CloudService | undefined> {
  const url = await api.rootOf(type);
  if (url === undefined) {
    return needed.includes(type) ? { type, problem: 'the catalogue does not have it in this region and interface' } : undefined;
  }
  const startedAt = runtime.nowMs();
  try {
    const versions = await versionsOf(api, type);
    const { path: where, query = {} } = probes[type];
    await api.get(type, where, `the ${type} service`, query);
    return { type, url, ...versions, latencyMs: runtime.nowMs() - startedAt };
  } catch (error) {
    if (!(error instanceof VedetteError)) throw error;
    // What this user may see is told kind by kind.
    if (error.code === 'cloud-forbidden') return { type, url, latencyMs: runtime.nowMs() - startedAt };
    return { type, url, problem: String(error.details['reason'] ?? error.message) };
  }
}

/** Asks for the first of a kind: gaps that come before it, and whether there is any way to see it. */
async function access(
  api: OpenStackApi,
  grant: Grant,
  kind: InventoryKind,
): Promise<KindAccess & { readonly gaps: readonly InventoryGap[] }> {
  const gaps: InventoryGap[] = [];
  let seesAny = false;
  for await (const event of readKind(kind, { api, grant, pageSize: 1, probe: true })) {
    if (event.event === 'gap') gaps.push(event.gap);
    if (event.event !== 'gap') seesAny = true;
    if (event.event === 'page') break;
  }
  const part = seesAny || gaps.some((gap) => gap.reason === 'own-project') ? 'part' : 'nothing';
  return { kind, sees: gaps.length === 0 ? 'everything' : part, gaps };
}

const changingRoles = ['member', '_member_', 'Member', 'manager'];

/**
 * By OpenStack's standard policies: administrators anything, members what is their project's. Readers nothing where
 * `enforce_new_defaults` is on; without it, Neutron asks for no more than any role in the project (tried on Zed).
 */
function mayChange({ identity, scope }: Grant): CloudSurvey['mayChange'] {
  if (identity.isAdmin) return 'every project';
  if (scope !== 'project') return 'nothing';
  return identity.roles.some((role) => changingRoles.includes(role)) ? 'own project' : 'perhaps own project';
}

/** Surveys a cloud. @throws {VedetteError} when it does not let us in */
export async function surveyCloud(api: OpenStackApi, http: HttpClient, runtime: CloudRuntime): Promise<CloudSurvey> {
  const grant = await api.grant();
  const services: CloudService[] = [];
  for (const type of serviceTypes) {
    const service = await probe(api, type, runtime);
    if (service !== undefined) services.push(service);
  }
  const kinds: Awaited<ReturnType<typeof access>>[] = [];
  for (const kind of inventoryKinds) kinds.push(await access(api, grant, kind));
  const { clock } = http;
  return {
    identity: grant.identity,
    scope: grant.scopeText,
    tokenExpiresAt: new Date(grant.expiresAtMs).toISOString(),
    services,
    kinds: kinds.map(({ kind, sees }) => ({ kind, sees })),
    gaps: kinds.flatMap(({ gaps }) => gaps),
    mayChange: mayChange(grant),
    ...(clock !== undefined && { clockOffsetMs: clock.offsetMs, clockErrorMs: clock.errorMs }),
  };
}
