// Answers worth keeping, bounded without order of use: emptied when it is full, as what is frequent is soon back.

/** A map of at most `capacity` entries. */
export class Memo<K, V> {
  readonly #capacity: number;
  readonly #known = new Map<K, V>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: K): V | undefined {
    return this.#known.get(key);
  }

  /** Keeps a value under a key that is not there yet. @returns the value */
  set(key: K, value: V): V {
    if (this.#known.size >= this.#capacity) this.#known.clear();
    this.#known.set(key, value);
    return value;
  }
}
