// What the parts of the TCP tracker ask of the flow table.
import type { Bytes } from '../../base/bytes.ts';
import type { Connection } from './connection.ts';
import type { HeldBudget } from './held-segments.ts';
import type { HistoryBook } from './history.ts';

export interface TcpHost {
  readonly histories: HistoryBook;
  readonly held: HeldBudget;
  /** A counted oddity; `source` is the protocol that saw it, as Zeek names it. */
  weird(connection: Connection, name: string, source?: string, addl?: string): void;
  /** Payload in order: `[start, end)` of `bytes`, valid during the call. */
  deliver(connection: Connection, fromClient: boolean, bytes: Bytes, start: number, end: number): void;
  /** Payload that will never come. */
  gap(connection: Connection, fromClient: boolean, count: number): void;
  /** Everything before the FIN (or the reset) of that side was delivered. */
  end(connection: Connection, fromClient: boolean): void;
  /** The ends are the other way round, and always were. */
  flipFromStart(connection: Connection): void;
  /** Whether anybody wants the content, so that it is worth keeping above a hole. */
  wantsContent(connection: Connection): boolean;
}
