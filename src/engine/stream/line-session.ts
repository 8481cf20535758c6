// The frame of a session that reads text lines of both sides.
import type { Bytes } from '../../base/bytes.ts';
import type { EpochMicros } from '../../base/units.ts';
import type { Flow, Session } from '../analyzers/analyzer.ts';
import { LineReader } from './line-reader.ts';

/** Calls `line` for each complete line of either side until the session says that it is done. */
export abstract class LineSession implements Session {
  protected readonly flow: Flow;
  #client: LineReader;
  #server: LineReader;
  #stopped = false;

  /** @param limit longest line that is looked at, in bytes; longer ones are passed over. */
  constructor(flow: Flow, limit = 4096) {
    this.flow = flow;
    this.#client = new LineReader(limit);
    this.#server = new LineReader(limit);
  }

  /** One line without its end, `[start, end)` of `bytes`. */
  protected abstract line(fromClient: boolean, bytes: Bytes, start: number, end: number): void;

  onBytes(fromClient: boolean, bytes: Bytes, start: number, end: number, _at: EpochMicros): void {
    if (this.#stopped) return;
    const lines = fromClient ? this.#client : this.#server;
    lines.open(bytes, start, end);
    while (!this.#stopped && lines.next()) this.line(fromClient, lines.bytes, lines.start, lines.end);
    lines.close();
  }

  onFlip(): void {
    [this.#client, this.#server] = [this.#server, this.#client];
  }

  onClose(_at: EpochMicros): void {}

  /** Wants no more. */
  protected finish(): void {
    this.#stopped = true;
    this.flow.done();
  }

  /** Is not this protocol. */
  protected refuse(reason: string): void {
    this.#stopped = true;
    this.flow.reject(reason);
  }

  /** Something else follows. */
  protected yieldTo(analyzer: string | undefined): void {
    this.#stopped = true;
    this.flow.handOver(analyzer);
  }
}
