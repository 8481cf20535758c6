// The order in which numbered places were last used: a doubly linked list in one typed array, so that it costs the collector nothing.

const none = -1;
const firstRoom = 8;

/** Who tells the time of a use. */
interface Seconds {
  readonly seconds: number;
}

/** Places are numbered from 0; those given back are given out again. */
export class UseOrder {
  readonly #clock: Seconds | undefined;
  /** Of each place, seconds; only where there is a clock. */
  #usedAt = new Int32Array(0);
  /** Of each place: the one used before it, then the one used after it. */
  #links = new Int32Array(2 * firstRoom);
  #free = none;
  #taken = 0;
  #oldest = none;
  #newest = none;
  #size = 0;

  /** @param clock where the time of the last use shall be known */
  constructor(clock?: Seconds) {
    this.#clock = clock;
    if (clock !== undefined) this.#usedAt = new Int32Array(firstRoom);
  }

  get size(): number {
    return this.#size;
  }

  /** The place whose last use is the longest ago; -1 when there is none. */
  get oldest(): number {
    return this.#oldest;
  }

  /** The place that was used next after this one; -1 behind the newest. */
  after(place: number): number {
    return this.#links[2 * place + 1] ?? none;
  }

  /** When the place was last used, by the clock. */
  usedAt(place: number): number {
    return this.#usedAt[place] ?? 0;
  }

  /** A place that nobody has, as the newest. */
  take(): number {
    let place = this.#free;
    if (place === none) {
      place = this.#taken++;
      if (2 * place >= this.#links.length) this.#grow();
    } else this.#free = this.after(place);
    this.#append(place);
    this.#size++;
    return place;
  }

  /** Makes the place the newest. */
  touch(place: number): void {
    if (place === this.#newest) {
      if (this.#clock !== undefined) this.#usedAt[place] = this.#clock.seconds;
      return;
    }
    this.#unlink(place);
    this.#append(place);
  }

  /** Takes the place back. */
  giveBack(place: number): void {
    this.#unlink(place);
    this.#links[2 * place + 1] = this.#free;
    this.#free = place;
    this.#size--;
  }

  #append(place: number): void {
    const links = this.#links;
    const newest = this.#newest;
    if (this.#clock !== undefined) this.#usedAt[place] = this.#clock.seconds;
    links[2 * place] = newest;
    links[2 * place + 1] = none;
    if (newest === none) this.#oldest = place;
    else links[2 * newest + 1] = place;
    this.#newest = place;
  }

  #unlink(place: number): void {
    const links = this.#links;
    const older = links[2 * place] ?? none;
    const newer = links[2 * place + 1] ?? none;
    if (older === none) this.#oldest = newer;
    else links[2 * older + 1] = newer;
    if (newer === none) this.#newest = older;
    else links[2 * newer] = older;
  }

  #grow(): void {
    const grown = new Int32Array(2 * this.#links.length);
    grown.set(this.#links);
    this.#links = grown;
    if (this.#clock === undefined) return;
    const grownTimes = new Int32Array(grown.length / 2);
    grownTimes.set(this.#usedAt);
    this.#usedAt = grownTimes;
  }
}
