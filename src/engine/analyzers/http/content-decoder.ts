// Undoes Content-Encoding gzip and deflate. What a server calls deflate can be zlib's format or bare; the data tells.
// RFC 1952 §2.3 (gzip header), RFC 1950 §2.2 (zlib header).
import type { Inflater, Platform } from '../../platform.ts';

/** Output from which on a body that grew more than `maxRatio` times is taken for a bomb. */
const bombBytes = 64 << 20;
const maxRatio = 200;

const flagCrc = 2;
const flagExtra = 4;
const flagName = 8;
const flagComment = 16;

type State = 'magic' | 'fixed' | 'extra-length' | 'skip' | 'text' | 'body' | 'dead';

export class ContentDecoder {
  readonly #platform: Platform;
  readonly #take: (bytes: Uint8Array) => void;
  readonly #weird: (name: string) => void;
  #inflater: Inflater | undefined;
  #state: State = 'magic';
  #first = -1;
  /** Header: bytes still to read in this state, optional fields still to come, length field being read. */
  #left = 8;
  #flags = 0;
  #length = 0;
  #input = 0;
  #output = 0;
  #turn = 0;

  constructor(platform: Platform, take: (bytes: Uint8Array) => void, weird: (name: string) => void) {
    this.#platform = platform;
    this.#take = take;
    this.#weird = weird;
  }

  push(u8: Uint8Array, start: number, end: number): void {
    let at = start;
    while (at < end && this.#state !== 'body' && this.#state !== 'dead') this.#header(u8[at++] ?? 0);
    if (at < end && this.#state === 'body') this.#inflate(u8, at, end, start);
  }

  close(): void {
    this.#inflater?.close();
    this.#inflater = undefined;
    this.#state = 'dead';
  }

  #header(byte: number): void {
    if (this.#state === 'magic') this.#magic(byte);
    else if (this.#state === 'fixed') {
      if (this.#left === 7) this.#flags = byte;
      if (--this.#left === 0) this.#nextField();
    } else if (this.#state === 'extra-length') {
      this.#length |= byte << (this.#left === 2 ? 0 : 8);
      if (--this.#left === 0) this.#skip(this.#length);
    } else if (this.#state === 'skip') {
      if (--this.#left === 0) this.#nextField();
    } else if (byte === 0) this.#nextField();
  }

  #magic(byte: number): void {
    if (this.#first === -1) {
      this.#first = byte;
      return;
    }
    const first = this.#first;
    if (first === 0x1f && byte === 0x8b) {
      this.#state = 'fixed';
      return;
    }
    this.#open();
    if ((first & 0x0f) === 8 && first >> 4 <= 7 && (first * 256 + byte) % 31 === 0) return;
    this.#inflate(Uint8Array.of(first, byte), 0, 2, 0); // bare: these two belong to the data
  }

  /** Optional fields of a gzip header, in the order of RFC 1952 §2.3.1. */
  #nextField(): void {
    if (this.#flags & flagExtra) {
      this.#flags &= ~flagExtra;
      this.#left = 2;
      this.#state = 'extra-length';
    } else if (this.#flags & flagName) {
      this.#flags &= ~flagName;
      this.#state = 'text';
    } else if (this.#flags & flagComment) {
      this.#flags &= ~flagComment;
      this.#state = 'text';
    } else if (this.#flags & flagCrc) {
      this.#flags &= ~flagCrc;
      this.#skip(2);
    } else this.#open();
  }

  #skip(bytes: number): void {
    this.#left = bytes;
    this.#state = 'skip';
    if (bytes === 0) this.#nextField();
  }

  #open(): void {
    this.#state = 'body';
    this.#inflater = this.#platform.inflater('raw', (bytes) => this.#grow(bytes));
  }

  #grow(bytes: Uint8Array): boolean {
    this.#turn += bytes.length;
    this.#output += bytes.length;
    if (this.#output > bombBytes && this.#output > this.#input * maxRatio) {
      this.#weird('inflate_limit_exceeded');
      this.close();
      return false;
    }
    this.#take(bytes);
    return true;
  }

  #inflate(u8: Uint8Array, at: number, end: number, start: number): void {
    this.#input += end - at;
    this.#turn = 0;
    if (this.#inflater?.push(u8, at, end) !== false || this.#state === 'dead') return;
    // Some servers leave out the header, or begin anew: Zeek gives bare data one try with the segment that failed at once.
    if (this.#turn === 0) {
      this.#open();
      if (this.#inflater?.push(u8, start, end) === true) return;
    }
    this.close();
    this.#weird('inflate_failed');
  }
}
