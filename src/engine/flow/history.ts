// The history column: letters of a connection's events. Histories are interned, so that appending allocates nothing.

/** Longer histories stop growing: only hostile or broken traffic gets there. */
const longestHistory = 255;
/** Distinct histories that are kept for sharing; real traffic has some thousands. */
const mostShared = 100_000;

/** One history; shared by all connections with the same past. */
export class History {
  readonly text: string;
  readonly #next = new Map<number, History>();

  constructor(text: string) {
    this.text = text;
  }

  /** The history with one more letter (character code). */
  append(letter: number, shared: HistoryBook): History {
    const known = this.#next.get(letter);
    if (known !== undefined) return known;
    if (this.text.length >= longestHistory) return this;
    const next = new History(this.text + String.fromCharCode(letter));
    if (shared.count < mostShared) {
      shared.count++;
      this.#next.set(letter, next);
    }
    return next;
  }
}

/** Root of all histories of one engine. */
export class HistoryBook {
  readonly empty = new History('');
  count = 0;
}

/** Letters of events, as the client writes them; the server's are lower case (`letter | 0x20`). */
export const letters = {
  syn: 0x53,
  synAck: 0x48,
  ack: 0x41,
  data: 0x44,
  fin: 0x46,
  rst: 0x52,
  gap: 0x47,
  retransmission: 0x54,
  zeroWindow: 0x57,
  finRst: 0x49,
  multiFlag: 0x51,
  flip: 0x5e,
  /** Something was left out. */
  partial: 0x58,
} as const;

/** Bits of `Connection.seen` for letters that appear once a side; the server's are shifted by 16. */
export const seenOnce = { syn: 1, fin: 2, rst: 4, finRst: 8, data: 16, ack: 32, multiFlag: 64 } as const;

/** Whether the n-th occurrence gets a letter: 1, 10, 100, … */
export function isLogarithmicStep(count: number): boolean {
  for (let step = 1; step <= count; step *= 10) if (step === count) return true;
  return false;
}
