// Watches pairs of ends for one-way packet rates.
import type { DetectionHost } from '../detector.ts';
import type { EndsMap } from '../ends/ends-map.ts';
import type { RowEnds } from '../ends/row-ends.ts';
import { type FloodRow, type FloodRule, FloodStream } from './flood-stream.ts';

const maxPairs = 50_000;

/** Streams from one end to another; raises for those that flood. */
export class FloodWatch {
  readonly #host: DetectionHost;
  readonly #rule: FloodRule;
  readonly #what: string;
  readonly #streams: EndsMap<FloodStream>;

  /** To be made when the detector starts. `what`: the packets in words, for the summary ("SYN packets without handshake"). */
  constructor(host: DetectionHost, rule: FloodRule, what: string) {
    this.#host = host;
    this.#rule = rule;
    this.#what = what;
    this.#streams = host.newEndsMap(maxPairs);
  }

  /** Adds a flow of `packets` from the client of the row, `replies` of them answered, spread over `seconds`. */
  add({ client, server }: RowEnds, row: FloodRow, port: number, seconds: number, packets: number, bytes: number, replies: number): void {
    const stream = this.#streams.get(client, server) ?? this.#streams.set(new FloodStream(row, this.#rule.minPackets), client, server);
    if (stream.add(row, port, seconds, packets, bytes, replies)) stream.judge(this.#host, this.#rule, this.#what);
  }

  finish(): void {
    for (const stream of this.#streams.values()) stream.judge(this.#host, this.#rule, this.#what);
  }
}
