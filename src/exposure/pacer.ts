// At most so many things a second, and so many at once.
export class Pacer {
  readonly #rate: number;
  readonly #now: () => number;
  #nextAt = 0;

  /** @param now milliseconds of any clock that does not jump */
  constructor(ratePerSecond: number, now: () => number) {
    this.#rate = ratePerSecond;
    this.#now = now;
  }

  /** Resolves when the next one may go. */
  async turn(): Promise<void> {
    const now = this.#now();
    this.#nextAt = Math.max(this.#nextAt + 1000 / this.#rate, now);
    const waitMs = this.#nextAt - now;
    if (waitMs >= 1) await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}

/** Runs `work` on each item, `width` at a time; the first failure is thrown when all that began have ended. */
export async function forEachOf<T>(items: Iterable<T>, width: number, work: (item: T) => Promise<void>): Promise<void> {
  const iterator = items[Symbol.iterator]();
  let failure: unknown;
  const lane = async (): Promise<void> => {
    for (let next = iterator.next(); !next.done && failure === undefined; next = iterator.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failure ??= error;
      }
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  if (failure !== undefined) throw failure;
}
