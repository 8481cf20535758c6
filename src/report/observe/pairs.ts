// What connections of one client to one service of one server have in common. Looked up once a connection, so without making a key.
import type { RecordRow } from '../../model/records/index.ts';
import type { Pair } from './observations.ts';
import { heaviestFirst } from './tally.ts';

/** Pairs remembered; when there are more, the lighter half goes and is counted. */
export const maxPairs = 20_000;
const slotCount = 1 << 16;

type ConnRow = RecordRow<'conn'> | RecordRow<'open_conn'>;

const weightOf = (pair: Pair): number => pair.seconds * 1e3 + Math.min(pair.bytes / 1e3, 1e9) + pair.connections;

/** FNV-1a of the characters of a text, on top of `sum`. */
function mix(sum: number, text: string): number {
  let mixed = sum;
  for (let i = 0; i < text.length; i++) mixed = Math.imul(mixed ^ text.charCodeAt(i), 0x01000193);
  return mixed;
}

const isOf = (pair: Pair, row: ConnRow): boolean =>
  pair.port === row['id.resp_p'] &&
  pair.server === row['id.resp_h'] &&
  pair.client === row['id.orig_h'] &&
  pair.proto === row.proto &&
  pair.context === row.context;

/** Pairs in order of arrival. */
export class Pairs {
  /** Pairs let go for want of room. */
  dropped = 0;
  #pairs: Pair[] = [];
  /** Open addressing: places in `#pairs`, -1 where there is none. */
  readonly #slots = new Int32Array(slotCount).fill(-1);
  readonly #hashes = new Int32Array(maxPairs);

  /** The pair of a connection, made when it is new. Change it in place. */
  of(row: ConnRow, known: string | undefined): Pair {
    const hash = mix(mix(row['id.resp_p'], row['id.orig_h']), row['id.resp_h']);
    let slot = this.#find(hash, row);
    const found = this.#pairs[this.#slots[slot] as number];
    if (found !== undefined) return found;
    if (this.#pairs.length >= maxPairs) {
      this.#prune();
      slot = this.#find(hash, row);
    }
    const made = pairOf(row, known);
    this.#put(made, hash, slot);
    return made;
  }

  values(): readonly Pair[] {
    return this.#pairs;
  }

  /** The heaviest first; equals in order of arrival. */
  heaviest(): Pair[] {
    return heaviestFirst(this.#pairs, weightOf);
  }

  /** Slot of the pair, or the free one where it belongs. */
  #find(hash: number, row: ConnRow): number {
    const slots = this.#slots;
    for (let slot = (hash ^ (hash >>> 16)) & (slotCount - 1); ; slot = (slot + 1) & (slotCount - 1)) {
      const place = slots[slot] as number;
      if (place < 0 || (this.#hashes[place] === hash && isOf(this.#pairs[place] as Pair, row))) return slot;
    }
  }

  #put(pair: Pair, hash: number, slot: number): void {
    const place = this.#pairs.push(pair) - 1;
    this.#hashes[place] = hash;
    this.#slots[slot] = place;
  }

  #prune(): void {
    const kept = this.heaviest().slice(0, maxPairs / 2);
    this.dropped += this.#pairs.length - kept.length;
    this.#pairs = [];
    this.#slots.fill(-1);
    for (const pair of kept) {
      const hash = mix(mix(pair.port, pair.client), pair.server);
      let slot = (hash ^ (hash >>> 16)) & (slotCount - 1);
      while ((this.#slots[slot] as number) >= 0) slot = (slot + 1) & (slotCount - 1);
      this.#put(pair, hash, slot);
    }
  }
}

/** Written out: spreads would make each pair an object with a second one for its later fields. */
const pairOf = (row: ConnRow, known: string | undefined): Pair => ({
  client: row['id.orig_h'],
  server: row['id.resp_h'],
  proto: row.proto,
  port: row['id.resp_p'],
  known,
  context: row.context,
  connections: 0,
  seconds: 0,
  bytes: 0,
  firstAt: row.ts as number,
  lastAt: row.ts as number,
  service: undefined,
  answered: 0,
});
