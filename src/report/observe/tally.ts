// A map that keeps what weighs most: bounded, deterministic, and it says how much it let go.

/** Sorted by weight, each of which is told once; equals keep their order. */
export function heaviestFirst<V>(values: readonly V[], weightOf: (value: V) => number): V[] {
  const weighed = values.map((value) => ({ value, weight: weightOf(value) }));
  return weighed.sort((a, b) => b.weight - a.weight).map(({ value }) => value);
}

/** Values by key. When there are more than `limit`, the lighter half goes and is counted. */
export class Tally<V> {
  /** Entries let go for want of room. */
  dropped = 0;
  readonly #entries = new Map<string, V>();
  readonly #limit: number;
  readonly #weight: (value: V) => number;

  constructor(limit: number, weight: (value: V) => number) {
    this.#limit = limit;
    this.#weight = weight;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  /** The value of a key, made when it is new. Change it in place. */
  at(key: string, make: () => V): V {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    if (this.#entries.size >= this.#limit) this.#prune();
    const made = make();
    this.#entries.set(key, made);
    return made;
  }

  values(): IterableIterator<V> {
    return this.#entries.values();
  }

  /** The `count` heaviest, heaviest first; equals in order of arrival. */
  top(count: number): V[] {
    return heaviestFirst([...this.#entries.values()], this.#weight).slice(0, count);
  }

  #prune(): void {
    const ordered = heaviestFirst([...this.#entries], ([, value]) => this.#weight(value));
    const kept = ordered.slice(0, Math.floor(this.#limit / 2));
    this.dropped += ordered.length - kept.length;
    this.#entries.clear();
    for (const [key, value] of kept) this.#entries.set(key, value);
  }
}

/** The `limit` heaviest of all values that were offered, heaviest first; the earlier wins among equals. */
export class Heaviest<V> {
  readonly #kept: { readonly weight: number; readonly value: V }[] = [];
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  offer(weight: number, make: () => V): void {
    const kept = this.#kept;
    const last = kept[kept.length - 1];
    if (kept.length >= this.#limit && (last === undefined || weight <= last.weight)) return;
    let at = kept.length;
    while (at > 0 && (kept[at - 1]?.weight ?? 0) < weight) at--;
    kept.splice(at, 0, { weight, value: make() });
    if (kept.length > this.#limit) kept.pop();
  }

  values(): V[] {
    return this.#kept.map(({ value }) => value);
  }
}
