// A header line that the next line may continue (RFC 9112 §5.2): first only pointed at, copied when its segment goes away.
import type { Bytes } from '../../../base/bytes.ts';
import { ByteBuffer } from './byte-buffer.ts';

/** Bytes of a folded header; Zeek's `MIME::max_header_bytes`. */
const maxFoldedBytes = 65_536;

export class HeldLine {
  readonly #copy = new ByteBuffer();
  #bytes: Bytes | undefined;
  #start = 0;
  #end = 0;
  #isCopy = false;
  /** Lines that it is made of. */
  lines = 0;

  /** Where the line stands, `[start, end)`; undefined when none is held. */
  get bytes(): Bytes | undefined {
    return this.#bytes;
  }
  get start(): number {
    return this.#start;
  }
  get end(): number {
    return this.#end;
  }

  /** Holds a new line; `isSteady` when its bytes stay until `keep` is called. */
  hold(bytes: Bytes, start: number, end: number, isSteady: boolean): void {
    this.lines = 1;
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.#isCopy = false;
    if (!isSteady) this.keep();
  }

  /** Copies what is held, before its bytes go away. */
  keep(): void {
    if (this.#bytes === undefined || this.#isCopy) return;
    this.#copy.clear();
    this.#copy.append(this.#bytes.u8, this.#start, this.#end);
    this.#pointAtCopy();
  }

  /** Appends a continuation. @returns false when the header is too long for it */
  fold(bytes: Bytes, start: number, end: number): boolean {
    this.keep();
    this.lines++;
    if (this.#end >= maxFoldedBytes) return false;
    this.#copy.append(bytes.u8, start, end);
    this.#pointAtCopy();
    return true;
  }

  clear(): void {
    this.#bytes = undefined;
  }

  #pointAtCopy(): void {
    this.#bytes = this.#copy.bytes;
    this.#start = 0;
    this.#end = this.#copy.length;
    this.#isCopy = true;
  }
}
