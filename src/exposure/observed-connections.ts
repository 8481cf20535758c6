// Port: which ports have been reached from outside. Records of a capture or of Zeek's logs are folded by `ConnectionFold`; a store of
// live records or a NAT audit may answer the same questions.
import { isPublicWords, remembered } from '../base/address-class.ts';
import { epochMicros, formatInstant } from '../base/units.ts';
import type { ObservedView, Transport } from '../model/exposure.ts';
import type { RecordName, RecordRow, RecordSink } from '../model/records/index.ts';

/** A port that was reached, as the records name it. */
export interface ReachedPort {
  readonly address: string;
  readonly protocol: Transport;
  readonly port: number;
  /** Network context of the records; '' for none. */
  readonly context: string;
  readonly view: ObservedView;
}

export interface ObservedConnections {
  /** Accepted connections that were counted, and those that the bound left out. */
  readonly connections: number;
  readonly dropped: number;
  reached(): Iterable<ReachedPort>;
}

const maxPorts = 200_000;
const maxSources = 1000;
const maxSamples = 5;
/** States in which the server took the connection. Zeek's words. */
const accepted = new Set(['SF', 'S1', 'S2', 'S3', 'RSTO', 'RSTR']);

interface Counter {
  readonly address: string;
  readonly protocol: Transport;
  readonly port: number;
  readonly context: string;
  connections: number;
  readonly sources: Set<string>;
  readonly uids: string[];
  first: number;
  last: number;
}

/** Folds `conn` records. Clients that are not outside do not count. */
export class ConnectionFold implements RecordSink, ObservedConnections {
  readonly #counters = new Map<string, Counter>();
  readonly #isOutside: (address: string) => boolean;
  connections = 0;
  dropped = 0;

  /** @param isOurs addresses that are ours besides private ones */
  constructor(isOurs: (address: string) => boolean) {
    const isPublic = remembered(1 << 16, isPublicWords);
    this.#isOutside = (address) => isPublic(address) && !isOurs(address);
  }

  emit<N extends RecordName>(name: N, row: RecordRow<N>): void {
    if (name === 'conn') this.#take(row as RecordRow<'conn'>);
  }

  #take(row: RecordRow<'conn'>): void {
    const { proto } = row;
    if ((proto !== 'tcp' && proto !== 'udp') || row.carrier === true) return;
    const isAccepted = proto === 'tcp' ? accepted.has(row.conn_state) : row.resp_pkts > 0 && row.orig_pkts > 0;
    if (!isAccepted || !this.#isOutside(row['id.orig_h'])) return;
    const [address, port, context] = [row['id.resp_h'], row['id.resp_p'], row.context ?? ''];
    const key = `${context}|${address}|${proto}|${port}`;
    let counter = this.#counters.get(key);
    if (counter === undefined) {
      if (this.#counters.size >= maxPorts) {
        this.dropped++;
        return;
      }
      counter = { address, protocol: proto, port, context, connections: 0, sources: new Set(), uids: [], first: row.ts, last: row.ts };
      this.#counters.set(key, counter);
    }
    this.connections++;
    count(counter, row);
  }

  *reached(): Iterable<ReachedPort> {
    for (const { address, protocol, port, context, connections, sources, uids, first, last } of this.#counters.values()) {
      const view = {
        ...{ connections, sources: sources.size, firstSeen: formatInstant(epochMicros(first)), lastSeen: formatInstant(epochMicros(last)) },
        ...{ sampleSources: [...sources].slice(0, maxSamples), uids },
      };
      yield { address, protocol, port, context, view };
    }
  }
}

function count(counter: Counter, row: RecordRow<'conn'>): void {
  counter.connections++;
  if (counter.sources.size < maxSources) counter.sources.add(row['id.orig_h']);
  if (counter.uids.length < maxSamples) counter.uids.push(row.uid);
  counter.first = Math.min(counter.first, row.ts);
  counter.last = Math.max(counter.last, row.ts);
}

/** Of texts in ISO 8601. */
const earliest = (...times: string[]): string => times.sort()[0] ?? '';
const latest = (...times: string[]): string => times.sort().at(-1) ?? '';

/** Two views of the same port (seen in two contexts) as one. */
export function joinViews(a: ObservedView | undefined, b: ObservedView): ObservedView {
  if (a === undefined) return b;
  return {
    connections: a.connections + b.connections,
    // The same client may be in both: the larger number is certain.
    sources: Math.max(a.sources, b.sources),
    firstSeen: earliest(a.firstSeen, b.firstSeen),
    lastSeen: latest(a.lastSeen, b.lastSeen),
    sampleSources: [...new Set([...a.sampleSources, ...b.sampleSources])].slice(0, maxSamples),
    uids: [...a.uids, ...b.uids].slice(0, maxSamples),
  };
}
