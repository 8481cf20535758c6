// A map that forgets its least recently used entry when full: state per name must never grow with the network.
//
// For state per address or pair of addresses there is `EndsMap`, which needs no text.
import { type Forgetting, type RecordClock, usualSpare } from './record-clock.ts';
import { UseOrder } from './use-order.ts';

/** Least-recently-used map. Iteration order is from the least to the most recently used. */
export class BoundedMap<K, V> {
  readonly #places = new Map<K, number>();
  readonly #keys: (K | undefined)[] = [];
  readonly #values: (V | undefined)[] = [];
  readonly #order: UseOrder;
  readonly #capacity: number;
  readonly #forgetting: Forgetting<V> | undefined;
  readonly #clock: RecordClock | undefined;
  /** Entries forgotten because of the bound. */
  evicted = 0;

  /** @param clock needed where entries grow old */
  constructor(capacity: number, forgetting?: Forgetting<V>, clock?: RecordClock) {
    this.#capacity = capacity;
    this.#forgetting = forgetting;
    this.#clock = forgetting && clock;
    this.#order = new UseOrder(this.#clock);
  }

  get size(): number {
    return this.#places.size;
  }

  get(key: K): V | undefined {
    const place = this.#places.get(key);
    if (place === undefined) return undefined;
    this.#order.touch(place);
    return this.#values[place];
  }

  /** Like `get`, without making the entry recent. */
  peek(key: K): V | undefined {
    const place = this.#places.get(key);
    return place === undefined ? undefined : this.#values[place];
  }

  set(key: K, value: V): void {
    const present = this.#places.get(key);
    if (present !== undefined) {
      this.#values[present] = value;
      this.#order.touch(present);
      return;
    }
    const place = this.#order.take();
    this.#places.set(key, place);
    this.#keys[place] = key;
    this.#values[place] = value;
    if (this.#order.size > this.#capacity) this.#evict();
  }

  /** The entry, made by `create` where it is missing. */
  ensure(key: K, create: () => V): V {
    const place = this.#places.get(key);
    if (place !== undefined) {
      this.#order.touch(place);
      return this.#values[place] as V;
    }
    const value = create();
    this.set(key, value);
    return value;
  }

  delete(key: K): boolean {
    const place = this.#places.get(key);
    if (place === undefined) return false;
    this.#places.delete(key);
    this.#keys[place] = undefined;
    this.#values[place] = undefined;
    this.#order.giveBack(place);
    return true;
  }

  /** Lets entries go that nobody used for long. */
  forgetOld(): void {
    if (this.#forgetting === undefined || this.#clock === undefined) return;
    const { afterSeconds, spare = usualSpare } = this.#forgetting;
    const before = this.#clock.seconds - afterSeconds;
    while (this.#order.size > spare && this.#order.usedAt(this.#order.oldest) < before) this.#removeOldest();
  }

  /** An entry may be deleted while it is handed out: its successor is known before. */
  *entries(): Generator<[K, V], void, undefined> {
    for (let place = this.#order.oldest; place >= 0; ) {
      const next = this.#order.after(place);
      yield [this.#keys[place] as K, this.#values[place] as V];
      place = next;
    }
  }

  *values(): Generator<V, void, undefined> {
    for (const [, value] of this.entries()) yield value;
  }

  #evict(): void {
    this.evicted++;
    this.#removeOldest();
  }

  #removeOldest(): void {
    const place = this.#order.oldest;
    const [key, value] = [this.#keys[place] as K, this.#values[place] as V];
    this.delete(key);
    this.#forgetting?.onForget?.(value);
  }
}
