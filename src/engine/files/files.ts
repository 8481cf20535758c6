// All files in transfer of one engine. Most belong to one transfer and end with it; those with a handle can be carried by
// several connections (ranges of one file) and end when they are whole, idle for two minutes, or with the capture.
import type { EpochMicros } from '../../base/units.ts';
import type { FilesRecord } from '../../model/records/files.ts';
import type { OcspRecord } from '../../model/records/ocsp.ts';
import type { Flow } from '../analyzers/analyzer.ts';
import { IdHash } from '../flow/uid.ts';
import type { Platform } from '../platform.ts';
import { ocspRows } from '../x509/ocsp.ts';
import type { FileStream, FileStreamOptions } from './file-stream.ts';
import { type Carrier, type FileContent, type FileOwner, TrackedFile } from './tracked-file.ts';

export interface FilesOptions {
  readonly platform: Platform;
  /** Takes a row when a file ends. */
  readonly emit: (row: FilesRecord) => void;
  /** Takes what a stapled or fetched OCSP reply says. */
  readonly emitOcsp?: (row: OcspRecord) => void;
  /** MD5, SHA-1 and SHA-256 of every file without holes; on by default. They cost most of what a small file costs. */
  readonly hashes?: boolean;
  /** Files kept open beyond their connection; the oldest gives way. */
  readonly maxShared?: number;
}

/** What a file must know of its connection. `Flow` has it all. */
export type CarryingFlow = Pick<
  Flow,
  'uid' | 'clientAddress' | 'clientPort' | 'serverAddress' | 'serverPort' | 'clientIsLocal' | 'serverIsLocal' | 'context'
>;

const carrierOf = (flow: CarryingFlow, fromClient: boolean): Carrier => ({
  uid: flow.uid,
  'id.orig_h': flow.clientAddress,
  'id.orig_p': flow.clientPort,
  'id.resp_h': flow.serverAddress,
  'id.resp_p': flow.serverPort,
  localSender: fromClient ? flow.clientIsLocal : flow.serverIsLocal,
  context: flow.context,
});

const idHash = new IdHash();

/** A fuid from what makes the file one of its kind: stable across replays, unlike Zeek's. */
function fileId(kind: string, at: number, ordinal: number): string {
  idHash.reset(0);
  idHash.addText(kind);
  idHash.addTime(at);
  idHash.add(ordinal);
  return idHash.text('F');
}

export class Files implements FileOwner {
  readonly platform: Platform;
  readonly hashes: boolean;
  readonly emit: (row: FilesRecord) => void;
  readonly #emitOcsp: ((row: OcspRecord) => void) | undefined;
  readonly #maxShared: number;
  /** By handle, the one touched longest ago first. */
  readonly #shared = new Map<string, TrackedFile>();

  constructor({ platform, emit, emitOcsp, hashes = true, maxShared = 10_000 }: FilesOptions) {
    this.platform = platform;
    this.emit = emit;
    this.#emitOcsp = emitOcsp;
    this.hashes = hashes;
    this.#maxShared = maxShared;
  }

  /** Opens a file of a connection, or the one of the same handle that is still in transfer. */
  open(flow: CarryingFlow, options: FileStreamOptions): FileStream {
    const { handle, source, fromClient, at, ordinal = 0 } = options;
    const carrier = carrierOf(flow, fromClient);
    if (handle === undefined) {
      return new TrackedFile(this, fileId(`${flow.uid}${source}${fromClient ? '>' : '<'}`, at, ordinal), carrier, options);
    }
    this.advance(at);
    const known = this.#shared.get(handle);
    if (known !== undefined) {
      known.join(carrier);
      this.#touch(handle, known);
      return known;
    }
    const file = new TrackedFile(this, fileId(`${flow.context ?? ''} ${handle}`, 0, 0), carrier, options);
    this.#shared.set(handle, file);
    if (this.#shared.size > this.#maxShared) this.#shared.values().next().value?.close(at, true);
    return file;
  }

  /** Ends the shared files that have been idle too long. Cheap; call it now and then. */
  advance(at: EpochMicros): void {
    for (const file of this.#shared.values()) {
      if (!file.isExpired(at)) return;
      file.close(at, true);
    }
  }

  /** The capture ends: what was never finished ends as timed out. */
  close(at: EpochMicros): void {
    for (const file of [...this.#shared.values()]) file.close(at, true);
  }

  read({ bytes, fuid, startedAt }: FileContent): void {
    if (this.#emitOcsp === undefined) return;
    for (const row of ocspRows(bytes, 0, bytes.length, startedAt, fuid)) this.#emitOcsp(row);
  }

  ended(file: TrackedFile): void {
    if (file.handle !== undefined && this.#shared.get(file.handle) === file) this.#shared.delete(file.handle);
  }

  #touch(handle: string, file: TrackedFile): void {
    this.#shared.delete(handle);
    this.#shared.set(handle, file);
  }
}
