// Datagrams under way, by addresses and identification, oldest first. No text and no object per look-up: a flood of fragments
// asks for a new one with every packet.
import { pairHash } from './address-pairs.ts';
import type { Datagram } from './datagram.ts';
import type { Packet } from './packet.ts';

const buckets = 2048;

const hashOf = (packet: Packet, id: number): number => {
  const hash = Math.imul(pairHash(packet) ^ Math.imul(id, 0x9e3779b1) ^ packet.context, 0x85ebca6b);
  return hash ^ (hash >>> 15);
};

/** A chained hash table whose entries are also linked by age. */
export class DatagramTable {
  readonly #heads: (Datagram | null)[] = new Array<Datagram | null>(buckets).fill(null);
  #newest: Datagram | null = null;
  /** The one that was opened first. */
  oldest: Datagram | null = null;
  size = 0;

  find(packet: Packet, id: number): Datagram | null {
    const hash = hashOf(packet, id);
    for (let datagram = this.#heads[hash & (buckets - 1)] ?? null; datagram !== null; datagram = datagram.next) {
      if (datagram.hash === hash && datagram.isOf(packet, id)) return datagram;
    }
    return null;
  }

  /** Makes `datagram` the one of this packet; it must not be in the table. */
  open(datagram: Datagram, packet: Packet, id: number): void {
    const hash = hashOf(packet, id);
    datagram.reset(hash, id, packet);
    datagram.next = this.#heads[hash & (buckets - 1)] ?? null;
    this.#heads[hash & (buckets - 1)] = datagram;
    datagram.older = this.#newest;
    datagram.newer = null;
    if (this.#newest === null) this.oldest = datagram;
    else this.#newest.newer = datagram;
    this.#newest = datagram;
    this.size++;
  }

  remove(datagram: Datagram): void {
    this.#unchain(datagram);
    if (datagram.older === null) this.oldest = datagram.newer;
    else datagram.older.newer = datagram.newer;
    if (datagram.newer === null) this.#newest = datagram.older;
    else datagram.newer.older = datagram.older;
    datagram.older = null;
    datagram.newer = null;
    this.size--;
  }

  #unchain(datagram: Datagram): void {
    const bucket = datagram.hash & (buckets - 1);
    const head = this.#heads[bucket] ?? null;
    if (head === datagram) this.#heads[bucket] = datagram.next;
    else {
      let before = head;
      while (before !== null && before.next !== datagram) before = before.next;
      if (before !== null) before.next = datagram.next;
    }
    datagram.next = null;
  }
}
