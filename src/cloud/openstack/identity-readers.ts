// Reads Keystone's kinds (projects, users) and Glance's images.

import { path } from './api.ts';
import { isRefusal } from './api-errors.ts';
import { imageOf, projectOf, userOf } from './identity-mapping.ts';
import { asObject, type JsonObject, text } from './json.ts';
import { type GapPart, inFullPages, type KindReader, ownProjectOnly, readList, type Source } from './kind-reader.ts';
import { type ListRequest, pagesOf } from './paging.ts';

const projectList: ListRequest = { service: 'identity', path: '/projects', key: 'projects', what: 'the list of projects' };
const ownProjectList: ListRequest = { service: 'identity', path: '/auth/projects', key: 'projects', what: 'the list of own projects' };
const userList: ListRequest = { service: 'identity', path: '/users', key: 'users', what: 'the list of users' };
const domainList: ListRequest = { service: 'identity', path: '/domains', key: 'domains', what: 'the list of domains' };

/** Keystone shows those with a domain's scope that domain only, and does not say so. */
function* ownDomainOnly({ grant }: Source, list: string): Generator<GapPart> {
  if (grant.scope !== 'domain') return;
  yield {
    gap: {
      reason: 'own-project',
      detail: `${grant.identity.userName} is scoped to ${grant.scopeText}: the list of ${list} has only its own`,
    },
  };
}

export const readProjects: KindReader<'projects'> = async function* (source) {
  yield* ownDomainOnly(source, 'projects');
  try {
    yield* readList(source, projectList, projectOf);
  } catch (error) {
    if (!isRefusal(error, 'cloud-forbidden')) throw error;
    const detail = `${source.grant.identity.userName} may not list projects: only those that it has a role in are shown`;
    yield { gap: { reason: 'own-project', detail } };
    yield* readList(source, ownProjectList, projectOf);
  }
};

async function domainIds(source: Source): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const page of pagesOf(source.api, domainList, inFullPages(source))) ids.push(...page.map((domain) => text(domain, 'id')));
  return ids;
}

/** By domain, since a domain with a directory (LDAP) of its own is left out of the list without one. */
export async function* userPages(source: Source): AsyncGenerator<readonly JsonObject[]> {
  for (const id of await domainIds(source)) yield* pagesOf(source.api, { ...userList, query: { domain_id: id } }, source);
}

export const readUsers: KindReader<'users'> = async function* (source) {
  yield* ownDomainOnly(source, 'users');
  try {
    for await (const page of userPages(source)) yield { items: page.map(userOf) };
  } catch (error) {
    if (!isRefusal(error, 'cloud-forbidden')) throw error;
    const { userId, userName } = source.grant.identity;
    yield { gap: { reason: 'own-project', detail: `${userName} may not list users: only ${userName} itself is shown` } };
    const body = await source.api.get('identity', path`/users/${userId}`, `user ${userId}`, {}, source.signal);
    yield { items: [userOf(asObject(body['user']))] };
  }
};

/** Glance leaves out community images and hidden ones unless they are asked for. */
export const readImages: KindReader<'images'> = async function* (source) {
  yield* ownProjectOnly(source, 'images', ', and public and shared ones');
  for (const hidden of ['false', 'true']) {
    const query = { visibility: 'all', os_hidden: hidden };
    const list: ListRequest = { service: 'image', path: '/images', key: 'images', what: 'the list of images', query };
    yield* readList(source, list, imageOf);
  }
};
