// A set of hashes of 53 bits in one typed array: a tenth of what a set of texts takes.

const firstRoom = 256;

/** Grows as it fills; who uses it says when it is full. */
export class HashSet {
  /** Open addressing with linear probing, at most half full; hash + 1, or 0. */
  #slots = new Float64Array(firstRoom);
  #size = 0;

  constructor(hashes: Iterable<number> = []) {
    for (const hash of hashes) this.add(hash);
  }

  get size(): number {
    return this.#size;
  }

  add(hash: number): void {
    const at = placeOf(this.#slots, hash + 1);
    if (this.#slots[at] !== 0) return;
    this.#slots[at] = hash + 1;
    this.#size++;
    if (2 * this.#size > this.#slots.length) this.#grow();
  }

  /** In no order. */
  *values(): Generator<number, void, undefined> {
    for (const entry of this.#slots) if (entry !== 0) yield entry - 1;
  }

  #grow(): void {
    const grown = new Float64Array(2 * this.#slots.length);
    for (const entry of this.#slots) if (entry !== 0) grown[placeOf(grown, entry)] = entry;
    this.#slots = grown;
  }
}

/** Where the entry is, or would be. */
function placeOf(slots: Float64Array, entry: number): number {
  const mask = slots.length - 1;
  let at = (entry ^ (entry / 0x100000000)) & mask;
  while (slots[at] !== 0 && slots[at] !== entry) at = (at + 1) & mask;
  return at;
}
