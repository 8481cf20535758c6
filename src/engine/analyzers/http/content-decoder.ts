// Undoes Content-Encoding gzip and deflate. Which of the formats a body has, its first bytes tell, not the header.
import type { Inflater, Platform } from '../../platform.ts';

/** Output from which on a body that grew more than `maxRatio` times is taken for a bomb. */
const bombBytes = 64 << 20;
const maxRatio = 200;

/** RFC 1952 §2.3.1 and RFC 1950 §2.2; bare data has neither mark. */
function formatOf(first: number, second: number): 'gzip' | 'zlib' | 'raw' {
  if (first === 0x1f && second === 0x8b) return 'gzip';
  return (first & 0x0f) === 8 && first >> 4 <= 7 && (first * 256 + second) % 31 === 0 ? 'zlib' : 'raw';
}

export class ContentDecoder {
  readonly #platform: Platform;
  readonly #take: (bytes: Uint8Array) => void;
  readonly #weird: (name: string) => void;
  #inflater: Inflater | undefined;
  #isDead = false;
  /** First byte, until the second is there. */
  #first = -1;
  #input = 0;
  #output = 0;
  /** Output of the push that is going on. */
  #turn = 0;

  constructor(platform: Platform, take: (bytes: Uint8Array) => void, weird: (name: string) => void) {
    this.#platform = platform;
    this.#take = take;
    this.#weird = weird;
  }

  push(u8: Uint8Array, start: number, end: number): void {
    if (this.#isDead || start === end) return;
    if (this.#inflater !== undefined) {
      this.#inflate(u8, start, end);
      return;
    }
    if (this.#first === -1 && end - start === 1) {
      this.#first = u8[start] ?? 0;
      return;
    }
    const first = this.#first === -1 ? (u8[start] ?? 0) : this.#first;
    const second = u8[this.#first === -1 ? start + 1 : start] ?? 0;
    this.#open(formatOf(first, second));
    if (this.#first !== -1) this.#inflate(Uint8Array.of(first), 0, 1);
    this.#inflate(u8, start, end);
  }

  close(): void {
    this.#inflater?.close();
    this.#inflater = undefined;
    this.#isDead = true;
  }

  #open(format: 'gzip' | 'zlib' | 'raw'): void {
    this.#inflater = this.#platform.inflater(format, (bytes) => this.#grow(bytes));
  }

  #grow(bytes: Uint8Array): boolean {
    this.#turn += bytes.length;
    this.#output += bytes.length;
    if (this.#output > bombBytes && this.#output > this.#input * maxRatio) {
      this.#weird('inflate_limit_exceeded');
      this.#isDead = true;
      return false;
    }
    this.#take(bytes);
    return true;
  }

  #inflate(u8: Uint8Array, start: number, end: number): void {
    if (this.#isDead) return;
    this.#input += end - start;
    this.#turn = 0;
    if (this.#inflater?.push(u8, start, end) !== false || this.#isDead) return;
    // Some servers leave the header out: like Zeek, bare data gets one try with the segment that failed at once.
    if (this.#turn === 0) {
      this.#open('raw');
      if (this.#inflater?.push(u8, start, end) === true) return;
    }
    this.close();
    this.#weird('inflate_failed');
  }
}
