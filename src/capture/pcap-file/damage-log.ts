// What was wrong with one capture: a bounded list.
import type { CaptureDamage } from '../packet-source.ts';

const keptEntries = 200;

/** Damages of one source in the order they were met. Past the first 200 only their number and their bytes are kept. */
export class DamageLog {
  readonly #source: string;
  readonly #kept: CaptureDamage[] = [];
  #more = 0;
  #moreBytes = 0;
  #moreOffset = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** Damages met so far, kept or not. */
  get count(): number {
    return this.#kept.length + this.#more;
  }

  add(code: string, offset: number, skippedBytes: number, message: string): void {
    if (this.#kept.length < keptEntries) {
      this.#kept.push({ source: this.#source, code, offset, skippedBytes, message });
      return;
    }
    if (this.#more === 0) this.#moreOffset = offset;
    this.#more++;
    this.#moreBytes += skippedBytes;
  }

  entries(): readonly CaptureDamage[] {
    if (this.#more === 0) return [...this.#kept];
    const message = `${this.#more} more damaged places that are not listed one by one`;
    const rest = { source: this.#source, code: 'more-damage', offset: this.#moreOffset, skippedBytes: this.#moreBytes, message };
    return [...this.#kept, rest];
  }
}
