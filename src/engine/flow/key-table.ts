// Open addressing from flow keys to connections: linear probing over two typed arrays, deletion by moving entries back.

const firstCapacity = 1 << 12;

/** Mixes one word into a running hash. */
export const mix = (hash: number, word: number): number => {
  const h = Math.imul(hash ^ word, 0x9e3779b1);
  return h ^ (h >>> 15);
};

/**
 * A set of small integers (places in the pool) found by hash; whether a hash's owner is the right one is the caller's
 * question. Not more than two thirds full.
 */
export class KeyTable {
  #hashes = new Int32Array(firstCapacity);
  /** Place plus one; 0 is empty. */
  #places = new Int32Array(firstCapacity);
  #mask = firstCapacity - 1;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Index of the first entry with this hash, or -1. */
  first(hash: number): number {
    return this.#seek(hash, hash & this.#mask);
  }

  /** Index of the next entry with this hash after `index`, or -1. */
  next(hash: number, index: number): number {
    return this.#seek(hash, (index + 1) & this.#mask);
  }

  /** The place at an index that `first` or `next` gave. */
  place(index: number): number {
    return (this.#places[index] ?? 0) - 1;
  }

  insert(hash: number, place: number): void {
    if ((this.#count + 1) * 3 > this.#places.length * 2) this.#grow();
    this.#put(hash, place + 1);
    this.#count++;
  }

  /** Removes the entry of a place; nothing happens when it is not there. */
  remove(hash: number, place: number): void {
    let index = this.first(hash);
    while (index >= 0 && this.place(index) !== place) index = this.next(hash, index);
    if (index < 0) return;
    this.#count--;
    this.#close(index);
  }

  #seek(hash: number, from: number): number {
    let index = from;
    for (;;) {
      if (this.#places[index] === 0) return -1;
      if (this.#hashes[index] === hash) return index;
      index = (index + 1) & this.#mask;
    }
  }

  #put(hash: number, placePlusOne: number): void {
    let index = hash & this.#mask;
    while (this.#places[index] !== 0) index = (index + 1) & this.#mask;
    this.#hashes[index] = hash;
    this.#places[index] = placePlusOne;
  }

  /** Fills the hole with later entries that may stand there, so that no search ends too early. */
  #close(hole: number): void {
    const hashes = this.#hashes;
    const places = this.#places;
    let index = hole;
    for (;;) {
      index = (index + 1) & this.#mask;
      const place = places[index] ?? 0;
      if (place === 0) break;
      const home = (hashes[index] ?? 0) & this.#mask;
      if (((index - home) & this.#mask) < ((index - hole) & this.#mask)) continue;
      hashes[hole] = hashes[index] ?? 0;
      places[hole] = place;
      hole = index;
    }
    places[hole] = 0;
  }

  #grow(): void {
    const hashes = this.#hashes;
    const places = this.#places;
    const capacity = places.length * 2;
    this.#hashes = new Int32Array(capacity);
    this.#places = new Int32Array(capacity);
    this.#mask = capacity - 1;
    for (let i = 0; i < places.length; i++) {
      const place = places[i] ?? 0;
      if (place !== 0) this.#put(hashes[i] ?? 0, place);
    }
  }
}
