// Reads Nova's kinds: machines, keypairs, and with Neutron's agents the hosts.
import { isRefusal } from './api-errors.ts';
import { isPartialServer, keypairOf, machineOf } from './compute-mapping.ts';
import { computeServiceOf, type HostService, hostNodesOf, networkAgentOf } from './identity-mapping.ts';
import { userPages } from './identity-readers.ts';
import { asObject, type JsonObject, optionalText, text } from './json.ts';
import { inFullPages, type KindReader, type Part, readList, type Source } from './kind-reader.ts';
import { atLeastVersion, microversionOf } from './microversions.ts';
import { networkLists } from './network-readers.ts';
import { type ListRequest, pagesOf, standardPageSize } from './paging.ts';

/** Servers with all that Nova says of them. */
export const serverList = { service: 'compute', path: '/servers/detail', key: 'servers', what: 'the list of machines' } as const;

/** The list that this user may ask for: of all projects, or of the own one. Nova's policy decides, not the name of a role. */
export async function allowedServerList({ api, signal }: Source): Promise<{ readonly list: ListRequest; readonly all: boolean }> {
  const everything: ListRequest = { ...serverList, query: { all_tenants: '1' } };
  try {
    await api.get('compute', '/servers', everything.what, { all_tenants: '1', limit: 1 }, signal);
    return { list: everything, all: true };
  } catch (error) {
    if (!isRefusal(error, 'cloud-forbidden')) throw error;
    return { list: serverList, all: false };
  }
}

export const readMachines: KindReader<'machines'> = async function* (source) {
  const { list, all } = await allowedServerList(source);
  const { identity, scopeText } = source.grant;
  if (!all) {
    yield {
      gap: {
        reason: 'own-project',
        detail: `${identity.userName} may not list machines of all projects: only those of ${scopeText} are shown`,
      },
    };
  }
  let partial = 0;
  for await (const page of pagesOf(source.api, list, source)) {
    const whole = page.filter((server) => !isPartialServer(server));
    partial += page.length - whole.length;
    yield { items: whole.map(machineOf) };
  }
  if (partial > 0) {
    yield {
      gap: {
        reason: 'failed',
        detail: `${partial} machines are left out: Nova gives no more than their ids (a cell does not answer, or this user may not see it)`,
      },
    };
  }
};

/** Users whose keypairs are asked for one by one. */
const mostKeypairOwners = 500;

async function* keypairsOf(source: Source, userId: string, query: Readonly<Record<string, string>>): AsyncGenerator<Part<'keypairs'>> {
  const list: ListRequest = {
    service: 'compute',
    path: '/os-keypairs',
    key: 'keypairs',
    what: `the keypairs of user ${userId}`,
    query,
    paged: atLeastVersion(await source.api.microversion(), microversionOf.keypairPages),
    idOf: (item: JsonObject) => optionalText(asObject(item['keypair']), 'name'),
  };
  yield* readList(source, list, (item) => keypairOf(item, userId));
}

/** Nova lists keypairs of one user at a time; an administrator may name any. */
export const readKeypairs: KindReader<'keypairs'> = async function* (source) {
  const { userId, userName, isAdmin } = source.grant.identity;
  if (!isAdmin) {
    yield { gap: { reason: 'own-project', detail: `Nova lists only the keypairs of ${userName} itself` } };
    yield* keypairsOf(source, userId, {});
    return;
  }
  let owners = 0;
  for await (const page of userPages(source)) {
    for (const user of page) {
      if (++owners > mostKeypairOwners) {
        yield {
          gap: { reason: 'failed', detail: `keypairs are read of the first ${mostKeypairOwners} users only: Nova gives them user by user` },
        };
        return;
      }
      yield* keypairsOf(source, text(user, 'id'), { user_id: text(user, 'id') });
      if (source.probe) return;
    }
  }
};

const serviceList: ListRequest = {
  ...{ service: 'compute', path: '/os-services', key: 'services', what: 'the list of compute services', paged: false },
};

/** Nodes are few; they are gathered from Nova and Neutron, and told apart by name. */
export const readHosts: KindReader<'hosts'> = async function* (source) {
  const found: HostService[] = [];
  const sources = [
    { list: serviceList, map: computeServiceOf },
    { list: networkLists.agents, map: networkAgentOf },
  ];
  for (const { list, map } of sources) {
    const before = found.length;
    try {
      for await (const page of pagesOf(source.api, list, inFullPages(source))) found.push(...page.map(map));
    } catch (error) {
      if (!isRefusal(error, 'cloud-forbidden')) throw error;
    }
    // Neutron answers those who may not see its agents with an empty list.
    if (found.length === before && !source.grant.identity.isAdmin) {
      yield { gap: { reason: 'forbidden', detail: `${source.grant.identity.userName} may not see ${list.what}` } };
    }
  }
  const nodes = hostNodesOf(found);
  const size = source.pageSize ?? standardPageSize;
  for (let start = 0; start < nodes.length; start += size) yield { items: nodes.slice(start, start + size) };
};
