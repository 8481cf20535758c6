// Fragments that never became datagrams, summed per pair of ends: what no connection row can tell of a fragment flood.
import { epochMicros, secondsBetween } from '../../base/units.ts';
import type { RecordSink } from '../../model/records/index.ts';

/** Pairs summed at once; the oldest is written to make room. */
const maxPairs = 1024;
/** A pair is written this long after its first fragment. */
const windowMicros = 30e6;

/** What is known of the fragments of an abandoned datagram. */
export interface StrayDatagram {
  readonly sender: string;
  readonly target: string;
  readonly protocol: number;
  readonly context: string | undefined;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly fragments: number;
}

interface Sum {
  readonly datagram: StrayDatagram;
  firstAt: number;
  lastAt: number;
  fragments: number;
  datagrams: number;
}

/** Sums and writes `fragments` rows. */
export class StrayFragments {
  readonly #sink: RecordSink | undefined;
  readonly #sums = new Map<string, Sum>();

  constructor(sink: RecordSink | undefined) {
    this.#sink = sink;
  }

  add(datagram: StrayDatagram): void {
    const { sender, target, protocol, context, firstAt, lastAt, fragments } = datagram;
    const key = `${context ?? ''}|${sender}|${target}|${protocol}`;
    let sum = this.#sums.get(key);
    if (sum !== undefined && lastAt - sum.firstAt > windowMicros) {
      this.#write(key, sum);
      sum = undefined;
    }
    if (sum === undefined) {
      if (this.#sums.size >= maxPairs) this.#writeOldest();
      sum = { datagram, firstAt, lastAt, fragments: 0, datagrams: 0 };
      this.#sums.set(key, sum);
    }
    sum.firstAt = Math.min(sum.firstAt, firstAt);
    sum.lastAt = Math.max(sum.lastAt, lastAt);
    sum.fragments += fragments;
    sum.datagrams++;
  }

  /** Writes everything that is left. */
  finish(): void {
    for (const [key, sum] of this.#sums) this.#write(key, sum);
  }

  #writeOldest(): void {
    for (const [key, sum] of this.#sums) {
      this.#write(key, sum);
      return;
    }
  }

  #write(key: string, { datagram, firstAt, lastAt, fragments, datagrams }: Sum): void {
    this.#sums.delete(key);
    const [from, to] = [epochMicros(firstAt), epochMicros(lastAt)];
    this.#sink?.emit('fragments', {
      ts: from,
      'id.orig_h': datagram.sender,
      'id.resp_h': datagram.target,
      ip_proto: datagram.protocol,
      duration: secondsBetween(from, to),
      fragments,
      datagrams,
      context: datagram.context,
    });
  }
}
