// A map that forgets its least recently used entry when full: state per address must never grow with the network.
//
// The order of use is a linked list through the entries. Moving a key to the end of a built-in Map would do, but leaves a hole
// each time, and the Map copies itself whenever too many of its places are holes.

interface Entry<K, V> {
  readonly key: K;
  value: V;
  older: Entry<K, V> | undefined;
  newer: Entry<K, V> | undefined;
}

/** Least-recently-used map. Iteration order is from the least to the most recently used. */
export class BoundedMap<K, V> {
  readonly #entries = new Map<K, Entry<K, V>>();
  readonly #capacity: number;
  readonly #onEvict: ((key: K, value: V) => void) | undefined;
  #oldest: Entry<K, V> | undefined;
  #newest: Entry<K, V> | undefined;
  /** Entries forgotten because of the bound. */
  evicted = 0;

  constructor(capacity: number, onEvict?: (key: K, value: V) => void) {
    this.#capacity = capacity;
    this.#onEvict = onEvict;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#touch(entry);
    return entry.value;
  }

  /** Like `get`, without making the entry recent. */
  peek(key: K): V | undefined {
    return this.#entries.get(key)?.value;
  }

  set(key: K, value: V): void {
    const present = this.#entries.get(key);
    if (present !== undefined) {
      present.value = value;
      this.#touch(present);
      return;
    }
    const entry: Entry<K, V> = { key, value, older: undefined, newer: undefined };
    this.#entries.set(key, entry);
    this.#append(entry);
    const oldest = this.#oldest;
    if (this.#entries.size <= this.#capacity || oldest === undefined) return;
    this.delete(oldest.key);
    this.evicted++;
    this.#onEvict?.(oldest.key, oldest.value);
  }

  /** The entry, made by `create` where it is missing. */
  ensure(key: K, create: () => V): V {
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      this.#touch(entry);
      return entry.value;
    }
    const value = create();
    this.set(key, value);
    return value;
  }

  delete(key: K): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined) return false;
    this.#entries.delete(key);
    this.#unlink(entry);
    return true;
  }

  /** An entry that was deleted while it was handed out ends the iteration nowhere: its successor is known before. */
  *entries(): Generator<[K, V], void, undefined> {
    for (let entry = this.#oldest; entry !== undefined; ) {
      const { newer } = entry;
      yield [entry.key, entry.value];
      entry = newer;
    }
  }

  *values(): Generator<V, void, undefined> {
    for (const [, value] of this.entries()) yield value;
  }

  #touch(entry: Entry<K, V>): void {
    if (entry === this.#newest) return;
    this.#unlink(entry);
    this.#append(entry);
  }

  #append(entry: Entry<K, V>): void {
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
  }

  #unlink(entry: Entry<K, V>): void {
    if (entry.older === undefined) this.#oldest = entry.newer;
    else entry.older.newer = entry.newer;
    if (entry.newer === undefined) this.#newest = entry.older;
    else entry.newer.older = entry.older;
  }
}
