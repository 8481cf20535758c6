// Cuts one direction of a connection into lines, or passes bytes through where a body of known length is.
// Line ends as Zeek takes them: CRLF, LF and CR alone; inside a part of a multipart body only CRLF.
import { type Bytes, findLineEnd } from '../../../base/bytes.ts';
import { ByteBuffer } from './byte-buffer.ts';

const lf = 0x0a;
const cr = 0x0d;
/** A longer line is cut here. */
const maxLineBytes = 1 << 20;

/** Position behind `count` bytes from `at` on, or `end` if that is nearer; a sum with a count beyond 32 bits would make positions slow. */
const behind = (at: number, count: number, end: number): number => (count < end - at ? at + count : end);

export interface LineTaker {
  /** A line without its end. The bytes are valid during the call; those of the segment itself (`segment`) until it is done. */
  takeLine(bytes: Bytes, start: number, end: number): void;
  /** Bytes of a body. */
  takePlain(bytes: Bytes, start: number, end: number): void;
  /** As many bytes as `limit` asked for were read by lines. */
  takeLimit(): void;
  weird(name: string): void;
}

export class LineReader {
  readonly #taker: LineTaker;
  readonly #carry = new ByteBuffer();
  /** Bytes to pass through before lines begin again. */
  plain = 0;
  /** Only CRLF ends a line. */
  crlfOnly = false;
  /** Takes nothing more. */
  stopped = false;
  /** Bytes until the line must end for lack of body; -1 without such a limit. */
  limit = -1;
  /** The last byte read was a CR. */
  #afterCr = false;
  /** That CR was one of the bytes of `limit`. */
  #isCrInLimit = false;
  /** Position behind the line or bytes being taken, in `segment`. */
  position = 0;
  segment: Bytes | undefined;
  segmentEnd = 0;

  constructor(taker: LineTaker) {
    this.#taker = taker;
  }

  /** Whether nothing of a line was read yet. */
  get isAtLineStart(): boolean {
    return this.#carry.length === 0;
  }

  deliver(bytes: Bytes, start: number, end: number): void {
    this.segment = bytes;
    this.segmentEnd = end;
    let at = start;
    while (at < end && !this.stopped) {
      if (this.#afterCr && !this.crlfOnly && bytes.u8[at] === lf) {
        this.#afterCr = false; // the CR before it ended the line
        if (this.#isCrInLimit) this.#count(1);
        at++;
      } else if (this.plain > 0) at = this.#pass(bytes, at, end);
      else at = this.#line(bytes, at, this.limit < 0 ? end : behind(at, this.limit, end));
      if (this.limit === 0) this.#reachLimit();
    }
    this.position = at;
    this.segment = undefined;
  }

  /** That side sent its last byte: what was read of a line is one. */
  end(): void {
    if (this.#carry.length === 0 || this.stopped) return;
    this.#emitCarry();
  }

  #count(bytes: number): void {
    if (this.limit >= 0) this.limit = Math.max(0, this.limit - bytes);
  }

  #pass(bytes: Bytes, at: number, end: number): number {
    const until = behind(at, this.plain, end);
    this.#afterCr = false;
    this.plain -= until - at;
    this.#count(until - at);
    this.position = until;
    this.#taker.takePlain(bytes, at, until);
    return until;
  }

  /** Takes one line, or keeps what there is of it. @returns where to go on */
  #line(bytes: Bytes, at: number, end: number): number {
    const { u8 } = bytes;
    if (this.crlfOnly) return this.#crlfLine(bytes, at, end);
    const i = findLineEnd(bytes, at, end);
    if (i > at && this.#afterCr) {
      this.#afterCr = false;
      this.#taker.weird('line_terminated_with_single_CR');
    }
    if (i === end) return this.#keep(bytes, at, end);
    const isCr = u8[i] === cr;
    const isPair = isCr && i + 1 < end && u8[i + 1] === lf;
    this.#afterCr = isCr && !isPair;
    this.#isCrInLimit = this.limit >= 0;
    return this.#emit(bytes, at, i, i + (isPair ? 2 : 1));
  }

  #crlfLine(bytes: Bytes, at: number, end: number): number {
    const { u8 } = bytes;
    for (let i = u8.indexOf(lf, at); i !== -1 && i < end; i = u8.indexOf(lf, i + 1)) {
      if (i > at && u8[i - 1] === cr) {
        this.#afterCr = false;
        return this.#emit(bytes, at, i - 1, i + 1);
      }
      if (i === at && this.#afterCr) {
        this.#afterCr = false;
        if (this.#carry.length === 0) return this.#skip(at + 1); // the CR ended a line before only CRLF did
        this.#carry.drop();
        return this.#emit(bytes, at, at, at + 1);
      }
    }
    this.#afterCr = u8[end - 1] === cr;
    return this.#keep(bytes, at, end);
  }

  #skip(next: number): number {
    this.#count(1);
    return next;
  }

  #keep(bytes: Bytes, at: number, end: number): number {
    const take = Math.min(end - at, maxLineBytes - this.#carry.length);
    this.#carry.append(bytes.u8, at, at + take);
    this.#count(take);
    if (this.#carry.length >= maxLineBytes) {
      this.#taker.weird('contentline_size_exceeded');
      this.position = at + take;
      this.#emitCarry();
    }
    return at + take;
  }

  #emit(bytes: Bytes, start: number, end: number, next: number): number {
    this.position = next;
    this.#count(next - start);
    if (this.#carry.length === 0) this.#taker.takeLine(bytes, start, end);
    else {
      this.#carry.append(bytes.u8, start, end);
      this.#emitCarry();
    }
    return next;
  }

  #emitCarry(): void {
    const { length } = this.#carry;
    this.#carry.clear();
    this.#taker.takeLine(this.#carry.bytes, 0, length);
  }

  #reachLimit(): void {
    this.limit = -1;
    if (this.#carry.length > 0) {
      this.#taker.weird('line_terminated_without_CRLF');
      this.#emitCarry();
    }
    this.#taker.takeLimit();
  }
}
