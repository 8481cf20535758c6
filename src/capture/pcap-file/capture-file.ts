// One capture, read through once: bytes from a reader into the window, records from the window into batches.
import { VedetteError } from '../../base/errors.ts';
import type { PacketBatch } from '../../model/packet-batch.ts';
import type { CaptureSummary } from '../packet-source.ts';
import { BatchBuffer } from './batch-buffer.ts';
import type { ByteReader } from './byte-reader.ts';
import { ByteWindow } from './byte-window.ts';
import { formatBytes, parserFor } from './capture-format.ts';
import type { CaptureParser } from './capture-parser.ts';
import { DamageLog } from './damage-log.ts';
import { describeBytes } from './describe-bytes.ts';
import type { PointRegistry } from './point-registry.ts';

/** Sizes of one reader. */
export interface CaptureFileSizes {
  /** Packets per batch at most. */
  readonly batchPackets: number;
  /** Bytes of each of the two buffers. */
  readonly bufferBytes: number;
}

/** An open capture. `next` hands out batches that point into the read buffer; the disk is read ahead meanwhile. */
export class CaptureFile {
  readonly source: string;
  readonly #reader: ByteReader;
  readonly #window: ByteWindow;
  readonly #out: BatchBuffer;
  readonly #damages: DamageLog;
  readonly #parser: CaptureParser;
  #pending: Promise<void> | null = null;
  #closed = false;

  private constructor(source: string, reader: ByteReader, window: ByteWindow, parser: CaptureParser, damages: DamageLog, out: BatchBuffer) {
    this.source = source;
    this.#reader = reader;
    this.#window = window;
    this.#parser = parser;
    this.#damages = damages;
    this.#out = out;
  }

  /**
   * Reads as far as the file header.
   * @throws {VedetteError} `input-empty`, `input-format`.
   */
  static async open(source: string, reader: ByteReader, points: PointRegistry, sizes: CaptureFileSizes): Promise<CaptureFile> {
    const window = new ByteWindow(sizes.bufferBytes);
    while (window.end < formatBytes && !window.ended) await fill(window, reader);
    const damages = new DamageLog(source);
    const parser = parserFor(window, { source, points, damages });
    if (parser !== undefined) return new CaptureFile(source, reader, window, parser, damages, new BatchBuffer(sizes.batchPackets));
    throw refusal(source, reader, window.bytes.u8.subarray(0, window.end));
  }

  /** The next packets; null at the end. Overwrites the batch before. */
  async next(): Promise<PacketBatch | null> {
    const window = this.#window;
    const out = this.#out;
    while (!this.#closed) {
      if (this.#pending !== null) await this.#pending;
      this.#pending = null;
      if (this.#closed) break;
      out.reset(window.bytes);
      this.#parser.parse(window, out);
      if (out.count < out.capacity && !window.ended) this.#readAhead();
      if (out.count > 0) return out;
      if (window.ended) await this.#finish();
    }
    return null;
  }

  #readAhead(): void {
    this.#window.makeRoom(this.#parser.needed);
    this.#pending = fill(this.#window, this.#reader);
    // Whoever asks for the next batch gets the error; nobody may ask any more.
    this.#pending.catch(() => undefined);
  }

  async #finish(): Promise<void> {
    const code = this.#reader.compression === 'none' ? 'read-error' : 'undecodable-compression';
    for (const { offset, message } of this.#reader.failures) this.#damages.add(code, offset, 0, message);
    await this.close();
  }

  summary(): CaptureSummary {
    const { format, packets, truncatedPackets, reportedDrops, comments } = this.#parser;
    const sha256 = this.#reader.digest();
    return {
      source: this.source,
      format,
      compression: this.#reader.compression,
      bytes: this.#reader.bytesRead,
      packets,
      truncatedPackets,
      ...(reportedDrops === undefined ? {} : { reportedDrops }),
      ...(comments === 0 ? {} : { comments }),
      ...(sha256 === undefined ? {} : { sha256 }),
      damages: this.#damages.entries(),
    };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#reader.close();
  }
}

/** Reads what fits behind `window.end`. Never rejects once the first bytes were read. */
async function fill(window: ByteWindow, reader: ByteReader): Promise<void> {
  const count = await reader.read(window.bytes.u8, window.end);
  if (count === 0) window.ended = true;
  else window.end += count;
}

/** Why a stream that begins like this is not read. */
function refusal(path: string, reader: ByteReader, head: Uint8Array): VedetteError {
  const [failure] = reader.failures;
  if (failure === undefined)
    return head.length === 0
      ? new VedetteError('input-empty', { path })
      : new VedetteError('input-format', { path, found: describeBytes(head) });
  const found =
    reader.compression === 'none' ? failure.message : `${reader.compression} data that cannot be decompressed: ${failure.message}`;
  return new VedetteError('input-format', { path, found });
}
