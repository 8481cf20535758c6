// The first TLS message of one side, put together from CRYPTO frames in any order. RFC 9000 §19.6.
import { Bytes } from '../../../base/bytes.ts';

const messageHeaderBytes = 4;
/** Longest hello that is waited for: a TLS record's worth, as Zeek. */
const maxMessageBytes = 16_384 + 256;
/** Holes that are kept track of. */
const maxPieces = 64;

export class CryptoStream {
  /** The message was complete; nothing more is taken. */
  finished = false;
  #buffer = new Bytes(new Uint8Array(0));
  /** Ends and beginnings of what is there, sorted, apart from each other. */
  #pieces: [start: number, end: number][] = [];

  /** The message with its header. */
  get message(): Bytes {
    return this.#buffer;
  }

  /** Length of the whole message with its header; 0 before it is known. */
  get messageLength(): number {
    const first = this.#pieces[0];
    if (first === undefined || first[0] !== 0 || first[1] < messageHeaderBytes) return 0;
    return messageHeaderBytes + (this.#buffer.view.getUint32(0) & 0xffffff);
  }

  /** Takes `[start, end)` at `offset`. False when it is out of bounds. */
  write(offset: number, bytes: Uint8Array, start: number, end: number): boolean {
    const last = offset + end - start;
    if (last > maxMessageBytes + messageHeaderBytes) return false;
    if (start === end) return true;
    this.#grow(last);
    this.#buffer.u8.set(bytes.subarray(start, end), offset);
    this.#cover(offset, last);
    if (this.#pieces.length > maxPieces || this.messageLength > maxMessageBytes) return false;
    this.finished = this.messageLength > 0 && (this.#pieces[0]?.[1] ?? 0) >= this.messageLength;
    return true;
  }

  /** Gives the memory of a finished message back. */
  release(): void {
    this.#buffer = new Bytes(new Uint8Array(0));
    this.#pieces = [];
  }

  #grow(length: number): void {
    if (length <= this.#buffer.u8.length) return;
    const grown = new Uint8Array(Math.max(length, 2048));
    grown.set(this.#buffer.u8);
    this.#buffer = new Bytes(grown);
  }

  /** Joins `[start, end)` with what it touches. */
  #cover(start: number, end: number): void {
    let from = start;
    let to = end;
    const apart: [number, number][] = [];
    for (const piece of this.#pieces) {
      if (piece[1] < from || piece[0] > to) apart.push(piece);
      else {
        from = Math.min(from, piece[0]);
        to = Math.max(to, piece[1]);
      }
    }
    apart.push([from, to]);
    this.#pieces = apart.sort((a, b) => a[0] - b[0]);
  }
}
