// Which protocol a connection speaks, by the first bytes of its sides. As Zeek's dynamic protocol detection: content is looked
// at until 1024 bytes were seen, and an analyzer that starts late gets what it missed.
import type { Bytes } from '../../base/bytes.ts';
import type { Analyzer } from '../analyzers/analyzer.ts';
import { forgetLines } from '../stream/text-probe.ts';
import { FirstBytes } from './first-bytes.ts';

/** Zeek's dpd_buffer_size: after so many bytes of both sides together the decision stands. */
const mostBytes = 1024;
/** Zeek's dpd_max_packets. */
const mostChunks = 100;

const noAnalyzers: readonly Analyzer[] = [];

/** What came so far, for those who start late. */
export interface ChunkVisitor {
  bytes(fromClient: boolean, bytes: Bytes, start: number, end: number): void;
  gap(fromClient: boolean, count: number): void;
}

/** Bits of a chunk's word; a position among the first bytes, or the size of a gap, stands above them. */
const chunkBit = { fromClient: 1, gap: 2 } as const;
const chunkShift = 2;

/** One side: its first bytes, and who may still know them. */
class Side {
  readonly first = new FirstBytes(mostBytes);
  /** Candidates that have not decided. */
  open: readonly Analyzer[];
  /** Candidates of both sides to which this one fits. */
  agreed: readonly Analyzer[] = noAnalyzers;

  constructor(candidates: readonly Analyzer[]) {
    this.open = candidates;
  }

  /** Candidates that have not said no. */
  get hopes(): number {
    return this.open.length + this.agreed.length;
  }
}

/** Detection on one connection, or on what follows in it after a hand-over. */
export class Detection {
  readonly #isStream: boolean;
  /** Two numbers a chunk: its word, and where its bytes end. */
  readonly #chunks: number[] = [];
  #client: Side;
  #server: Side;
  #bytes = 0;

  /** @param isStream bytes of one side belong together (TCP); else each look is at one datagram. */
  constructor(candidates: readonly Analyzer[], isStream: boolean) {
    this.#isStream = isStream;
    this.#client = new Side(candidates);
    this.#server = new Side(candidates);
  }

  /** Whether no further look is worth it. */
  get isOver(): boolean {
    return this.#bytes > mostBytes || this.#chunks.length >= 2 * mostChunks || this.#client.hopes + this.#server.hopes === 0;
  }

  /**
   * Looks at more bytes of one side.
   * @param running analyzers started by the port: when one of them recognises its protocol nobody else is asked.
   * @returns who says yes, or undefined
   */
  look(running: readonly Analyzer[], fromClient: boolean, bytes: Bytes, start: number, end: number): Analyzer | undefined {
    this.#bytes += end - start;
    const side = fromClient ? this.#client : this.#server;
    if (side.hopes === 0) return undefined;
    forgetLines();
    let from = bytes;
    let first = start;
    let last = end;
    if (this.#isStream && side.first.length > 0) {
      last = side.first.extend(bytes, start, end);
      from = side.first.bytes;
      first = 0;
    }
    if (this.#isStream && last - first > mostBytes) last = first + mostBytes;
    for (let i = 0; i < running.length; i++) {
      const analyzer = running[i];
      if (analyzer !== undefined && analyzer.bothSides !== true && analyzer.probe(fromClient, from, first, last) === 'yes') return analyzer;
    }
    return this.#ask(side, fromClient, from, first, last);
  }

  /** Keeps a copy of bytes for analyzers that start later; there are never more than fit, else the detection is over. */
  keep(fromClient: boolean, bytes: Bytes, start: number, end: number): void {
    const { first } = fromClient ? this.#client : this.#server;
    const from = first.length;
    first.keep(bytes, start, end);
    this.#chunks.push((from << chunkShift) | (fromClient ? chunkBit.fromClient : 0), first.length);
  }

  keepGap(fromClient: boolean, count: number): void {
    this.#chunks.push((fromClient ? chunkBit.fromClient : 0) | chunkBit.gap, count);
  }

  /** Hands out what was kept, in the order in which it came; the visitor says when it has enough. */
  replay(isEnough: () => boolean, visitor: ChunkVisitor): void {
    for (let i = 0; i < this.#chunks.length && !isEnough(); i += 2) {
      const word = this.#chunks[i] ?? 0;
      const end = this.#chunks[i + 1] ?? 0;
      const fromClient = (word & chunkBit.fromClient) !== 0;
      if ((word & chunkBit.gap) !== 0) visitor.gap(fromClient, end);
      else visitor.bytes(fromClient, (fromClient ? this.#client : this.#server).first.bytes, word >> chunkShift, end);
    }
  }

  /** The sides are the other way round. */
  flip(): void {
    [this.#client, this.#server] = [this.#server, this.#client];
    for (let i = 0; i < this.#chunks.length; i += 2) this.#chunks[i] = (this.#chunks[i] ?? 0) ^ chunkBit.fromClient;
  }

  /** Asks the candidates in turn. Of a stream those that say no are not asked again; a datagram that does not fit says nothing of the next. */
  #ask(side: Side, fromClient: boolean, bytes: Bytes, start: number, end: number): Analyzer | undefined {
    const { open } = side;
    let left: Analyzer[] | null = null;
    for (let i = 0; i < open.length; i++) {
      const candidate = open[i];
      if (candidate === undefined) continue;
      const verdict = candidate.probe(fromClient, bytes, start, end);
      if (verdict === 'yes' && this.#isAgreed(side, candidate)) return candidate;
      if (verdict === 'yes' || (verdict === 'no' && this.#isStream)) left ??= open.slice(0, i);
      else left?.push(candidate);
    }
    if (left !== null) side.open = left.length === 0 ? noAnalyzers : left;
    return undefined;
  }

  /** Whether a yes of this side is enough. */
  #isAgreed(side: Side, candidate: Analyzer): boolean {
    if (candidate.bothSides !== true) return true;
    const other = side === this.#client ? this.#server : this.#client;
    if (other.agreed.includes(candidate)) return true;
    side.agreed = side.agreed.concat(candidate);
    return false;
  }
}
