// Packets and bytes per second between two ends, from records that say only when a flow began, how long it took and how much it moved.

/** Seconds remembered; a flow spread over more is averaged over its last ones. */
const memorySeconds = 900;
/** Uids kept as samples. */
const sampleSize = 50;
/** Flows kept as they came before they are spread over the seconds: most ends have few, and nobody asks for their peak. */
const mostWaiting = 16;
const waitingFields = 5;
/** Stands for no samples, so that an array is made with the first; never changed. */
const none: string[] = [];

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

/** Bounded: one entry a second, at most 900 of them. The first flow needs no arrays. */
export class TrafficSeconds {
  /** Made when the waiting flows are too many, or when somebody asks for the peak. */
  #seconds: Map<number, Second> | undefined;
  /** Flows that are not spread yet: first and last second, packets, bytes and replies a second of each. */
  #waiting: number[] | undefined;
  #firstSeconds = 0;
  #uids: string[] = none;
  packets = 0;
  bytes = 0;
  replies = 0;
  flows = 0;
  firstAt = Number.POSITIVE_INFINITY;
  lastAt = Number.NEGATIVE_INFINITY;

  /** Adds a flow: `at` in microseconds since the epoch, `seconds` its duration. Its packets are spread evenly. */
  add(at: number, seconds: number, packets: number, bytes: number, replies: number, uid: string): void {
    if (this.flows === 1) this.#keepFirst();
    this.flows++;
    this.packets += packets;
    this.bytes += bytes;
    this.replies += replies;
    this.firstAt = Math.min(this.firstAt, at);
    this.lastAt = Math.max(this.lastAt, at + seconds * 1e6);
    this.#noteUid(uid);
    if (this.flows === 1) this.#firstSeconds = seconds;
    else this.#wait(at, seconds, packets, bytes, replies);
  }

  /** Uids of the first flows. */
  get uids(): readonly string[] {
    return this.#uids;
  }

  #noteUid(uid: string): void {
    if (uid === '' || this.#uids.length >= sampleSize) return;
    if (this.#uids === none) this.#uids = [uid];
    else this.#uids.push(uid);
  }

  /** Of a single flow the sums tell everything. */
  #keepFirst(): void {
    if (this.#waiting === undefined) this.#wait(this.firstAt, this.#firstSeconds, this.packets, this.bytes, this.replies);
  }

  #wait(at: number, seconds: number, packets: number, bytes: number, replies: number): void {
    const last = Math.floor(at / 1e6 + seconds);
    const first = Math.max(Math.floor(at / 1e6), last - memorySeconds + 1);
    const parts = last - first + 1;
    if (this.#waiting === undefined) this.#waiting = [first, last, packets / parts, bytes / parts, replies / parts];
    else this.#waiting.push(first, last, packets / parts, bytes / parts, replies / parts);
    if (this.#waiting.length >= mostWaiting * waitingFields) this.#spread();
  }

  #spread(): Map<number, Second> {
    this.#seconds ??= new Map();
    const seconds = this.#seconds;
    const waiting = this.#waiting ?? [];
    for (let i = 0; i < waiting.length; i += waitingFields) {
      const last = waiting[i + 1] ?? 0;
      for (let second = waiting[i] ?? 0; second <= last; second++) {
        addTo(seconds, second, waiting[i + 2] ?? 0, waiting[i + 3] ?? 0, waiting[i + 4] ?? 0);
      }
    }
    waiting.length = 0;
    return seconds;
  }

  /** The stretch of at most `length` seconds with the most packets; undefined before the first flow. */
  peak(length: number): Peak | undefined {
    if (this.flows === 1) this.#keepFirst();
    const sorted = [...this.#spread()].sort(([a], [b]) => a - b);
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
}

function addTo(seconds: Map<number, Second>, second: number, packets: number, bytes: number, replies: number): void {
  const entry = seconds.get(second);
  if (entry !== undefined) {
    entry.packets += packets;
    entry.bytes += bytes;
    entry.replies += replies;
    return;
  }
  seconds.set(second, { packets, bytes, replies });
  if (seconds.size <= memorySeconds) return;
  for (const oldest of seconds.keys()) {
    seconds.delete(oldest);
    return;
  }
}
