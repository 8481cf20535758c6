// What the readers of the kinds of an inventory share.
import type { InventoryGap, InventoryItems, InventoryKind } from '../../model/inventory.ts';
import type { OpenStackApi } from './api.ts';
import type { Grant } from './grant.ts';
import type { JsonObject } from './json.ts';
import { type ListRequest, type PageOptions, pagesOf } from './paging.ts';

/** Where a reader reads, and as whom. */
export interface Source extends PageOptions {
  readonly api: OpenStackApi;
  readonly grant: Grant;
  /** Only whether anything can be seen is asked: readers that go from item to item stop after the first. */
  readonly probe?: boolean;
}

/** For lists that must be known whole before the first item of a kind: in pages of the usual size. */
export const inFullPages = ({ signal }: PageOptions): PageOptions => (signal === undefined ? {} : { signal });

/** Why some of a kind are missing. */
export interface GapPart {
  readonly gap: Omit<InventoryGap, 'kind'>;
}

/** What a reader says: items, or why some are missing. Gaps that are known beforehand come first. */
export type Part<K extends InventoryKind> = { readonly items: readonly InventoryItems[K][] } | GapPart;

export type KindReader<K extends InventoryKind> = (source: Source) => AsyncGenerator<Part<K>>;

/** Reads one list and maps its items. */
export async function* readList<K extends InventoryKind>(
  source: Source,
  list: ListRequest,
  map: (item: JsonObject) => InventoryItems[K],
): AsyncGenerator<Part<K>> {
  for await (const page of pagesOf(source.api, list, source)) yield { items: page.map(map) };
}

/** What those who are no administrators are shown of a list: Neutron, Glance and Octavia shorten it and do not say so. */
export function* ownProjectOnly(source: Source, list: string, also = ''): Generator<GapPart> {
  const { identity, scope, scopeText } = source.grant;
  if (identity.isAdmin) return;
  const detail =
    scope === 'project'
      ? `${identity.userName} is no administrator: the list of ${list} has only those of ${scopeText}${also}`
      : `${identity.userName} is scoped to ${scopeText}: the list of ${list} may be short`;
  yield { gap: { reason: 'own-project', detail } };
}

/** Runs `work` on items, a few at a time, and keeps their order. */
export async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>, atOnce = 4): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += atOnce) {
    results.push(...(await Promise.all(items.slice(start, start + atOnce).map(work))));
  }
  return results;
}
