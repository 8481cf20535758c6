// Which lane comes next: a binary heap by time, then by place among the inputs.
import type { MergeLane } from './merge-lane.ts';

const before = (a: MergeLane, b: MergeLane): boolean => a.time < b.time || (a.time === b.time && a.index < b.index);

/** A min-heap of lanes. The caller may change the first lane's time and then calls `sink`. */
export class LaneHeap {
  readonly #lanes: MergeLane[];

  constructor(lanes: readonly MergeLane[]) {
    this.#lanes = [...lanes].sort((a, b) => (before(a, b) ? -1 : 1));
  }

  get first(): MergeLane | undefined {
    return this.#lanes[0];
  }

  /** The lane that comes after the first. */
  get second(): MergeLane | undefined {
    const left = this.#lanes[1];
    const right = this.#lanes[2];
    if (left === undefined || right === undefined) return left;
    return before(right, left) ? right : left;
  }

  /** Puts the first lane where its time belongs. */
  sink(): void {
    const lanes = this.#lanes;
    const lane = lanes[0];
    if (lane === undefined) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      let least = lanes[child];
      const right = lanes[child + 1];
      if (least !== undefined && right !== undefined && before(right, least)) {
        child++;
        least = right;
      }
      if (least === undefined || !before(least, lane)) break;
      lanes[at] = least;
      at = child;
    }
    lanes[at] = lane;
  }

  /** Takes the first lane out. */
  removeFirst(): void {
    const last = this.#lanes.pop();
    if (last === undefined || this.#lanes.length === 0) return;
    this.#lanes[0] = last;
    this.sink();
  }
}
