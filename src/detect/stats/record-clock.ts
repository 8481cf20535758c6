// The time of a run, told by its records: what detectors keep grows old by it. It only runs forward.

/** Between two rows; a longer leap is not believed at once. */
const longestStepMicros = 86_400e6;
/** Rows in a row that must all be far ahead before the clock is set to them. */
const leapsBelieved = 100;
const sweepSeconds = 60;

/**
 * Rows come in order of completion, so most times lie behind the newest: they do not move the clock. A row with a wrong time must not
 * make detectors forget what they know, so a leap of more than a day is followed only when many rows in a row agree, and then
 * without counting it as time that passed.
 */
export class RecordClock {
  /** Since the first row. */
  seconds = 0;
  #at = 0;
  /** Microseconds that passed. */
  #passed = 0;
  #leaps = 0;
  #sweptAt = 0;

  /** @returns whether enough time passed to look for what grew old */
  move(ts: number): boolean {
    const ahead = ts - this.#at;
    if (ahead <= 0 || !Number.isFinite(ts)) return false;
    if (this.#at === 0 || ahead > longestStepMicros) {
      this.#leap(ts);
      return false;
    }
    this.#leaps = 0;
    this.#at = ts;
    this.#passed += ahead;
    this.seconds = Math.floor(this.#passed / 1e6);
    if (this.seconds - this.#sweptAt < sweepSeconds) return false;
    this.#sweptAt = this.seconds;
    return true;
  }

  #leap(ts: number): void {
    this.#leaps++;
    if (this.#at !== 0 && this.#leaps < leapsBelieved) return;
    this.#leaps = 0;
    this.#at = ts;
  }
}

/** How a bounded map forgets entries that nobody used for long. */
export interface Forgetting<V> {
  /** By the clock of the run, since the last use. */
  readonly afterSeconds: number;
  /** Entries that stay however old they are: where little is seen, all of it is judged. Default 1000. */
  readonly spare?: number;
  /** The last word about an entry that goes, be it old or in the way. */
  readonly onForget?: (value: V) => void;
}

/** Entries that stay when nothing else is said. */
export const usualSpare = 1000;

export const hour = 3600;
export const day = 24 * hour;
