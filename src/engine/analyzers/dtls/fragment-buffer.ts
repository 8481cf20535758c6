// Puts the fragments of one DTLS handshake message together, by the sequence numbers of their records as Zeek does.
import { Bytes } from '../../../base/bytes.ts';

/** Longest message. */
const maxMessageBytes = 100_000;
/** Most records that a message may be spread over. */
const maxRecords = 31;

export interface Fragment {
  /** `message_seq`: which message it belongs to. */
  readonly messageSequence: number;
  /** Length of the whole message. */
  readonly length: number;
  readonly offset: number;
  /** Sequence number of the record. */
  readonly sequence: number;
}

export type FragmentOutcome = 'more' | 'complete' | 'damaged';

/** One message in the making for one side; a fragment of another message starts anew. */
export class FragmentBuffer {
  #messageSequence = -1;
  #buffer = new Bytes(new Uint8Array(0));
  #length = 0;
  #first = 0;
  #firstSeen = false;
  #last = -1;
  /** Bit k: the record `#first + k` was seen. */
  #seen = 0;

  /** The message, from 0 to its length, after `add` said `complete`. */
  get message(): Bytes {
    return this.#buffer;
  }

  /** `[start, end)` is the fragment's data. */
  add(fragment: Fragment, bytes: Uint8Array, start: number, end: number): FragmentOutcome {
    const { length, offset, sequence } = fragment;
    if (length > maxMessageBytes || offset + end - start > length) return 'damaged';
    if (fragment.messageSequence !== this.#messageSequence || length !== this.#length) this.#restart(fragment);
    if (sequence < this.#first && !this.#moveFirst(sequence)) return 'damaged';
    const index = sequence - this.#first;
    if (index >= maxRecords) return 'damaged';
    if (offset === 0) this.#firstSeen = true;
    const bit = 1 << index;
    if ((this.#seen & bit) !== 0) return 'more';
    this.#seen |= bit;
    this.#buffer.u8.set(bytes.subarray(start, end), offset);
    if (offset + end - start === length) this.#last = sequence;
    if (!this.#firstSeen || this.#last < this.#first) return 'more';
    const wanted = 2 ** (this.#last - this.#first + 1) - 1;
    return (this.#seen & wanted) === wanted ? 'complete' : 'more';
  }

  #restart(fragment: Fragment): void {
    this.#messageSequence = fragment.messageSequence;
    this.#length = fragment.length;
    if (this.#buffer.u8.length < fragment.length) this.#buffer = new Bytes(new Uint8Array(fragment.length));
    this.#first = fragment.sequence;
    this.#firstSeen = false;
    this.#last = -1;
    this.#seen = 0;
  }

  /** An earlier record came later. False when it cannot belong to the same message. */
  #moveFirst(sequence: number): boolean {
    const shift = this.#first - sequence;
    if (this.#firstSeen || shift >= maxRecords) return false;
    this.#seen <<= shift;
    this.#first = sequence;
    return true;
  }
}
