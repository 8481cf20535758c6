// Watches pairs of ends for one-way packet rates.
import type { DetectionHost } from '../detector.ts';
import type { EndsMap } from '../ends/ends-map.ts';
import type { RowEnds } from '../ends/row-ends.ts';
import { type FloodRow, type FloodRule, FloodStream } from './flood-stream.ts';
import { hour } from './record-clock.ts';

/** A flood is seen all the time: this many other streams never come between two of its rows. */
const maxPairs = 16_384;

/** Packets of which a stream is made. */
export interface FloodKind {
  /** In words, for the summary ("SYN packets without handshake"). */
  readonly what: string;
  /** Tells streams of several kinds between the same ends apart; from 0. */
  readonly number: number;
}

/** Streams from one end to another; raises for those that flood. */
export class FloodWatch {
  readonly #host: DetectionHost;
  readonly #rule: FloodRule;
  readonly #streams: EndsMap<FloodStream>;

  /** To be made when the detector starts. */
  constructor(host: DetectionHost, rule: FloodRule) {
    this.#host = host;
    this.#rule = rule;
    this.#streams = host.newEndsMap(maxPairs, { afterSeconds: hour, spare: 500, onForget: (stream) => stream.judge(host, rule) });
  }

  /** The stream of packets of a kind from the client of the row to its server. */
  of({ client, server }: RowEnds, row: FloodRow, { what, number }: FloodKind): FloodStream {
    return (
      this.#streams.get(client, server, number) ??
      this.#streams.set(new FloodStream(row, this.#rule.minPackets, what), client, server, number)
    );
  }

  /** Adds a flow of `packets`, `replies` of them answered, spread over `seconds`. */
  add(stream: FloodStream, row: FloodRow, port: number, seconds: number, packets: number, bytes: number, replies: number): void {
    if (stream.add(row, port, seconds, packets, bytes, replies)) stream.judge(this.#host, this.#rule);
  }

  finish(): void {
    for (const stream of this.#streams.values()) stream.judge(this.#host, this.#rule);
  }
}
