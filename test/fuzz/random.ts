// Random numbers that a seed repeats on every machine.

/** mulberry32: small, fast, good enough to shuffle bytes. */
export class Random {
  #state: number;

  /** Numbers of `seed` and `run` have nothing to do with those of any other pair. */
  constructor(seed: number, run: number) {
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(run + 1, 0xc2b2ae35);
    for (let i = 0; i < 4; i++) this.bits();
  }

  /** 32 random bits, unsigned. */
  bits(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let z = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z;
    return (z ^ (z >>> 14)) >>> 0;
  }

  /** 0 to `count` - 1. */
  below(count: number): number {
    return count <= 0 ? 0 : Math.floor((this.bits() / 0x100000000) * count);
  }

  chance(probability: number): boolean {
    return this.bits() < probability * 0x100000000;
  }

  pick<T>(list: readonly T[]): T {
    const picked = list[this.below(list.length)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }

  /** Small numbers mostly, large ones now and then; never above `most`. */
  length(most: number): number {
    return Math.min(most, 1 + this.below(2 ** (1 + this.below(12))));
  }
}
