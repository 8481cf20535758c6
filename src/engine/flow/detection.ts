// Which protocol a connection speaks, by the first bytes of its sides. As Zeek's dynamic protocol detection: content is looked
// at until 1024 bytes were seen, and an analyzer that starts late gets what it missed.
import { Bytes, bytesOfLatin1 } from '../../base/bytes.ts';
import type { Analyzer } from '../analyzers/analyzer.ts';
import { forgetLines } from '../stream/text-probe.ts';

/** Zeek's dpd_buffer_size: after so many bytes of both sides together the decision stands. */
const mostBytes = 1024;
/** Zeek's dpd_max_packets. */
const mostChunks = 100;

/** What came so far, for those who start late. */
export interface Chunk {
  readonly fromClient: boolean;
  readonly isGap: boolean;
  /** Of the bytes, where they begin in `kept` of their side. */
  readonly start: number;
  /** Of the bytes or of the gap. */
  readonly length: number;
}

const noBytes = new Bytes(new Uint8Array(0));

/**
 * The first bytes of one side, those of all segments behind each other. Those of the first segment wait as text, one character
 * a byte: most connections never need them again, and text is much cheaper to keep than a buffer.
 */
class Side {
  #text = '';
  #bytes = noBytes;
  length = 0;

  /** Those kept, and behind them what `extend` was given last. */
  get bytes(): Bytes {
    if (this.#text !== '') this.#unpack();
    return this.#bytes;
  }

  /** Keeps bytes behind those that are there; what does not fit is left out. */
  keep(bytes: Bytes, start: number, end: number): void {
    if (this.length > 0) {
      this.length = this.extend(bytes, start, end);
      return;
    }
    this.length = Math.min(end - start, mostBytes);
    this.#text = bytes.latin1(start, start + this.length);
  }

  /** Puts bytes behind those that are kept, without keeping them yet. @returns where they end; what does not fit is left out */
  extend(bytes: Bytes, start: number, end: number): number {
    if (this.#text !== '') this.#unpack();
    const count = Math.min(end - start, mostBytes - this.length);
    const needed = this.length + count;
    if (needed > this.#bytes.u8.length) {
      const grown = new Bytes(new Uint8Array(Math.min(mostBytes, needed * 2)));
      grown.u8.set(this.#bytes.u8);
      this.#bytes = grown;
    }
    const target = this.#bytes.u8;
    for (let i = 0; i < count; i++) target[this.length + i] = bytes.u8[start + i] ?? 0;
    return needed;
  }

  #unpack(): void {
    this.#bytes = bytesOfLatin1(this.#text);
    this.#text = '';
  }
}

/** Bits of a candidate's state. */
const said = { clientNo: 1, serverNo: 2, clientYes: 4, serverYes: 8 } as const;
const bothYes = said.clientYes | said.serverYes;

/** Detection on one connection, or on what follows in it after a hand-over. */
export class Detection {
  readonly chunks: Chunk[] = [];
  readonly #candidates: readonly Analyzer[];
  readonly #isStream: boolean;
  #client = new Side();
  #server = new Side();
  #states: number[] | null = null;
  /** Candidates that may still say yes for the client's, the server's bytes. */
  #clientOpen: number;
  #serverOpen: number;
  #bytes = 0;

  /** @param isStream bytes of one side belong together (TCP); else each look is at one datagram. */
  constructor(candidates: readonly Analyzer[], isStream: boolean) {
    this.#candidates = candidates;
    this.#isStream = isStream;
    this.#clientOpen = candidates.length;
    this.#serverOpen = candidates.length;
  }

  /** Whether no further look is worth it. */
  get isOver(): boolean {
    return this.#bytes > mostBytes || this.chunks.length >= mostChunks || this.#clientOpen + this.#serverOpen === 0;
  }

  /**
   * Looks at more bytes of one side.
   * @param running analyzers started by the port: when one of them recognises its protocol nobody else is asked.
   * @returns who says yes, or undefined
   */
  look(running: readonly Analyzer[], fromClient: boolean, bytes: Bytes, start: number, end: number): Analyzer | undefined {
    this.#bytes += end - start;
    if ((fromClient ? this.#clientOpen : this.#serverOpen) === 0) return undefined;
    forgetLines();
    let from = bytes;
    let first = start;
    let last = end;
    const side = this.#side(fromClient);
    if (this.#isStream && side.length > 0) {
      last = side.extend(bytes, start, end);
      from = side.bytes;
      first = 0;
    }
    if (this.#isStream && last - first > mostBytes) last = first + mostBytes;
    for (const analyzer of running) {
      if (analyzer.bothSides !== true && analyzer.probe(fromClient, from, first, last) === 'yes') return analyzer;
    }
    return this.#ask(fromClient, from, first, last);
  }

  /** Keeps a copy of bytes for analyzers that start later; there are never more than fit, else the detection is over. */
  keep(fromClient: boolean, bytes: Bytes, start: number, end: number): void {
    const side = this.#side(fromClient);
    const from = side.length;
    side.keep(bytes, start, end);
    this.chunks.push({ fromClient, isGap: false, start: from, length: side.length - from });
  }

  keepGap(fromClient: boolean, length: number): void {
    this.chunks.push({ fromClient, isGap: true, start: 0, length });
  }

  /** All bytes of one side that its chunks point into. */
  kept(fromClient: boolean): Bytes {
    return this.#side(fromClient).bytes;
  }

  #side(fromClient: boolean): Side {
    return fromClient ? this.#client : this.#server;
  }

  /** The sides are the other way round. */
  flip(): void {
    [this.#clientOpen, this.#serverOpen] = [this.#serverOpen, this.#clientOpen];
    [this.#client, this.#server] = [this.#server, this.#client];
    const swap = (state: number): number => ((state & 5) << 1) | ((state & 10) >> 1);
    this.#states = this.#states?.map(swap) ?? null;
    for (const [i, chunk] of this.chunks.entries()) this.chunks[i] = { ...chunk, fromClient: !chunk.fromClient };
  }

  #ask(fromClient: boolean, bytes: Bytes, start: number, end: number): Analyzer | undefined {
    this.#states ??= new Array<number>(this.#candidates.length).fill(0);
    const decided = fromClient ? said.clientNo | said.clientYes : said.serverNo | said.serverYes;
    for (let i = 0; i < this.#candidates.length; i++) {
      const candidate = this.#candidates[i];
      const state = this.#states[i] ?? 0;
      if (candidate === undefined || (state & decided) !== 0) continue;
      const verdict = candidate.probe(fromClient, bytes, start, end);
      if (verdict === 'no') this.#exclude(i, fromClient);
      if (verdict !== 'yes') continue;
      this.#states[i] = state | (decided & bothYes);
      if (candidate.bothSides !== true || ((state | decided) & bothYes) === bothYes) return candidate;
    }
    this.#forget(fromClient);
    return undefined;
  }

  /** When nobody is left for this side, and the other has not spoken, the states say nothing more than the counts do. */
  #forget(fromClient: boolean): void {
    const [own, other] = fromClient ? [this.#clientOpen, this.#serverOpen] : [this.#serverOpen, this.#clientOpen];
    if (own === 0 && other === this.#candidates.length) this.#states = null;
  }

  /** A datagram that does not fit says nothing of the next one. */
  #exclude(index: number, fromClient: boolean): void {
    if (!this.#isStream || this.#states === null) return;
    this.#states[index] = (this.#states[index] ?? 0) | (fromClient ? said.clientNo : said.serverNo);
    if (fromClient) this.#clientOpen--;
    else this.#serverOpen--;
  }
}
