// One end of a TCP connection as the state machine sees it. Sequence numbers of TCP are unsigned 32-bit words here (`>>> 0`);
// relative ones count from the first (the SYN is 0) and grow past 4 GB.
import type { HeldSegments } from './held-segments.ts';

/** What one end has done, in the order of Zeek's constants: the conn_state column is made of them. */
export const EndState = { inactive: 0, synSent: 1, synAckSent: 2, partial: 3, established: 4, closed: 5, reset: 6 } as const;
export type EndState = (typeof EndState)[keyof typeof EndState];

const word = 0x100000000;

export class Endpoint {
  state: EndState = EndState.inactive;
  previous: EndState = EndState.inactive;
  /** The close of this end was seen and everything before it delivered. */
  closed = false;

  /** Sequence number of the SYN, or the one before the first byte seen. */
  first = 0;
  /** One past the highest sequence number sent. */
  last = 0;
  /** Highest acknowledgement of the other end. */
  acked = 0;
  /** How often `last` and `acked` went over 2^32. */
  lastWraps = 0;
  ackedWraps = 0;

  window = 0;
  windowScale = 0;
  windowSequence = 0;
  windowAcknowledged = 0;

  /** Relative sequence number one past the FIN. */
  finEnd = 0;
  fins = 0;
  resets = 0;
  /** Relative sequence numbers of the last SYN, FIN and RST that the history knows. */
  seenSyn = 0;
  seenFin = 0;
  seenReset = 0;
  retransmissions = 0;
  zeroWindows = 0;
  gaps = 0;

  /** Relative sequence number of the next byte to deliver. */
  delivered = 1;
  /** Relative sequence number up to which everything is acknowledged or given up. */
  trimmed = 1;
  /** Reassembly was given up: too much above a hole. */
  skips = false;
  /** The end of the stream was announced. */
  ended = false;
  /** Segments above a hole; null until there are some. */
  held: HeldSegments | null = null;

  /** Whether none of this end's payload has been acknowledged. */
  get nothingAcked(): boolean {
    const acked = this.ackedWraps * word + this.acked;
    return acked === this.first || acked === this.first + 1;
  }

  /** Relative sequence number of the highest acknowledgement. */
  get relativeAcked(): number {
    return this.ackedWraps * word + this.acked - this.first;
  }

  /** Payload bytes by sequence numbers; `other` is the other end's state. */
  size(other: EndState): number {
    if (this.previous === EndState.synSent && this.state === EndState.reset && other === EndState.inactive && !this.nothingAcked) return 0;
    const last = this.lastWraps * word + this.last;
    const acked = this.ackedWraps * word + this.acked;
    let size = Math.max(last, acked) - this.first;
    if (size > 0) size--;
    if (this.fins > 0 && size > 0) size--;
    return Math.max(size, 0);
  }

  /** Bytes are waiting to be acknowledged or stand above a hole. */
  get hasUndelivered(): boolean {
    return this.delivered > this.trimmed || (this.held !== null && this.held.count > 0);
  }

  /** Before the handshake is over. */
  get inHandshake(): boolean {
    return this.state <= EndState.synAckSent;
  }

  /** Back to what the constructor made of it. */
  reset(): void {
    this.state = EndState.inactive;
    this.previous = EndState.inactive;
    this.closed = false;
    this.first = 0;
    this.last = 0;
    this.acked = 0;
    this.lastWraps = 0;
    this.ackedWraps = 0;
    this.window = 0;
    this.windowScale = 0;
    this.windowSequence = 0;
    this.windowAcknowledged = 0;
    this.finEnd = 0;
    this.fins = 0;
    this.resets = 0;
    this.seenSyn = 0;
    this.seenFin = 0;
    this.seenReset = 0;
    this.retransmissions = 0;
    this.zeroWindows = 0;
    this.gaps = 0;
    this.delivered = 1;
    this.trimmed = 1;
    this.skips = false;
    this.ended = false;
    this.held = null;
  }
}

/** Signed distance from `b` to `a` on the circle of sequence numbers. */
export const distance = (a: number, b: number): number => (a - b) | 0;

/**
 * Relative sequence number of `sequence`, which lies near `last` after `wraps` turns; negative when it lies before the first.
 */
export function relativeSequence(end: Endpoint, sequence: number, last: number, wraps: number): number {
  const delta = distance(sequence, last);
  if (delta < 0) {
    if (wraps > 0 && sequence > last) wraps--;
  } else if (delta > 0 && sequence < last) wraps++;
  return wraps === 0 ? distance(sequence, end.first) : wraps * word + sequence - end.first;
}
