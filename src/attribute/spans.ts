// What the versions of items claim of addresses, as spans of time: versions that differ in something else are one span.
import type { EpochMicros } from '../base/units.ts';
import { epochMicros } from '../base/units.ts';
import type { InventoryHistory, InventoryItems, InventoryKind, Version } from '../model/inventory.ts';
import type { Span } from './coverage.ts';

/** A span with what held during it. */
export interface ItemSpan<T> extends Span {
  readonly value: T;
}

/** Microseconds of an ISO 8601 text of a provider; undefined when it is none. */
export function instantOf(text: string | undefined): EpochMicros | undefined {
  const millis = text === undefined ? Number.NaN : Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(millis) ? undefined : epochMicros(millis * 1000);
}

/** Spans of one item: versions in a row for which `keyOf` says the same are joined; the last of them gives the value. */
export function spansOf<K extends InventoryKind>(
  kind: K,
  versions: readonly Version<InventoryItems[K]>[],
  keyOf: (value: InventoryItems[K]) => string,
): ItemSpan<InventoryItems[K]>[] {
  const spans: { span: ItemSpan<InventoryItems[K]>; key: string }[] = [];
  for (const { value, from, to, unseenSince } of versions) {
    const key = keyOf(value);
    const last = spans.at(-1);
    if (last !== undefined && last.key === key && last.span.to === from) {
      last.span = { ...last.span, value, to, unseenSince };
      continue;
    }
    const isFirst = spans.length === 0;
    const createdAt = isFirst && 'createdAt' in value ? instantOf(value.createdAt) : undefined;
    spans.push({ key, span: { kind, value, from, to, unseenSince, isFirst, createdAt } });
  }
  return spans.map(({ span }) => span);
}

/** Spans of all items of a kind. */
export function* allSpans<K extends InventoryKind>(
  history: InventoryHistory,
  kind: K,
  keyOf: (value: InventoryItems[K]) => string,
): Iterable<ItemSpan<InventoryItems[K]>> {
  let versions: Version<InventoryItems[K]>[] = [];
  for (const version of history.versions(kind)) {
    if (versions.length > 0 && versions[0]?.value.id !== version.value.id) {
      yield* spansOf(kind, versions, keyOf);
      versions = [];
    }
    versions.push(version);
  }
  yield* spansOf(kind, versions, keyOf);
}
