// Packets and bytes per second between two ends, from records that say only when a flow began, how long it took and how much it moved.

/** Seconds remembered; a flow spread over more is averaged over its last ones. */
const memorySeconds = 900;
/** Uids kept as samples. */
const sampleSize = 50;
/** Flows kept as they came before they are spread over the seconds: most ends have few, and nobody asks for their peak. */
const mostWaiting = 16;
const waitingFields = 5;

interface Second {
  packets: number;
  bytes: number;
  replies: number;
}

/** The busiest stretch of `length` seconds. */
export interface Peak {
  /** First second of the stretch, seconds since the epoch. */
  readonly from: number;
  /** Seconds between its first and last packet, at least 1. */
  readonly seconds: number;
  readonly packets: number;
  readonly bytes: number;
  /** Packets that came back. */
  readonly replies: number;
}

/** Bounded: one entry a second, at most 900 of them. */
export class TrafficSeconds {
  readonly #seconds = new Map<number, Second>();
  /** Flows that are not spread yet: first and last second, packets, bytes and replies a second of each. */
  readonly #waiting: number[] = [];
  packets = 0;
  bytes = 0;
  replies = 0;
  flows = 0;
  firstAt = Number.POSITIVE_INFINITY;
  lastAt = Number.NEGATIVE_INFINITY;
  readonly uids: string[] = [];

  /** Adds a flow: `at` in microseconds since the epoch, `seconds` its duration. Its packets are spread evenly. */
  add(at: number, seconds: number, packets: number, bytes: number, replies: number, uid: string): void {
    this.flows++;
    this.packets += packets;
    this.bytes += bytes;
    this.replies += replies;
    this.firstAt = Math.min(this.firstAt, at);
    this.lastAt = Math.max(this.lastAt, at + seconds * 1e6);
    if (uid !== '' && this.uids.length < sampleSize) this.uids.push(uid);
    const last = Math.floor(at / 1e6 + seconds);
    const first = Math.max(Math.floor(at / 1e6), last - memorySeconds + 1);
    const parts = last - first + 1;
    this.#waiting.push(first, last, packets / parts, bytes / parts, replies / parts);
    if (this.#waiting.length >= mostWaiting * waitingFields) this.#spread();
  }

  #spread(): void {
    const waiting = this.#waiting;
    for (let i = 0; i < waiting.length; i += waitingFields) {
      const [first = 0, last = 0, packets = 0, bytes = 0, replies = 0] = waiting.slice(i, i + waitingFields);
      for (let second = first; second <= last; second++) this.#addTo(second, packets, bytes, replies);
    }
    waiting.length = 0;
  }

  /** The stretch of at most `length` seconds with the most packets; undefined before the first flow. */
  peak(length: number): Peak | undefined {
    this.#spread();
    const sorted = [...this.#seconds].sort(([a], [b]) => a - b);
    let best: Peak | undefined;
    let sum = { packets: 0, bytes: 0, replies: 0 };
    for (let from = 0, to = 0; to < sorted.length; to++) {
      const [second, added] = sorted[to] ?? [0, sum];
      sum = { packets: sum.packets + added.packets, bytes: sum.bytes + added.bytes, replies: sum.replies + added.replies };
      for (; second - (sorted[from]?.[0] ?? second) >= length; from++) {
        const gone = sorted[from]?.[1] ?? sum;
        sum = { packets: sum.packets - gone.packets, bytes: sum.bytes - gone.bytes, replies: sum.replies - gone.replies };
      }
      const start = sorted[from]?.[0] ?? second;
      if (best === undefined || sum.packets > best.packets) best = { from: start, seconds: second - start + 1, ...sum };
    }
    return best;
  }

  #addTo(second: number, packets: number, bytes: number, replies: number): void {
    const entry = this.#seconds.get(second);
    if (entry !== undefined) {
      entry.packets += packets;
      entry.bytes += bytes;
      entry.replies += replies;
      return;
    }
    this.#seconds.set(second, { packets, bytes, replies });
    if (this.#seconds.size <= memorySeconds) return;
    for (const oldest of this.#seconds.keys()) {
      this.#seconds.delete(oldest);
      return;
    }
  }
}
