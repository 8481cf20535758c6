// Fragments that never became datagrams, summed per pair of ends: what no connection row can tell of a fragment flood.
import { formatIpv4, formatIpv6 } from '../../base/ip.ts';
import { epochMicros, secondsBetween } from '../../base/units.ts';
import type { RecordSink } from '../../model/records/index.ts';

/** Pairs summed at once; the oldest is written to make room. */
const maxPairs = 1024;
/** A pair is written this long after its first fragment. */
const windowMicros = 30e6;

/** What is known of the fragments of an abandoned datagram. */
export interface StrayDatagram {
  /** Words of the sender's and the target's address, as in `Packet`. */
  readonly addresses: Int32Array;
  readonly protocol: number;
  readonly context: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly fragments: number;
}

interface Sum {
  readonly key: string;
  readonly addresses: Int32Array;
  readonly protocol: number;
  readonly context: number;
  firstAt: number;
  lastAt: number;
  fragments: number;
  datagrams: number;
}

/** Text of the address at `from` in `words`. */
function addressText(words: Int32Array, from: number): string {
  const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = words.subarray(from, from + 4);
  return w0 === 0 && w1 === 0 && w2 === 0xffff ? formatIpv4(w3) : formatIpv6(w0, w1, w2, w3);
}

function isOf(sum: Sum, { addresses, protocol, context }: StrayDatagram): boolean {
  if (sum.protocol !== protocol || sum.context !== context) return false;
  for (let i = 0; i < addresses.length; i++) if (sum.addresses[i] !== addresses[i]) return false;
  return true;
}

/** Sums and writes `fragments` rows. */
export class StrayFragments {
  readonly #sink: RecordSink | undefined;
  readonly #contextText: (context: number) => string | undefined;
  readonly #sums = new Map<string, Sum>();
  /** The one of the last datagram: a flood stays with its pair for long. */
  #last: Sum | undefined;

  constructor(sink: RecordSink | undefined, contextText: (context: number) => string | undefined) {
    this.#sink = sink;
    this.#contextText = contextText;
  }

  /** Keeps nothing of the argument. */
  add(datagram: StrayDatagram): void {
    const { firstAt, lastAt, fragments } = datagram;
    let sum = this.#find(datagram);
    if (sum !== undefined && lastAt - sum.firstAt > windowMicros) {
      this.#write(sum);
      sum = undefined;
    }
    sum ??= this.#open(datagram);
    this.#last = sum;
    sum.firstAt = Math.min(sum.firstAt, firstAt);
    sum.lastAt = Math.max(sum.lastAt, lastAt);
    sum.fragments += fragments;
    sum.datagrams++;
  }

  #find(datagram: StrayDatagram): Sum | undefined {
    const last = this.#last;
    return last !== undefined && isOf(last, datagram) ? last : this.#sums.get(keyOf(datagram));
  }

  #open(datagram: StrayDatagram): Sum {
    if (this.#sums.size >= maxPairs) this.#writeOldest();
    const { addresses, protocol, context, firstAt, lastAt } = datagram;
    const key = keyOf(datagram);
    const sum = { key, addresses: addresses.slice(), protocol, context, firstAt, lastAt, fragments: 0, datagrams: 0 };
    this.#sums.set(key, sum);
    return sum;
  }

  /** Writes everything that is left. */
  finish(): void {
    for (const sum of this.#sums.values()) this.#write(sum);
  }

  #writeOldest(): void {
    for (const sum of this.#sums.values()) {
      this.#write(sum);
      return;
    }
  }

  #write({ key, addresses, protocol, context, firstAt, lastAt, fragments, datagrams }: Sum): void {
    this.#sums.delete(key);
    this.#last = undefined;
    const [from, to] = [epochMicros(firstAt), epochMicros(lastAt)];
    this.#sink?.emit('fragments', {
      ts: from,
      'id.orig_h': addressText(addresses, 0),
      'id.resp_h': addressText(addresses, 4),
      ip_proto: protocol,
      duration: secondsBetween(from, to),
      fragments,
      datagrams,
      context: this.#contextText(context),
    });
  }
}

const keyOf = ({ addresses, protocol, context }: StrayDatagram): string => `${context}|${addresses.join(' ')}|${protocol}`;
