// How many different things: exact while few, an estimate in constant memory when many.
import { hashText } from '../../base/text-hash.ts';

const precision = 12;
const registers = 1 << precision;
/** Values that are kept as samples once the rest is only estimated. */
const samplesKept = 100;
/** Bias constant for 4096 registers. */
const alpha = 0.7213 / (1 + 1.079 / registers);

/**
 * Distinct count: exact up to `exactLimit`, above it HyperLogLog with 4096 one-byte registers (standard error 1.6 %).
 * Source: Flajolet, Fusy, Gandouet, Meunier 2007, figure 3, with linear counting for small ranges.
 */
export class DistinctCount {
  #exact: Set<string> | undefined = new Set();
  #samples: readonly string[] = [];
  #sketch: Uint8Array | undefined;
  readonly #exactLimit: number;

  constructor(exactLimit = 1024) {
    this.#exactLimit = exactLimit;
  }

  add(value: string): void {
    if (this.#exact !== undefined) {
      this.#exact.add(value);
      if (this.#exact.size <= this.#exactLimit) return;
      this.#sketch = new Uint8Array(registers);
      for (const known of this.#exact) this.#mark(known);
      this.#samples = [...this.#exact].slice(0, samplesKept);
      this.#exact = undefined;
    } else this.#mark(value);
  }

  /** The count; rounded to an integer when estimated. */
  get size(): number {
    if (this.#exact !== undefined) return this.#exact.size;
    let sum = 0;
    let zeros = 0;
    for (const rank of this.#sketch ?? []) {
      sum += 2 ** -rank;
      if (rank === 0) zeros++;
    }
    const raw = (alpha * registers * registers) / sum;
    return Math.round(raw <= 2.5 * registers && zeros > 0 ? registers * Math.log(registers / zeros) : raw);
  }

  get isExact(): boolean {
    return this.#exact !== undefined;
  }

  /** Some of the values, in order of arrival; at most 100 once estimated. */
  sample(most: number): string[] {
    return [...(this.#exact ?? this.#samples)].slice(0, most);
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
