// Which rules are worth trying on a text: one pass over it finds all hints at once.
import type { Rule } from './rule.ts';

interface Entry {
  readonly hint: string;
  readonly rule: number;
}

/** Hints by their first two characters (the second 0 for hints of one). */
export class HintIndex {
  readonly #entries = new Map<number, Entry[]>();
  readonly #first = new Uint8Array(128);
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
    if (this.#found > 0) this.#marks.fill(0);
    this.#found = 0;
    for (let at = 0; at < lower.length; at++) {
      const first = lower.charCodeAt(at);
      if (first >= 128 || this.#first[first] === 0) continue;
      this.#markAt(lower, at, first << 8);
      this.#markAt(lower, at, (first << 8) | (lower.charCodeAt(at + 1) & 0xff));
    }
    return this.#found > 0 ? this.#marks : undefined;
  }

  #markAt(lower: string, at: number, code: number): void {
    const entries = this.#entries.get(code);
    if (entries === undefined) return;
    for (const { hint, rule } of entries) {
      if (this.#marks[rule] === 1 || !lower.startsWith(hint, at)) continue;
      this.#marks[rule] = 1;
      this.#found++;
    }
  }

  #add(hint: string, rule: number): void {
    const first = hint.charCodeAt(0);
    const code = (first << 8) | (hint.length > 1 ? hint.charCodeAt(1) : 0);
    const entries = this.#entries.get(code) ?? [];
    entries.push({ hint, rule });
    this.#entries.set(code, entries);
    this.#first[first] = 1;
  }
}
