// Copies of packets that were there already: two mirrors of one packet count once.
import type { Contexts } from '../contexts/contexts.ts';
import { Fingerprint, isTelling } from './fingerprint.ts';
import type { Packet } from './packet.ts';

/**
 * Copies of one packet arrive within this time. Mirrors add well under 1 ms each; 20 ms leaves room for a busy collector,
 * and is below TCP's smallest retransmission time-out (200 ms in Linux) and any application's repetition.
 */
export const copyWindowMicros = 20_000;

const buckets = 4096;
const ways = 4;
/** Words of an entry: what is looked at together lies together. `seenAt` takes two, see `#times`. */
const word = { low: 0, high: 1, context: 2, firstPath: 3, firstCount: 4, otherPath: 5, otherCount: 6, passed: 7, seenAt: 8 } as const;
const stride = 10;
/** Counts of an entry end here. */
const mostCounted = 0xffff;
/** Long before any packet. */
const never = -1e15;
const knownPathPairs = 1024;
/** Fingerprints that wait for their judgement; further ones are not judged. */
const queued = 1024;
/** Finished fingerprints per judgement about copies on one path. */
const judged = 64;
/** Of `judged`: so many pairs switch the rule on, so few off. */
const manyPairs = 58;
const fewPairs = 32;
/** On one path only every eighth fingerprint is followed until pairs turn up; both copies are among them or neither. */
const sampleMask = 7;

/**
 * Two rules, for two kinds of copies.
 *
 * Different paths (another capture point, VLAN, tunnel, tunnel end): the host sent the packet once, the network copied it. Of each
 * fingerprint as many packets are let through as the busiest path saw, so a host that really repeats identical packets is not
 * robbed. Seen in two contexts, a telling packet proves that these are one (`Contexts.unite`), if they can be. Packets that say
 * little (link-local, multicast, broadcast: hosts of several tenants send the same) are copies only where a telling one proved that
 * one path copies the other.
 *
 * Same path: repetition is normal (retransmissions, constant-field floods, capture drivers that see their own packets twice), and
 * Zeek counts it. Only when nine of ten fingerprints come exactly twice are two mirrors at work: then every second copy goes.
 * For a file this is judged before its first packet (pair-judge.ts), live after `judged` fingerprints. Multicast and the like do not count.
 */
export class Duplicates {
  readonly #contexts: Contexts;
  readonly #print = new Fingerprint();
  /** Entries, `ways` to a bucket. */
  readonly #words = new Int32Array(buckets * ways * stride);
  /** The same memory: when an entry was seen last. */
  readonly #times = new Float64Array(this.#words.buffer);
  /** Pairs of paths of which one was seen to copy the other, by hash. */
  readonly #copying = new Int32Array(knownPathPairs);
  /** Entries in the order they began, to be judged when their time is over. */
  readonly #queue = new Int32Array(queued);
  readonly #queuedPrint = new Int32Array(queued);
  #oldest = 0;
  #waiting = 0;
  #finished = 0;
  #pairs = 0;
  /** Everything comes twice on one path: every second copy is dropped. */
  pairing = false;
  /** Every packet is followed: several paths exist, or may turn out to. */
  followsAll = true;

  constructor(contexts: Contexts) {
    this.#contexts = contexts;
    for (let entry = 0; entry < this.#words.length; entry += stride) this.#times[(entry + word.seenAt) >> 1] = never;
  }

  /**
   * Whether the packet is a copy of one that was let through.
   * @param path identifies capture point, tags and tunnels, whatever was united
   */
  isCopy(packet: Packet, path: number): boolean {
    if (!this.followsAll && !this.pairing && (sampleOf(packet) & sampleMask) !== 0) return false;
    this.#print.take(packet);
    const { low, high } = this.#print;
    const bucket = ((low ^ (low >>> 12)) & (buckets - 1)) * ways * stride;
    const words = this.#words;
    let free = bucket;
    for (let entry = bucket; entry < bucket + ways * stride; entry += stride) {
      if (words[entry] === low && words[entry + word.high] === high && this.#isOne(entry, packet, path))
        return this.#count(entry, packet, path);
      if ((this.#times[(entry + word.seenAt) >> 1] ?? 0) < (this.#times[(free + word.seenAt) >> 1] ?? 0)) free = entry;
    }
    this.#begin(free, packet, path);
    return false;
  }

  /** Whether equal fingerprints mean one packet, or one host that repeats it. */
  #isOne(entry: number, packet: Packet, path: number): boolean {
    if (packet.at - (this.#times[(entry + word.seenAt) >> 1] ?? 0) > copyWindowMicros) return false;
    const context = this.#contexts.canonical(this.#word(entry, word.context));
    const firstPath = this.#word(entry, word.firstPath);
    if (firstPath === path) return context === packet.context;
    const pair = (firstPath + path) | 1;
    const place = (pair >>> 1) & (knownPathPairs - 1);
    if (!isTelling(packet)) return context === packet.context && this.#copying[place] === pair;
    if (context !== packet.context) {
      const united = this.#contexts.unite(context, packet.context);
      if (united < 0) return false;
      packet.context = united;
    }
    this.#copying[place] = pair;
    return true;
  }

  #count(entry: number, packet: Packet, path: number): boolean {
    const words = this.#words;
    this.#times[(entry + word.seenAt) >> 1] = packet.at;
    const isFirst = words[entry + word.firstPath] === path;
    if (!isFirst && words[entry + word.otherCount] === 0) words[entry + word.otherPath] = path;
    if (!isFirst && words[entry + word.otherPath] !== path) return true;
    const field = entry + (isFirst ? word.firstCount : word.otherCount);
    const count = Math.min((words[field] ?? 0) + 1, mostCounted);
    words[field] = count;
    const real = this.pairing ? (count + 1) >> 1 : count;
    if (real <= this.#word(entry, word.passed)) return true;
    words[entry + word.passed] = real;
    return false;
  }

  #begin(entry: number, packet: Packet, path: number): void {
    const words = this.#words;
    words[entry + word.low] = this.#print.low;
    words[entry + word.high] = this.#print.high;
    words[entry + word.context] = packet.context;
    words[entry + word.firstPath] = path;
    words[entry + word.firstCount] = 1;
    words[entry + word.otherCount] = 0;
    words[entry + word.passed] = 1;
    this.#times[(entry + word.seenAt) >> 1] = packet.at;
    this.#judgeOldest(packet);
    if (this.#waiting === queued || !isTelling(packet)) return;
    const place = (this.#oldest + this.#waiting++) % queued;
    this.#queue[place] = entry;
    this.#queuedPrint[place] = this.#print.low;
  }

  /** Fingerprints whose time is over tell whether packets come in pairs. */
  #judgeOldest(packet: Packet): void {
    while (this.#waiting > 0) {
      const entry = this.#queue[this.#oldest] ?? 0;
      const isSame = this.#words[entry] === this.#queuedPrint[this.#oldest];
      if (isSame && packet.at - (this.#times[(entry + word.seenAt) >> 1] ?? 0) <= copyWindowMicros) return;
      if (isSame) this.#judge(this.#word(entry, word.firstCount) === 2);
      this.#oldest = (this.#oldest + 1) % queued;
      this.#waiting--;
    }
  }

  #word(entry: number, field: number): number {
    return this.#words[entry + field] ?? 0;
  }

  #judge(isPair: boolean): void {
    if (isPair) this.#pairs++;
    if (++this.#finished < judged) return;
    if (this.#pairs >= manyPairs) this.pairing = true;
    else if (this.#pairs < fewPairs) this.pairing = false;
    this.#finished = 0;
    this.#pairs = 0;
  }
}

/** Differs from packet to packet and is equal for copies; nearly free. */
function sampleOf(packet: Packet): number {
  const word = packet.end - packet.l4Start >= 8 ? packet.bytes.view.getInt32(packet.l4Start + 4) : 0;
  const mixed = Math.imul(word ^ packet.ipId, 0x9e3779b1);
  return mixed >>> 24;
}
