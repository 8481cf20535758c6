// Contract of a file in transfer: a protocol session pushes bytes, files.log, hashes and the content type come out.
import type { EpochMicros } from '../../base/units.ts';

export interface FileStreamOptions {
  /** Protocol as Zeek writes it: HTTP, SSL, FTP_DATA, SMTP, … */
  readonly source: string;
  /** Sent by the client. */
  readonly fromClient: boolean;
  /** When the file began. */
  readonly at: EpochMicros;
  /** Position within the connection. */
  readonly depth: number;
  readonly filename?: string;
  /** Announced length in bytes. */
  readonly totalBytes?: number;
  /** Identity across connections or ranges where the protocol has one (HTTP range requests); else unset. */
  readonly handle?: string;
  /** How many files of this connection came before: keeps the fuids of one packet apart. */
  readonly ordinal?: number;
  /** Content type that the protocol itself knows (a stapled OCSP reply); else it is told from the first bytes. */
  readonly mimeType?: string;
}

/** Feed it in order. It hashes, guesses the type from the first bytes, and writes its row when closed. */
export interface FileStream {
  readonly fuid: string;
  /** Content type by the first bytes; undefined until known or when unknown. */
  readonly mimeType: string | undefined;
  /** False when this connection carried it already (a further range of the same file). */
  readonly isNewHere: boolean;
  /** The next bytes belong at this position of the file; ranges may come in any order. */
  seek(offset: number): void;
  /** Bytes `[start, end)`; valid during the call. */
  push(bytes: Uint8Array, start: number, end: number, at: EpochMicros): void;
  /** `count` bytes were lost. */
  gap(count: number, at: EpochMicros): void;
  setTotal(bytes: number): void;
  setFilename(name: string): void;
  /** Writes the row; `timedOut` where the transfer never finished. Idempotent. */
  close(at: EpochMicros, timedOut?: boolean): void;
}
