// A map that forgets its least recently used entry when full: state per address must never grow with the network.

/** Least-recently-used map. Iteration order is from the least to the most recently used. */
export class BoundedMap<K, V> {
  readonly #entries = new Map<K, V>();
  readonly #capacity: number;
  readonly #onEvict: ((key: K, value: V) => void) | undefined;
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
    const value = this.#entries.get(key);
    if (value !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, value);
    }
    return value;
  }

  /** Like `get`, without making the entry recent. */
  peek(key: K): V | undefined {
    return this.#entries.get(key);
  }

  set(key: K, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#capacity) return;
    for (const [oldest, evicted] of this.#entries) {
      this.#entries.delete(oldest);
      this.evicted++;
      this.#onEvict?.(oldest, evicted);
      return;
    }
  }

  /** The entry, made by `create` where it is missing. */
  ensure(key: K, create: () => V): V {
    const present = this.get(key);
    if (present !== undefined) return present;
    const value = create();
    this.set(key, value);
    return value;
  }

  delete(key: K): boolean {
    return this.#entries.delete(key);
  }

  entries(): IterableIterator<[K, V]> {
    return this.#entries.entries();
  }

  values(): IterableIterator<V> {
    return this.#entries.values();
  }
}
