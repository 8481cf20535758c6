// Tells growth from noise: what lives after a collection may vary, but its floor must not rise from one half to the next.

/** Samples before anything is concluded. */
const warmUp = 6;
const slackBytes = 64 * 1024 * 1024;

/** Live bytes of one worker over time, for each kind of work on its own. */
export class MemoryWatch {
  readonly #samples = new Map<string, number[]>();
  #hasTold = false;

  /** @returns a sentence when memory grows without bound; once */
  note(liveBytes: number, kind: string): string | undefined {
    const samples = this.#samples.get(kind) ?? [];
    this.#samples.set(kind, samples);
    samples.push(liveBytes);
    const half = samples.length >> 1;
    if (half < warmUp || this.#hasTold) return undefined;
    const before = Math.min(...samples.slice(warmUp >> 1, half));
    const after = Math.min(...samples.slice(half));
    if (after <= before * 1.25 + slackBytes) return undefined;
    this.#hasTold = true;
    return `memory grows: ${Math.round(before / 1e6)} MB, then ${Math.round(after / 1e6)} MB at least`;
  }
}
