// Packets and bytes per second between two ends, from records that say only when a flow began, how long it took and how much it moved.
import { appended } from './short-list.ts';

/** Seconds remembered; a flow spread over more is averaged over its last ones. */
const memorySeconds = 900;
/** Uids kept as samples. */
const sampleSize = 50;
/** Flows kept as they came before they are spread over the seconds: most ends have few, and nobody asks for their peak. */
const mostWaiting = 64;
const waitingFields = 5;
/** Shared by all who have no samples; never changed. */
const none: string[] = [];

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
  #seconds: SumsBySecond | undefined;
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
    if (uid !== '' && this.#uids.length < sampleSize) this.#uids = appended(this.#uids, uid);
    if (this.flows === 1) this.#firstSeconds = seconds;
    else this.#wait(at, seconds, packets, bytes, replies);
  }

  /** Uids of the first flows. */
  get uids(): readonly string[] {
    return this.#uids;
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

  #spread(): SumsBySecond {
    this.#seconds ??= new SumsBySecond();
    const seconds = this.#seconds;
    const waiting = this.#waiting ?? [];
    for (let i = 0; i < waiting.length; i += waitingFields) {
      const last = waiting[i + 1] ?? 0;
      for (let second = waiting[i] ?? 0; second <= last; second++) {
        seconds.add(second, waiting[i + 2] ?? 0, waiting[i + 3] ?? 0, waiting[i + 4] ?? 0);
      }
    }
    waiting.length = 0;
    return seconds;
  }

  /** The stretch of at most `length` seconds with the most packets; undefined before the first flow. */
  peak(length: number): Peak | undefined {
    if (this.flows === 1) this.#keepFirst();
    return this.#spread().peak(length);
  }
}

/** What was moved in each second. Plain numbers in one array: an object a second would be most of what detectors keep. */
class SumsBySecond {
  /** Places by second, in order of arrival. */
  readonly #places = new Map<number, number>();
  /** Packets, bytes and replies of each place. */
  readonly #sums: number[] = [];

  add(second: number, packets: number, bytes: number, replies: number): void {
    const sums = this.#sums;
    const at = this.#places.get(second);
    if (at !== undefined) {
      sums[at] = (sums[at] ?? 0) + packets;
      sums[at + 1] = (sums[at + 1] ?? 0) + bytes;
      sums[at + 2] = (sums[at + 2] ?? 0) + replies;
    } else if (this.#places.size < memorySeconds) {
      this.#places.set(second, sums.length);
      sums.push(packets, bytes, replies);
    } else this.#replaceOldest(second, packets, bytes, replies);
  }

  /** Gives the place of the second that came first to another. */
  #replaceOldest(second: number, packets: number, bytes: number, replies: number): void {
    for (const [oldest, at] of this.#places) {
      this.#places.delete(oldest);
      this.#places.set(second, at);
      this.#sums[at] = packets;
      this.#sums[at + 1] = bytes;
      this.#sums[at + 2] = replies;
      return;
    }
  }

  /** The stretch of at most `length` seconds with the most packets. */
  peak(length: number): Peak | undefined {
    const sums = this.#sums;
    const sorted = Float64Array.from(this.#places.keys()).sort();
    const placeOf = (i: number): number => this.#places.get(sorted[i] ?? 0) ?? 0;
    let best: Peak | undefined;
    let [packets, bytes, replies] = [0, 0, 0];
    for (let from = 0, to = 0; to < sorted.length; to++) {
      const second = sorted[to] ?? 0;
      const added = placeOf(to);
      packets += sums[added] ?? 0;
      bytes += sums[added + 1] ?? 0;
      replies += sums[added + 2] ?? 0;
      for (; second - (sorted[from] ?? second) >= length; from++) {
        const gone = placeOf(from);
        packets -= sums[gone] ?? 0;
        bytes -= sums[gone + 1] ?? 0;
        replies -= sums[gone + 2] ?? 0;
      }
      const start = sorted[from] ?? second;
      if (best === undefined || packets > best.packets) best = { from: start, seconds: second - start + 1, packets, bytes, replies };
    }
    return best;
  }
}
