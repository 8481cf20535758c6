// Lists, page by page, in the four ways that OpenStack's services page: Nova's and Neutron's `*_links`, Keystone's `links.next`,
// Glance's `next`. Only the marker is taken from a link: behind proxies their host is often wrong.
import type { OpenStackApi, Query } from './api.ts';
import type { ServiceType } from './catalog.ts';
import { asObject, type JsonObject, objects, optionalText, text } from './json.ts';

/** A list of a service. */
export interface ListRequest {
  readonly service: ServiceType;
  readonly path: string;
  /** Key of the list in the answer: `servers`. */
  readonly key: string;
  readonly query?: Query;
  /** For errors. */
  readonly what: string;
  /** Whether the service takes `limit` and `marker`. Default: yes. */
  readonly paged?: boolean;
  /** What marks an item, and must be there. Default: `id`. */
  readonly idOf?: (item: JsonObject) => string | undefined;
}

export interface PageOptions {
  readonly pageSize?: number;
  readonly signal?: AbortSignal;
}

/** Items asked for at once. Services may give fewer; Nova's and Neutron's usual limit is 1000. */
export const standardPageSize = 500;

/** A list that has more pages than this does not end. */
const mostPages = 100_000;

const nextHref = (body: JsonObject, key: string): string | undefined => {
  const links = [...objects(body[`${key}_links`]), ...objects(body['links'])];
  const next = links.find((link) => text(link, 'rel') === 'next');
  return optionalText(next ?? {}, 'href') ?? optionalText(asObject(body['links']), 'next') ?? optionalText(body, 'next');
};

/** The query of the next page; undefined when this one was the last. */
function nextQuery(body: JsonObject, list: ListRequest, last: string | undefined, isFull: boolean): Query | undefined {
  const href = nextHref(body, list.key);
  if (href !== undefined) {
    const parameters = new URL(href, 'http://relative').searchParams;
    const marker = parameters.get('marker');
    return marker === null ? Object.fromEntries(parameters) : { ...list.query, marker };
  }
  // A full page without a link: some plugins page without saying so.
  return isFull && list.paged !== false && last !== undefined ? { ...list.query, marker: last } : undefined;
}

/** Items of an answer and their ids. */
function itemsIn(
  api: OpenStackApi,
  list: ListRequest,
  body: JsonObject,
): { readonly items: readonly JsonObject[]; readonly ids: readonly string[] } {
  if (!Array.isArray(body[list.key])) throw api.malformed(list.what, `the answer has no list ${list.key}`);
  const items = objects(body[list.key]);
  const idOf = list.idOf ?? ((item: JsonObject) => optionalText(item, 'id'));
  const ids = items.map(idOf).filter((id) => id !== undefined);
  if (ids.length < items.length) throw api.malformed(list.what, `an item of ${list.key} has no id`);
  return { items, ids };
}

/** Whether the marker was ignored and the answer before was everything. A link that leads back is another matter: an error. */
function isRepetition(
  api: OpenStackApi,
  list: ListRequest,
  body: JsonObject,
  { firstId, nowFirst }: { readonly firstId: string | undefined; readonly nowFirst: string | undefined },
): boolean {
  if (nowFirst === undefined || nowFirst !== firstId) return false;
  if (nextHref(body, list.key) === undefined) return true;
  throw api.malformed(list.what, 'its pages repeat themselves');
}

/**
 * The pages of a list; empty ones are left out, and none is longer than `pageSize`.
 * @throws {VedetteError} `cloud-failed` when an item has no id, when a list is cut off by the service, or does not end
 */
export async function* pagesOf(api: OpenStackApi, list: ListRequest, options: PageOptions = {}): AsyncGenerator<readonly JsonObject[]> {
  const { pageSize = standardPageSize, signal } = options;
  const limit = list.paged === false ? {} : { limit: pageSize };
  let query: Query | undefined = list.query ?? {};
  let firstId: string | undefined;
  for (let page = 0; query !== undefined; page++) {
    if (page >= mostPages) throw api.malformed(list.what, `it has more than ${mostPages} pages`);
    const body: JsonObject = await api.get(list.service, list.path, list.what, { ...limit, ...query }, signal);
    const { items, ids } = itemsIn(api, list, body);
    if (isRepetition(api, list, body, { firstId, nowFirst: ids[0] })) return;
    firstId = ids[0];
    query = nextQuery(body, list, ids.at(-1), items.length === pageSize);
    for (let start = 0; start < items.length; start += pageSize) yield items.slice(start, start + pageSize);
    if (query === undefined && body['truncated'] === true) throw api.malformed(list.what, 'the service cuts the list off (list_limit)');
  }
}

/** Ids in one query; a URL has room for some hundred. */
const idsPerQuery = 40;

/** Items of a list whose `key` is one of `values`, whole. For lists that one machine's things fit in. */
export async function listWhere(api: OpenStackApi, list: ListRequest, key: string, values: readonly string[]): Promise<JsonObject[]> {
  const found: JsonObject[] = [];
  for (let start = 0; start < values.length; start += idsPerQuery) {
    const query = { ...list.query, [key]: values.slice(start, start + idsPerQuery) };
    for await (const page of pagesOf(api, { ...list, query })) found.push(...page);
  }
  return found;
}
