// One end of a TCP connection as the state machine sees it. Sequence numbers of TCP are kept as signed words (V8 boxes larger
// integers) and compared on their circle; relative ones count from the first (the SYN is 0) and grow past 4 GB.
import type { HeldSegments } from './held-segments.ts';

/** What one end has done, in the order of Zeek's constants: the conn_state column is made of them. */
export const EndState = { inactive: 0, synSent: 1, synAckSent: 2, partial: 3, established: 4, closed: 5, reset: 6 } as const;
export type EndState = (typeof EndState)[keyof typeof EndState];

const word = 0x100000000;

/** What few ends have. */
export class EndNotes {
  /** How often `last` and `acked` went over 2^32. */
  lastWraps = 0;
  ackedWraps = 0;
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
  /** Segments above a hole; null until there are some. */
  held: HeldSegments | null = null;
}

const nothing = new EndNotes();

/** Facts that share a word; three bits each for state and previous state, then flags and the window scale. */
const at = { previous: 3, closed: 6, skips: 7, ended: 8, scale: 9 } as const;

export class Endpoint {
  #bits = 0;
  /** Sequence number of the SYN, or the one before the first byte seen. Signed, as the next two. */
  first = 0;
  /** One past the highest sequence number sent. */
  last = 0;
  /** Highest acknowledgement of the other end. */
  acked = 0;
  /** Advertised window, scaled, and the sequence and acknowledgement numbers it came with. */
  window = 0;
  windowSequence = 0;
  windowAcknowledged = 0;
  /** Relative sequence number of the next byte to deliver. */
  delivered = 1;
  /** Relative sequence number up to which everything is acknowledged or given up. */
  trimmed = 1;
  #notes: EndNotes | null = null;

  get state(): EndState {
    return (this.#bits & 7) as EndState;
  }
  /** Enters a state; the one before becomes `previous`. */
  enter(state: EndState): void {
    this.#bits = (this.#bits & ~63) | state | ((this.#bits & 7) << at.previous);
  }
  get previous(): EndState {
    return ((this.#bits >> at.previous) & 7) as EndState;
  }
  /** The close of this end was seen and everything before it delivered. */
  get closed(): boolean {
    return (this.#bits & (1 << at.closed)) !== 0;
  }
  markClosed(): void {
    this.#bits |= 1 << at.closed;
  }
  /** Reassembly was given up: too much above a hole. */
  get skips(): boolean {
    return (this.#bits & (1 << at.skips)) !== 0;
  }
  markSkips(): void {
    this.#bits |= 1 << at.skips;
  }
  /** The end of the stream was announced. */
  get ended(): boolean {
    return (this.#bits & (1 << at.ended)) !== 0;
  }
  markEnded(): void {
    this.#bits |= 1 << at.ended;
  }
  /** Shift of the window, RFC 7323. */
  get windowScale(): number {
    return this.#bits >> at.scale;
  }
  set windowScale(scale: number) {
    this.#bits = (this.#bits & ((1 << at.scale) - 1)) | (scale << at.scale);
  }

  /** Rare facts, to read. */
  get notes(): Readonly<EndNotes> {
    return this.#notes ?? nothing;
  }
  /** Rare facts, to write. */
  note(): EndNotes {
    this.#notes ??= new EndNotes();
    return this.#notes;
  }

  /** Whether none of this end's payload has been acknowledged. */
  get nothingAcked(): boolean {
    const acked = this.relativeAcked;
    return acked === 0 || acked === 1;
  }

  /** Relative sequence number of the highest acknowledgement. */
  get relativeAcked(): number {
    return relative(this.acked, this.first, this.notes.ackedWraps);
  }

  /** Relative number of `last`. */
  get relativeLast(): number {
    return relative(this.last, this.first, this.notes.lastWraps);
  }

  /** Payload bytes by sequence numbers; `other` is the other end's state. */
  size(other: EndState): number {
    if (this.previous === EndState.synSent && this.state === EndState.reset && other === EndState.inactive && !this.nothingAcked) return 0;
    let size = Math.max(this.relativeLast, this.relativeAcked);
    if (size > 0) size--;
    if (this.notes.fins > 0 && size > 0) size--;
    return Math.max(size, 0);
  }

  /** Bytes are waiting to be acknowledged or stand above a hole. */
  get hasUndelivered(): boolean {
    if (this.delivered > this.trimmed) return true;
    const { held } = this.notes;
    return held !== null && held.count > 0;
  }

  /** Before the handshake is over. */
  get inHandshake(): boolean {
    return this.state <= EndState.synAckSent;
  }

  /** The stream begins at this sequence number (of a SYN, or of a first byte less one). */
  begin(first: number, last: number): void {
    this.first = first | 0;
    this.acked = first | 0;
    this.last = last | 0;
  }

  /** Takes a higher end of what was sent. */
  advanceLast(last: number): void {
    if (last >>> 0 < this.last >>> 0) this.note().lastWraps++;
    this.last = last | 0;
  }

  /** Takes a higher acknowledgement. */
  advanceAcked(acked: number): void {
    if (acked >>> 0 < this.acked >>> 0) this.note().ackedWraps++;
    this.acked = acked | 0;
  }

  /** Back to what the constructor made of it. */
  reset(): void {
    this.#bits = 0;
    this.first = 0;
    this.last = 0;
    this.acked = 0;
    this.window = 0;
    this.windowSequence = 0;
    this.windowAcknowledged = 0;
    this.delivered = 1;
    this.trimmed = 1;
    this.#notes = null;
  }
}

/** How far a number lies behind the first one, after so many turns of the circle. Below 2^31, nearly always, an integer without a box. */
function relative(sequence: number, first: number, wraps: number): number {
  const near = distance(sequence, first);
  if (wraps === 0 && near >= 0 === sequence >>> 0 >= first >>> 0) return near;
  return wraps * word + (sequence >>> 0) - (first >>> 0);
}

/** Signed distance from `b` to `a` on the circle of sequence numbers. */
export const distance = (a: number, b: number): number => (a - b) | 0;

/** Relative sequence number of `sequence`, which lies near `last` after `wraps` turns; negative when it lies before the first. */
export function relativeSequence(end: Endpoint, sequence: number, last: number, wraps: number): number {
  const delta = distance(sequence, last);
  if (delta < 0) {
    if (wraps > 0 && sequence >>> 0 > last >>> 0) wraps--;
  } else if (delta > 0 && sequence >>> 0 < last >>> 0) wraps++;
  return wraps === 0 ? distance(sequence, end.first) : wraps * word + (sequence >>> 0) - (end.first >>> 0);
}
