// A small OpenStack on loopback that answers as the real one does: tokens, a catalogue, pages with markers and links, filters, refusals.
// It holds lists as functions, so that a large cloud costs nothing until it is asked for.
import { randomUUID } from 'node:crypto';
import { type CloudConfig, cloudConfigOf } from '../../src/cloud/openstack/cloud-config.ts';
import type { JsonObject } from '../../src/cloud/openstack/json.ts';
import { type Exchange, localServer } from './local-server.ts';

/** A list: so many items, each made when it is needed. */
export interface StandInList {
  readonly length: number;
  item(index: number): JsonObject;
  /** Where the item of an id is; sought when it is missing. */
  indexOf?(id: string): number;
}

/** How a service pages. */
type Style = 'nova' | 'neutron' | 'glance' | 'keystone';

const routes: Readonly<Record<string, { readonly key: string; readonly style: Style }>> = {
  '/compute/v2.1/servers': { key: 'servers', style: 'nova' },
  '/compute/v2.1/servers/detail': { key: 'servers', style: 'nova' },
  '/compute/v2.1/os-keypairs': { key: 'keypairs', style: 'nova' },
  '/compute/v2.1/os-services': { key: 'services', style: 'keystone' },
  '/network/v2.0/ports': { key: 'ports', style: 'neutron' },
  '/network/v2.0/networks': { key: 'networks', style: 'neutron' },
  '/network/v2.0/subnets': { key: 'subnets', style: 'neutron' },
  '/network/v2.0/routers': { key: 'routers', style: 'neutron' },
  '/network/v2.0/security-groups': { key: 'security_groups', style: 'neutron' },
  '/network/v2.0/floatingips': { key: 'floatingips', style: 'neutron' },
  '/network/v2.0/trunks': { key: 'trunks', style: 'neutron' },
  '/network/v2.0/agents': { key: 'agents', style: 'neutron' },
  '/image/v2/images': { key: 'images', style: 'glance' },
  '/v3/projects': { key: 'projects', style: 'keystone' },
  '/v3/users': { key: 'users', style: 'keystone' },
  '/v3/domains': { key: 'domains', style: 'keystone' },
};

export interface StandInOptions {
  /** Lists by key; the others are empty. */
  readonly lists?: Readonly<Record<string, StandInList>>;
  /** Most items that the services give at once. */
  readonly maxLimit?: number;
  readonly extensions?: readonly string[];
  readonly roles?: readonly string[];
  /** How long tokens are said to live. */
  readonly tokenLifetimeMs?: number;
  /** Looks at each exchange first; true when it answered. */
  readonly intercept?: (exchange: Exchange) => boolean;
}

export interface StandIn {
  readonly origin: string;
  readonly config: CloudConfig;
  /** Requests, `METHOD /path`, in order. */
  readonly requests: string[];
  /** Tokens that are good; clear it to end them. */
  readonly tokens: Set<string>;
}

/** A list of what stands in an array. */
export const listOf = (items: readonly JsonObject[]): StandInList => ({ length: items.length, item: (index) => items[index] ?? {} });

export const standInPassword = 'standing in';

const services = [
  ['identity', '/v3'],
  ['compute', '/compute/v2.1'],
  ['network', '/network'],
  ['image', '/image'],
] as const;

function giveToken(
  { body, url, answer }: Exchange,
  { tokens }: StandIn,
  { roles = ['admin'], tokenLifetimeMs = 3_600_000 }: StandInOptions,
): void {
  const { auth } = JSON.parse(body) as { auth: { identity: { password?: { user: { password: string } }; token?: { id: string } } } };
  const { password, token: old } = auth.identity;
  if (password === undefined ? !tokens.has(old?.id ?? '') : password.user.password !== standInPassword) {
    answer(401, { error: { code: 401, message: 'The request you have made requires authentication.', title: 'Unauthorized' } });
    return;
  }
  const token = `token-${randomUUID()}`;
  tokens.add(token);
  const catalog = services.map(([type, path]) => ({
    type,
    endpoints: [{ interface: 'public', region_id: 'R', url: url.origin + path }],
  }));
  // Keystone's clock is an hour ahead of everybody's.
  const issued = Date.now() + 3_600_000;
  const times = { issued_at: new Date(issued).toISOString(), expires_at: new Date(issued + tokenLifetimeMs).toISOString() };
  const project = { id: 'p', name: 'project', domain: { id: 'default', name: 'Default' } };
  answer(
    201,
    { token: { ...times, user: { id: 'u', name: 'user' }, project, roles: roles.map((name) => ({ id: name, name })), catalog } },
    { 'x-subject-token': token },
  );
}

const notFilters = new Set(['limit', 'marker', 'all_tenants', 'visibility', 'os_hidden', 'domain_id', 'user_id', 'fields', 'page_reverse']);

/** Neutron's filters: the item's value is one of the query's. */
function filtered(list: StandInList, query: URLSearchParams): StandInList {
  const keys = [...new Set(query.keys())].filter((key) => !notFilters.has(key));
  if (keys.length === 0) return list;
  const items = Array.from({ length: list.length }, (_, index) => list.item(index));
  return listOf(items.filter((item) => keys.every((key) => query.getAll(key).includes(String(item[key])))));
}

function links(style: Style, key: string, url: URL, next: string | undefined): JsonObject {
  const query = new URLSearchParams(url.searchParams);
  if (next !== undefined) query.set('marker', next);
  // As behind a proxy that ends TLS: the host of a link is not one that we can reach.
  const href = `http://inside.invalid${url.pathname}?${query}`;
  if (style === 'keystone') return { links: { self: '', next: null, previous: null } };
  if (style === 'glance') return next === undefined ? {} : { next: `${url.pathname}?${query}` };
  return next === undefined ? {} : { [`${key}_links`]: [{ rel: 'next', href }] };
}

function positionOf(list: StandInList, id: string): number {
  for (let index = 0; index < list.length; index++) if (list.item(index)['id'] === id) return index;
  return -1;
}

function givePage(
  { url, answer }: Exchange,
  { key, style }: { key: string; style: Style },
  { lists = {}, maxLimit = 1000 }: StandInOptions,
): void {
  const all = filtered(lists[key] ?? listOf([]), url.searchParams);
  const limit = style === 'keystone' ? all.length : Math.min(Number(url.searchParams.get('limit') ?? maxLimit), maxLimit);
  const marker = url.searchParams.get('marker');
  const start = marker === null ? 0 : (all.indexOf?.(marker) ?? positionOf(all, marker)) + 1;
  const items = Array.from({ length: Math.max(0, Math.min(limit, all.length - start)) }, (_, index) => all.item(start + index));
  const last = items.at(-1)?.['id'];
  const next = start + items.length < all.length && typeof last === 'string' ? last : undefined;
  answer(200, { [key]: items, ...links(style, key, url, next) });
}

function handle(exchange: Exchange, standIn: StandIn, options: StandInOptions): void {
  const { method, url, headers, answer } = exchange;
  standIn.requests.push(`${method} ${url.pathname}`);
  if (options.intercept?.(exchange) === true) return;
  const route = method === 'GET' ? routes[url.pathname] : undefined;
  if (method === 'POST' && url.pathname === '/v3/auth/tokens') giveToken(exchange, standIn, options);
  else if (!standIn.tokens.has(String(headers['x-auth-token']))) answer(401, { error: { code: 401, message: 'no such token' } });
  else if (url.pathname === '/compute/v2.1/') answer(200, { version: { id: 'v2.1', min_version: '2.1', version: '2.93' } });
  else if (url.pathname === '/network/v2.0/extensions') {
    answer(200, { extensions: (options.extensions ?? []).map((alias) => ({ alias })) });
  } else if (route !== undefined) givePage(exchange, route, options);
  else answer(404, { NeutronError: { type: 'NotFound', message: `${url.pathname} could not be found`, detail: '' } });
}

/** Starts one. The test file must say `closeServersAfterwards()`. */
export async function standInOpenStack(options: StandInOptions = {}): Promise<StandIn> {
  const requests: string[] = [];
  const tokens = new Set<string>();
  const made: { now?: StandIn } = {};
  const origin = await localServer((exchange) => handle(exchange, made.now as StandIn, options));
  const auth = { auth_url: origin, username: 'user', password: standInPassword, project_name: 'project' };
  made.now = { origin, requests, tokens, config: cloudConfigOf('stand-in', { auth, region_name: 'R' }) };
  return made.now;
}
