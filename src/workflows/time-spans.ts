// Whether a time lies in one of many spans, asked for packet after packet: times mostly go on from where they were.

/** A stretch of time, microseconds since the epoch, both ends inclusive. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** Spans in order, those that touch joined. */
export class TimeSpans {
  /** The latest time in any of them; minus infinity when there is none. */
  readonly end: number;
  readonly #starts: Float64Array;
  readonly #ends: Float64Array;
  #at = 0;

  constructor(spans: readonly TimeSpan[]) {
    const starts: number[] = [];
    const ends: number[] = [];
    for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
      const last = ends.length - 1;
      const end = ends[last];
      if (end !== undefined && from <= end) ends[last] = Math.max(end, to);
      else {
        starts.push(from);
        ends.push(to);
      }
    }
    this.#starts = Float64Array.from(starts);
    this.#ends = Float64Array.from(ends);
    this.end = ends.at(-1) ?? Number.NEGATIVE_INFINITY;
  }

  /** Whether `at` is in one of the spans. */
  covers(at: number): boolean {
    const ends = this.#ends;
    const last = ends.length - 1;
    let i = this.#at;
    while (i < last && at > (ends[i] as number)) i++;
    while (i > 0 && at <= (ends[i - 1] as number)) i--;
    this.#at = i;
    return at >= (this.#starts[i] as number) && at <= (ends[i] as number);
  }
}
