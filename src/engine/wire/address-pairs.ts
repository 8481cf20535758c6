// Small integers for pairs of addresses whatever the direction: the two ends of a tunnel.
import type { Packet } from './packet.ts';

const maxPairs = 65_536;
const wordsPerPair = 8;
const firstSlots = 256;

/** Interns the packet's addresses, ordered; bounded, and without an object or a text per look-up. */
export class AddressPairs {
  #slots = new Int32Array(firstSlots).fill(-1);
  /** Half as many pairs as there are slots. */
  #words = new Int32Array((firstSlots / 2) * wordsPerPair);
  #count = 0;

  get size(): number {
    return this.#count;
  }

  /** Number of the pair, the same for both directions; -1 for a new one when the table is full. */
  intern(packet: Packet): number {
    const ordered = isOrdered(packet);
    const hash = pairHash(packet);
    let mask = this.#slots.length - 1;
    let slot = slotOf(hash, mask);
    for (let pair = this.#slots[slot] ?? -1; pair >= 0; pair = this.#slots[slot] ?? -1) {
      if (this.#matches(pair, packet, ordered)) return pair;
      slot = (slot + 1) & mask;
    }
    if (this.#count >= maxPairs) return -1;
    if (this.#count * 2 >= this.#slots.length) {
      this.#grow();
      mask = this.#slots.length - 1;
      slot = slotOf(hash, mask);
      while ((this.#slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
    }
    this.#slots[slot] = this.#count;
    this.#store(this.#count, packet, ordered);
    return this.#count++;
  }

  #matches(pair: number, packet: Packet, ordered: boolean): boolean {
    const words = this.#words;
    const low = pair * wordsPerPair + (ordered ? 0 : 4);
    const high = pair * wordsPerPair + (ordered ? 4 : 0);
    return (
      words[low + 3] === packet.s3 &&
      words[high + 3] === packet.d3 &&
      words[low + 2] === packet.s2 &&
      words[high + 2] === packet.d2 &&
      words[low + 1] === packet.s1 &&
      words[high + 1] === packet.d1 &&
      words[low] === packet.s0 &&
      words[high] === packet.d0
    );
  }

  #store(pair: number, packet: Packet, ordered: boolean): void {
    const words = this.#words;
    const low = pair * wordsPerPair + (ordered ? 0 : 4);
    const high = pair * wordsPerPair + (ordered ? 4 : 0);
    words[low] = packet.s0;
    words[low + 1] = packet.s1;
    words[low + 2] = packet.s2;
    words[low + 3] = packet.s3;
    words[high] = packet.d0;
    words[high + 1] = packet.d1;
    words[high + 2] = packet.d2;
    words[high + 3] = packet.d3;
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const words = new Int32Array(this.#words.length * 2);
    words.set(this.#words);
    for (let pair = 0; pair < this.#count; pair++) {
      let slot = slotOf(wordsHash(words, pair * wordsPerPair), slots.length - 1);
      while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = pair;
    }
    this.#slots = slots;
    this.#words = words;
  }
}

/** The low bits of a product depend on low bits alone: addresses of one network would stand side by side. */
const slotOf = (hash: number, mask: number): number => (hash ^ (hash >>> 15)) & mask;

/** Whether the source comes first in the order of the table. */
export function isOrdered(packet: Packet): boolean {
  if (packet.s3 !== packet.d3) return packet.s3 >>> 0 < packet.d3 >>> 0;
  if (packet.s2 !== packet.d2) return packet.s2 >>> 0 < packet.d2 >>> 0;
  if (packet.s1 !== packet.d1) return packet.s1 >>> 0 < packet.d1 >>> 0;
  return packet.s0 >>> 0 <= packet.d0 >>> 0;
}

const mix = (a: number, b: number): number => Math.imul(a ^ (a >>> 15), 0x2c1b3c6d) ^ Math.imul(b, 0x297a2d39);

// Everything here is a signed 32-bit integer: larger numbers would be boxed when they pass a call.

/** One side's hash; sides are added, so direction does not matter. */
const side = (w0: number, w1: number, w2: number, w3: number): number =>
  (w0 | w1) === 0 && w2 === 0xffff ? mix(ipv4Start, w3) : mix(mix(mix(mix(0x9e3779b9, w0), w1), w2), w3);
/** The words in front of an IPv4 address, mixed once. */
const ipv4Start = mix(mix(mix(0x9e3779b9, 0), 0), 0xffff);

/** Hash of the packet's addresses, the same for both directions; a signed 32-bit integer. */
export function pairHash(packet: Packet): number {
  const sum = (side(packet.s0, packet.s1, packet.s2, packet.s3) + side(packet.d0, packet.d1, packet.d2, packet.d3)) | 0;
  return mix(sum, sum >> 7);
}

function wordsHash(words: Int32Array, at: number): number {
  const word = (i: number): number => words[at + i] ?? 0;
  const sum = (side(word(0), word(1), word(2), word(3)) + side(word(4), word(5), word(6), word(7))) | 0;
  return mix(sum, sum >> 7);
}
