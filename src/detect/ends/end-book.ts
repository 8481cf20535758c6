// Numbers for the ends that records name: each text is looked up once a record, and every map of detectors works with its number.
import type { Forgetting, RecordClock } from '../stats/record-clock.ts';
import { EndsMap } from './ends-map.ts';

/** Ends known before those that no map keeps are looked for. */
const leastEnds = 1 << 16;

/** What an address is; any may hold together. */
export interface EndClass {
  readonly isOurs: boolean;
  readonly isPublic: boolean;
  readonly isMulticast: boolean;
}

const bitsOf = ({ isOurs, isPublic, isMulticast }: EndClass): number => (isOurs ? 1 : 0) | (isPublic ? 2 : 0) | (isMulticast ? 4 : 0);

/**
 * An end is an address (or another name) in a network context: equal addresses of two tenants are two ends. Its number holds while
 * the record is handled in which it was asked for, and for as long as a map of this book has an entry of it; then it is given away
 * again. So the book grows with what its maps keep, and those are bounded.
 */
export class EndBook {
  readonly #plain = new Map<string, number>();
  readonly #inContext = new Map<string, number>();
  readonly #maps: EndsMap<unknown>[] = [];
  readonly #classify: (address: string) => EndClass;
  readonly #clock: RecordClock | undefined;
  readonly #free: number[] = [];
  /** Bits by number. */
  #classes = new Uint8Array(1024);
  /** 0 is no end. */
  #next = 1;
  #limit = leastEnds;

  /** @param clock needed where maps forget what is old */
  constructor(classify: (address: string) => EndClass, clock?: RecordClock) {
    this.#classify = classify;
    this.#clock = clock;
  }

  get size(): number {
    return this.#plain.size + this.#inContext.size;
  }

  /** A map whose entries keep the numbers of their ends. */
  newMap<V>(capacity: number, forgetting?: Forgetting<V>): EndsMap<V> {
    const map = new EndsMap<V>(capacity, forgetting, this.#clock);
    this.#maps.push(map as EndsMap<unknown>);
    return map;
  }

  /** To be called between records: lets old entries of all maps go. */
  forgetOld(): void {
    for (const map of this.#maps) map.forgetOld();
  }

  /** Entries that were let go for want of room. */
  get evicted(): number {
    return this.#maps.reduce((sum, { evicted }) => sum + evicted, 0);
  }

  numberOf(name: string, context: string | undefined): number {
    const plain = context === undefined || context === '';
    const numbers = plain ? this.#plain : this.#inContext;
    const key = plain ? name : `${context}|${name}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const end = this.#free.pop() ?? this.#next++;
    numbers.set(key, end);
    if (end >= this.#classes.length) this.#growClasses();
    this.#classes[end] = bitsOf(this.#classify(name));
    return end;
  }

  isOurs(end: number): boolean {
    return ((this.#classes[end] ?? 0) & 1) !== 0;
  }

  isPublic(end: number): boolean {
    return ((this.#classes[end] ?? 0) & 2) !== 0;
  }

  isMulticast(end: number): boolean {
    return ((this.#classes[end] ?? 0) & 4) !== 0;
  }

  /** To be called between records: forgets ends that no map keeps, when there are many. */
  tidy(): void {
    if (this.size < this.#limit) return;
    const marks = new Uint8Array(this.#next);
    for (const map of this.#maps) map.markEnds(marks);
    for (const numbers of [this.#plain, this.#inContext]) {
      for (const [key, end] of numbers) {
        if (marks[end] === 1) continue;
        numbers.delete(key);
        this.#free.push(end);
      }
    }
    // Twice what is left: the walk costs a constant share of what was added meanwhile.
    this.#limit = Math.max(leastEnds, 2 * this.size);
  }

  #growClasses(): void {
    const grown = new Uint8Array(2 * this.#classes.length);
    grown.set(this.#classes);
    this.#classes = grown;
  }
}
