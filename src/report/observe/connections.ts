// The longest connections, one by one and summed per pair: a shell that is opened again every minute is short each time.
import type { RecordRow } from '../../model/records/index.ts';
import type { LongConnection, Pair } from './observations.ts';
import { maxPairs, Pairs } from './pairs.ts';
import { Heaviest } from './tally.ts';

/** Connections listed. */
const maxListed = 15;

type ConnRow = RecordRow<'conn'> | RecordRow<'open_conn'>;

/** States after a handshake that was completed. */
const answeredStates: ReadonlySet<string> = new Set(['SF', 'S1', 'S2', 'S3', 'RSTO', 'RSTR']);

/** An answer with payload, or a handshake that was completed. */
const isAnswered = (row: ConnRow): boolean => (row.resp_bytes ?? 0) > 0 || answeredStates.has(row.conn_state);

const caret = 0x5e;

/** Zeek's `^` (ends swapped) and OTH (no beginning seen). */
export const isMidstream = (row: ConnRow): boolean => row.conn_state === 'OTH' || row.history?.charCodeAt(0) === caret;

/** Folds conn and open_conn rows. */
export class Connections {
  readonly #longest = new Heaviest<LongConnection>(maxListed);
  readonly #longestKnown = new Heaviest<LongConnection>(maxListed);
  readonly #pairs = new Pairs();
  readonly #open = new Set<string>();
  readonly #knownAs: (address: string) => string | undefined;

  constructor(knownAs: (address: string) => string | undefined) {
    this.#knownAs = knownAs;
  }

  get dropped(): number {
    return this.#pairs.dropped;
  }

  /** An open_conn row: the conn row of the same connection comes as well and is what counts. */
  noteOpen(row: ConnRow): void {
    if (this.#open.size < maxPairs) this.#open.add(row.uid);
  }

  take(row: ConnRow): void {
    const known = this.#knownAs(row['id.orig_h']) ?? this.#knownAs(row['id.resp_h']);
    const seconds = row.duration ?? 0;
    if (row.proto === 'tcp' || row.proto === 'udp') {
      (known === undefined ? this.#longest : this.#longestKnown).offer(seconds, () => this.#long(row, known));
    }
    this.#sum(row, known);
  }

  longest(): LongConnection[] {
    return this.#longest.values().map((one) => ({ ...one, open: this.#open.has(one.uid) }));
  }

  longestKnown(): LongConnection[] {
    return this.#longestKnown.values().map((one) => ({ ...one, open: this.#open.has(one.uid) }));
  }

  /** Pairs by their time together. */
  longestPairs(): Pair[] {
    return [...this.#pairs.values()]
      .filter((pair) => pair.known === undefined && pair.seconds > 0 && pair.proto !== 'icmp')
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, maxListed);
  }

  pairs(): Pair[] {
    return this.#pairs.heaviest();
  }

  #sum(row: ConnRow, known: string | undefined): void {
    const pair = this.#pairs.of(row, known);
    const seconds = row.duration ?? 0;
    pair.connections++;
    pair.seconds += seconds;
    pair.bytes += (row.orig_bytes ?? 0) + (row.resp_bytes ?? 0);
    pair.firstAt = Math.min(pair.firstAt, row.ts);
    pair.lastAt = Math.max(pair.lastAt, row.ts + seconds * 1e6);
    pair.service ??= row.service;
    if (isAnswered(row)) pair.answered++;
  }

  #long(row: ConnRow, known: string | undefined): LongConnection {
    return {
      uid: row.uid,
      at: row.ts,
      client: row['id.orig_h'],
      clientPort: row['id.orig_p'],
      server: row['id.resp_h'],
      serverPort: row['id.resp_p'],
      proto: row.proto,
      service: row.service,
      seconds: row.duration ?? 0,
      bytes: (row.orig_bytes ?? 0) + (row.resp_bytes ?? 0),
      state: row.conn_state,
      open: false,
      endsUnsure: isMidstream(row),
      known,
      context: row.context,
    };
  }
}
