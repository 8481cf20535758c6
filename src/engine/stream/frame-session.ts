// The frame of a session that reads length-prefixed messages of both sides.
import type { Bytes } from '../../base/bytes.ts';
import type { EpochMicros } from '../../base/units.ts';
import type { Flow, Session } from '../analyzers/analyzer.ts';
import { CarryOver } from './carry-over.ts';

/** Answers of `frameLength` that are no length. */
export const needMore = 0;
export const notThis = -1;

/** Calls `frame` for each complete message of either side until the session says that it is done. */
export abstract class FrameSession implements Session {
  protected readonly flow: Flow;
  #client: CarryOver;
  #server: CarryOver;
  #stopped = false;

  /** @param limit longest message that is kept over segments, in bytes; with a longer one the session ends. */
  constructor(flow: Flow, limit = 1 << 17) {
    this.flow = flow;
    this.#client = new CarryOver(limit);
    this.#server = new CarryOver(limit);
  }

  /** Length of the message at `start`, `needMore` when it cannot be told yet, `notThis` when this is another protocol. */
  protected abstract frameLength(fromClient: boolean, bytes: Bytes, start: number, end: number): number;
  /** One complete message, `[start, end)` of `bytes`. */
  protected abstract frame(fromClient: boolean, bytes: Bytes, start: number, end: number): void;

  protected get stopped(): boolean {
    return this.#stopped;
  }

  onBytes(fromClient: boolean, bytes: Bytes, start: number, end: number, _at: EpochMicros): void {
    if (this.#stopped) return;
    const unread = fromClient ? this.#client : this.#server;
    unread.open(bytes, start, end);
    while (!this.#stopped && unread.position < unread.end && this.#next(fromClient, unread)) {}
    if (!unread.close()) this.finish();
  }

  #next(fromClient: boolean, unread: CarryOver): boolean {
    const { bytes, position, end } = unread;
    const length = this.frameLength(fromClient, bytes, position, end);
    if (length < 0) this.refuse('malformed message');
    if (length <= 0 || length > end - position) return false;
    unread.position = position + length;
    this.frame(fromClient, bytes, position, position + length);
    return true;
  }

  /** Message boundaries are lost with the bytes; a recogniser stops there. */
  onGap(_fromClient: boolean, _count: number, _at: EpochMicros): void {
    this.finish();
  }

  onFlip(): void {
    [this.#client, this.#server] = [this.#server, this.#client];
  }

  onClose(_at: EpochMicros): void {}

  /** Wants no more. */
  protected finish(): void {
    if (this.#stopped) return;
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
