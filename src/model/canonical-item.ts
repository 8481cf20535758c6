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

/** Whether two canonical items say the same. */
export const sameItem = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);
