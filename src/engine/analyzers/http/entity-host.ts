// What an entity needs of the side of the connection that it is read from.
import type { Bytes } from '../../../base/bytes.ts';
import type { EpochMicros } from '../../../base/units.ts';
import type { FileStream } from '../../files/file-stream.ts';
import type { Platform } from '../../platform.ts';
import type { Entity } from './entity.ts';
import type { HeaderLine, HeaderName } from './header-line.ts';
import type { LineReader } from './line-reader.ts';
import type { Version } from './request-line.ts';
import type { Transaction } from './transaction.ts';

export interface EntityHost {
  readonly fromClient: boolean;
  readonly reader: LineReader;
  readonly platform: Platform;
  readonly now: EpochMicros;
  /** The transaction that was last spoken of. */
  readonly transaction: Transaction | undefined;
  /** The server said `Connection: close`: a body without length ends with the connection. */
  readonly endsWithConnection: boolean;
  /** Status code of the response being read; 0 for none. */
  readonly responseCode: number;
  /** Version of the message that decides about chunks. */
  readonly framingVersion: Version;
  weird(name: string, addl?: string): void;
  /** A header field was read; `name` when it is one that matters. */
  header(name: HeaderName | undefined, bytes: Bytes, line: HeaderLine): void;
  /** Bytes of the message's body, compression undone. */
  sample(u8: Uint8Array, start: number, end: number, hasLineEnd: boolean): void;
  /** @param isAfterEnd the message is over, only the loss of its bytes is to be told */
  openFile(depth: number, isAfterEnd: boolean): FileStream;
  entityBegan(entity: Entity): void;
  entityEnded(entity: Entity): void;
}
