// Whether a capture holds every packet twice: told from its beginning, before the first packet is counted.
import { copyWindowMicros } from './duplicates.ts';
import { Fingerprint, isTelling } from './fingerprint.ts';
import type { Packet } from './packet.ts';

/** Fewer packets than these prove nothing. */
const leastPackets = 4;
/** Packets that came exactly twice, of all. */
const leastShare = 0.9;

/** Counts how often each packet came. Multicast and the like are left out: hosts see their own of these twice. */
export class PairJudge {
  readonly #print = new Fingerprint();
  readonly #open = new Map<number, { at: number; count: number }>();
  #lastAt = 0;
  /** Longest time between two copies so far: copies of packets younger than that may be still to come. */
  #widest = 0;
  #total = 0;
  #twice = 0;

  note(packet: Packet): void {
    this.#lastAt = packet.at;
    if (!isTelling(packet)) return;
    this.#print.take(packet);
    const key = (this.#print.high >>> 11) * 0x100000000 + (this.#print.low >>> 0);
    const group = this.#open.get(key);
    if (group !== undefined && packet.at - group.at <= copyWindowMicros) {
      group.count++;
      this.#widest = Math.max(this.#widest, packet.at - group.at);
      group.at = packet.at;
      return;
    }
    if (group !== undefined) this.#settle(group.count);
    this.#open.set(key, { at: packet.at, count: 1 });
  }

  #settle(count: number): void {
    this.#total++;
    if (count === 2) this.#twice++;
  }

  /** The verdict; the last packets' copies may be still to come. Call once. */
  allComeTwice(): boolean {
    for (const group of this.#open.values()) {
      if (group.count > 1 || this.#lastAt - group.at > 2 * this.#widest) this.#settle(group.count);
    }
    return this.#total >= leastPackets && this.#twice >= this.#total * leastShare;
  }
}
