// State per end, or per pair of ends, perhaps per port of it. Bounded: forgets its least recently used entry when full, or when it is old.
//
// Keys are three whole numbers in typed arrays: two ends as the `EndBook` numbers them (the second 0 where there is none), and a
// detail that tells entries of the same ends apart (a service, 0 where there is none). No text is made, nothing is hashed twice.
import { type Forgetting, type RecordClock, usualSpare } from '../stats/record-clock.ts';
import { UseOrder } from '../stats/use-order.ts';

const firstRoom = 16;

const hashOf = (first: number, second: number, detail: number): number => {
  const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b) ^ Math.imul(detail, 0xc2b2ae35);
  return Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) ^ (mixed >>> 13);
};

/** Least-recently-used map from ends to state. Iteration order is from the least to the most recently used. */
export class EndsMap<V> {
  readonly #capacity: number;
  readonly #order: UseOrder;
  readonly #forgetting: Forgetting<V> | undefined;
  readonly #clock: RecordClock | undefined;
  readonly #values: (V | undefined)[] = [];
  /** Of each place: first end, second end, detail. */
  #keys = new Int32Array(3 * firstRoom);
  /** Open addressing with linear probing, at most half full: place + 1, or 0. */
  #table = new Int32Array(2 * firstRoom);
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
    return this.#order.size;
  }

  get(first: number, second = 0, detail = 0): V | undefined {
    const place = (this.#table[this.#find(first, second, detail)] ?? 0) - 1;
    if (place < 0) return undefined;
    this.#order.touch(place);
    return this.#values[place];
  }

  /** Like `get`, without making the entry recent. */
  peek(first: number, second = 0, detail = 0): V | undefined {
    const place = (this.#table[this.#find(first, second, detail)] ?? 0) - 1;
    return place < 0 ? undefined : this.#values[place];
  }

  /** @returns the value, so that an entry can be made and used in one go */
  set(value: V, first: number, second = 0, detail = 0): V {
    const at = this.#find(first, second, detail);
    const present = (this.#table[at] ?? 0) - 1;
    if (present >= 0) {
      this.#values[present] = value;
      this.#order.touch(present);
      return value;
    }
    const place = this.#order.take();
    if (3 * place >= this.#keys.length) this.#growKeys();
    this.#keys[3 * place] = first;
    this.#keys[3 * place + 1] = second;
    this.#keys[3 * place + 2] = detail;
    this.#values[place] = value;
    this.#table[at] = place + 1;
    if (this.#order.size > this.#capacity) this.#evict();
    else if (2 * this.#order.size > this.#table.length) this.#growTable();
    return value;
  }

  /** Lets entries go that nobody used for long. */
  forgetOld(): void {
    if (this.#forgetting === undefined || this.#clock === undefined) return;
    const { afterSeconds, spare = usualSpare } = this.#forgetting;
    const before = this.#clock.seconds - afterSeconds;
    while (this.#order.size > spare && this.#order.usedAt(this.#order.oldest) < before) this.#removeOldest();
  }

  clear(): void {
    for (let place = this.#order.oldest; place >= 0; place = this.#order.oldest) {
      this.#values[place] = undefined;
      this.#order.giveBack(place);
    }
    this.#table.fill(0);
  }

  *values(): Generator<V, void, undefined> {
    for (let place = this.#order.oldest; place >= 0; place = this.#order.after(place)) yield this.#values[place] as V;
  }

  /** Every entry with its key. */
  forEach(visit: (value: V, first: number, second: number, detail: number) => void): void {
    for (let place = this.#order.oldest; place >= 0; place = this.#order.after(place)) {
      visit(this.#values[place] as V, this.#keys[3 * place] ?? 0, this.#keys[3 * place + 1] ?? 0, this.#keys[3 * place + 2] ?? 0);
    }
  }

  /** Sets the mark of every end that has an entry. */
  markEnds(marks: Uint8Array): void {
    for (let place = this.#order.oldest; place >= 0; place = this.#order.after(place)) {
      marks[this.#keys[3 * place] ?? 0] = 1;
      marks[this.#keys[3 * place + 1] ?? 0] = 1;
    }
  }

  /** Where in the table the entry is, or would be. */
  #find(first: number, second: number, detail: number): number {
    const [table, keys] = [this.#table, this.#keys];
    const mask = table.length - 1;
    let at = hashOf(first, second, detail) & mask;
    for (let place = table[at] ?? 0; place !== 0; place = table[at] ?? 0) {
      const key = 3 * place - 3;
      if (keys[key] === first && keys[key + 1] === second && keys[key + 2] === detail) return at;
      at = (at + 1) & mask;
    }
    return at;
  }

  #evict(): void {
    this.evicted++;
    this.#removeOldest();
  }

  #removeOldest(): void {
    const place = this.#order.oldest;
    const value = this.#values[place] as V;
    this.#removeFromTable(this.#find(this.#keys[3 * place] ?? 0, this.#keys[3 * place + 1] ?? 0, this.#keys[3 * place + 2] ?? 0));
    this.#values[place] = undefined;
    this.#order.giveBack(place);
    this.#forgetting?.onForget?.(value);
  }

  /** Entries behind the gap that could stand in it move up, so that no search ends too early. */
  #removeFromTable(gap: number): void {
    const table = this.#table;
    const mask = table.length - 1;
    let empty = gap;
    for (let at = (gap + 1) & mask; table[at] !== 0; at = (at + 1) & mask) {
      const home = this.#homeOf((table[at] ?? 1) - 1) & mask;
      if (((at - home) & mask) < ((at - empty) & mask)) continue;
      table[empty] = table[at] ?? 0;
      empty = at;
    }
    table[empty] = 0;
  }

  #homeOf(place: number): number {
    return hashOf(this.#keys[3 * place] ?? 0, this.#keys[3 * place + 1] ?? 0, this.#keys[3 * place + 2] ?? 0);
  }

  #growKeys(): void {
    const grown = new Int32Array(2 * this.#keys.length);
    grown.set(this.#keys);
    this.#keys = grown;
  }

  #growTable(): void {
    this.#table = new Int32Array(2 * this.#table.length);
    const mask = this.#table.length - 1;
    for (let place = this.#order.oldest; place >= 0; place = this.#order.after(place)) {
      let at = this.#homeOf(place) & mask;
      while (this.#table[at] !== 0) at = (at + 1) & mask;
      this.#table[at] = place + 1;
    }
  }
}
