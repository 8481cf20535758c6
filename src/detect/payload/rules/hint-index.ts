// Which rules are worth trying on a text: one pass over it finds all hints at once.
import type { Rule } from './rule.ts';

interface Entry {
  readonly hint: string;
  readonly rule: number;
}

const ascii = 128;

/** Hints by their first two characters, in a table: almost every place of a text is passed by with one look. */
export class HintIndex {
  readonly #lists: Entry[][] = [[]];
  /** By first character: list of the hints of one character; 0 for none. */
  readonly #ofOne = new Uint16Array(ascii);
  /** By the first two: list of the longer hints; 0 for none. */
  readonly #ofTwo = new Uint16Array(ascii * ascii);
  readonly #first = new Uint8Array(ascii);
  readonly #marks: Uint8Array;
  #found = 0;

  constructor(rules: readonly Rule[]) {
    this.#marks = new Uint8Array(rules.length);
    for (const [rule, { hints }] of rules.entries()) for (const hint of hints) this.#add(hint, rule);
  }

  /**
   * Marks the rules that have a hint in `lower` (the text in lower case); undefined when there are none. The array is valid until
   * the next call.
   */
  mark(lower: string): Uint8Array | undefined {
    const [isFirst, ofOne, ofTwo] = [this.#first, this.#ofOne, this.#ofTwo];
    if (this.#found > 0) this.#marks.fill(0);
    this.#found = 0;
    let next = lower.charCodeAt(0);
    for (let at = 0; at < lower.length; at++) {
      const first = next;
      next = lower.charCodeAt(at + 1);
      if (first >= ascii || isFirst[first] === 0) continue;
      const one = ofOne[first] ?? 0;
      if (one > 0) this.#markAt(lower, at, one);
      const two = next < ascii ? (ofTwo[first * ascii + next] ?? 0) : 0;
      if (two > 0) this.#markAt(lower, at, two);
    }
    return this.#found > 0 ? this.#marks : undefined;
  }

  #markAt(lower: string, at: number, list: number): void {
    for (const { hint, rule } of this.#lists[list] ?? []) {
      if (this.#marks[rule] === 1 || !lower.startsWith(hint, at)) continue;
      this.#marks[rule] = 1;
      this.#found++;
    }
  }

  #add(hint: string, rule: number): void {
    const first = hint.charCodeAt(0);
    const [table, code] = hint.length > 1 ? [this.#ofTwo, first * ascii + hint.charCodeAt(1)] : [this.#ofOne, first];
    this.#first[first] = 1;
    table[code] ||= this.#lists.push([]) - 1;
    this.#lists[table[code]]?.push({ hint, rule });
  }
}
