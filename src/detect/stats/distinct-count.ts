// How many different things: exact while few, an estimate in constant memory when many.
import { hashText } from '../../base/text-hash.ts';

const precision = 12;
const registers = 1 << precision;
/** Values that are kept as samples once the rest is only estimated. */
const samplesKept = 100;
/** Bias constant for 4096 registers. */
const alpha = 0.7213 / (1 + 1.079 / registers);

const none: readonly string[] = [];

/**
 * Distinct count: exact up to `exactLimit`, above it HyperLogLog with 4096 one-byte registers (standard error 1.6 %).
 * Source: Flajolet, Fusy, Gandouet, Meunier 2007, figure 3, with linear counting for small ranges.
 */
export class DistinctCount {
  /** The values themselves; a set is made for the second. */
  #few: string | Set<string> | undefined;
  #samples: readonly string[] = none;
  #sketch: Uint8Array | undefined;
  readonly #exactLimit: number;

  constructor(exactLimit = 1024) {
    this.#exactLimit = exactLimit;
  }

  add(value: string): void {
    if (this.#sketch !== undefined) {
      this.#mark(value);
      return;
    }
    if (this.#few === undefined || this.#few === value) {
      this.#few = value;
      return;
    }
    if (typeof this.#few === 'string') this.#few = new Set([this.#few]);
    this.#few.add(value);
    if (this.#few.size <= this.#exactLimit) return;
    this.#sketch = new Uint8Array(registers);
    for (const known of this.#few) this.#mark(known);
    this.#samples = [...this.#few].slice(0, samplesKept);
    this.#few = undefined;
  }

  /** The count; rounded to an integer when estimated. */
  get size(): number {
    if (this.#sketch === undefined) return typeof this.#few === 'string' ? 1 : (this.#few?.size ?? 0);
    let sum = 0;
    let zeros = 0;
    for (const rank of this.#sketch) {
      sum += 2 ** -rank;
      if (rank === 0) zeros++;
    }
    const raw = (alpha * registers * registers) / sum;
    return Math.round(raw <= 2.5 * registers && zeros > 0 ? registers * Math.log(registers / zeros) : raw);
  }

  get isExact(): boolean {
    return this.#sketch === undefined;
  }

  /** Some of the values, in order of arrival; at most 100 once estimated. */
  sample(most: number): string[] {
    const values = typeof this.#few === 'string' ? [this.#few] : (this.#few ?? this.#samples);
    return [...values].slice(0, most);
  }

  #mark(value: string): void {
    const hash = hashText(value);
    const index = hash % registers;
    // 41 bits are left; the rank is the position of the first one bit among them.
    const rest = Math.floor(hash / registers);
    const high = Math.floor(rest / 0x100000000);
    const rank = high > 0 ? Math.clz32(high) - 23 + 1 : 9 + Math.clz32(rest >>> 0) + 1;
    const sketch = this.#sketch;
    if (sketch !== undefined && (sketch[index] ?? 0) < rank) sketch[index] = rank;
  }
}
