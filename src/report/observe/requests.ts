// Which paths of which servers were asked for, and what the answers were.
import type { RecordRow } from '../../model/records/index.ts';
import type { Endpoint } from './observations.ts';
import { Tally } from './tally.ts';

const maxEndpoints = 5000;
const maxClients = 50;
const maxStatuses = 20;
const maxPath = 200;

/** Path of a request target: without the query, and without scheme and host where a proxy was asked. */
export function pathOf(uri: string): string {
  const cut = uri.search(/[?#]/);
  const path = (cut < 0 ? uri : uri.slice(0, cut)).replace(/^[a-z]{2,8}:\/\/[^/]*/i, '');
  return (path === '' ? '/' : path).slice(0, maxPath);
}

/** Folds http rows. */
export class Requests {
  count = 0;
  readonly #endpoints = new Tally<Endpoint>(maxEndpoints, (endpoint) => endpoint.requests);

  get dropped(): number {
    return this.#endpoints.dropped;
  }

  take(row: RecordRow<'http'>): void {
    this.count++;
    const server = `${row['id.resp_h']}:${row['id.resp_p']}`;
    const method = row.method ?? '?';
    const path = pathOf(row.uri ?? '/');
    const endpoint = this.#endpoints.at(`${server}|${row.host ?? ''}|${method}|${path}`, () => ({
      server,
      host: row.host ?? '',
      method,
      path,
      requests: 0,
      clients: new Set<string>(),
      statuses: new Map<number, number>(),
    }));
    endpoint.requests++;
    if (endpoint.clients.size < maxClients) endpoint.clients.add(row['id.orig_h']);
    const status = row.status_code ?? 0;
    if (endpoint.statuses.has(status) || endpoint.statuses.size < maxStatuses) {
      endpoint.statuses.set(status, (endpoint.statuses.get(status) ?? 0) + 1);
    }
  }

  endpoints(count: number): Endpoint[] {
    return this.#endpoints.top(count);
  }
}
