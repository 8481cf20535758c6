// One form of an item for comparing and storing: clouds list the same things in another order each time.

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function sorted(value: unknown): Json {
  if (Array.isArray(value)) {
    const items = value.map(sorted);
    if (items.length < 2) return items;
    const keyed = items.map((item) => ({ item, key: typeof item === 'string' ? item : JSON.stringify(item) }));
    return keyed.sort((a, b) => compare(a.key, b.key)).map(({ item }) => item);
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, one]) => one !== undefined);
    return Object.fromEntries(entries.sort(([a], [b]) => compare(a, b)).map(([key, one]) => [key, sorted(one)]));
  }
  return value as Json;
}

/** The item with its keys and lists in order and without undefined values. All lists of items are sets: their order says nothing. */
export const canonicalItem = <T extends object>(item: T): T => sorted(item) as unknown as T;

/** Whether two values say the same with their lists in the same order; undefined counts as absent. Makes nothing. */
function sameInOrder(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((one, i) => sameInOrder(one, b[i]));
  const left = a as Readonly<Record<string, unknown>>;
  const right = b as Readonly<Record<string, unknown>>;
  let keys = 0;
  for (const key in right) {
    if (right[key] === undefined) continue;
    keys++;
    if (!sameInOrder(left[key], right[key])) return false;
  }
  for (const key in left) if (left[key] !== undefined) keys--;
  return keys === 0;
}

/** Whether an item says the same as a canonical one. Most clouds keep their order, so most items need not be put in order. */
export const sameItem = <T extends object>(canonical: T, item: T): boolean =>
  sameInOrder(canonical, item) || JSON.stringify(canonical) === JSON.stringify(canonicalItem(item));
