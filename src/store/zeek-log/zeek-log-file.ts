// One Zeek log file (plain, gzip or zstd by content) → blocks of rows, streaming.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { VedetteError } from '../../base/errors.ts';
import type { RecordType } from '../../model/records/record.ts';
import type { RecordLogSummary } from '../record-source.ts';
import { type Row, ZeekLogParser } from './zeek-log-parser.ts';

/** A longer line is damage, not a row: Zeek caps a row at 256,000 string bytes. */
const maxLineCharacters = 1 << 20;

/** Reads the first bytes to tell the compression. */
async function magicOf(path: string): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function decompressor(magic: Buffer): NodeJS.ReadWriteStream | undefined {
  if (magic[0] === 0x1f && magic[1] === 0x8b) return createGunzip();
  if (magic.length === 4 && magic.readUInt32LE(0) === 0xfd2fb528) return createZstdDecompress();
  return undefined;
}

/** A log being read. `next` gives a block of rows, or null at the end; damage is counted, never thrown. */
export class ZeekLogFile {
  readonly path: string;
  readonly type: RecordType;
  readonly #parser: ZeekLogParser;
  readonly #sha256 = createHash('sha256');
  #chunks: AsyncIterator<Buffer | string> | undefined;
  readonly #decoder = new TextDecoder('utf-8');
  #carry = '';
  #line = 0;
  #rows = 0;
  #bad = 0;
  #bytes = 0;
  #firstBad: { line: number; reason: string } | undefined;
  #truncated = false;

  constructor(path: string, type: RecordType) {
    this.path = path;
    this.type = type;
    this.#parser = new ZeekLogParser(type);
  }

  /** @throws {VedetteError} `input-unreadable` */
  async start(): Promise<void> {
    try {
      const magic = await magicOf(this.path);
      const file = createReadStream(this.path, { highWaterMark: 1 << 18 });
      file.on('data', (chunk) => {
        this.#sha256.update(chunk);
        this.#bytes += chunk.length;
      });
      const inflate = decompressor(magic);
      const stream =
        inflate === undefined ? file : file.on('error', (error) => (inflate as unknown as Readable).destroy(error)).pipe(inflate);
      this.#chunks = (stream as unknown as Readable)[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    } catch (cause) {
      throw new VedetteError(
        'input-unreadable',
        { path: this.path, reason: (cause as NodeJS.ErrnoException).code ?? String(cause) },
        { cause },
      );
    }
  }

  async next(): Promise<Row[] | null> {
    for (;;) {
      const text = await this.#nextText();
      if (text === null) return null;
      const rows = this.#rowsOf(text);
      if (rows.length > 0) return rows;
    }
  }

  summary(): RecordLogSummary {
    return {
      source: this.path,
      log: this.type.name,
      rows: this.#rows,
      badLines: this.#bad,
      ...(this.#firstBad && { firstBad: this.#firstBad }),
      truncated: this.#truncated,
      sha256: this.#sha256.copy().digest('hex'),
      bytes: this.#bytes,
    };
  }

  async close(): Promise<void> {
    await this.#chunks?.return?.();
  }

  /** Decoded text that ends at a line end, the rest carried over; the last piece whole; null at the end. */
  async #nextText(): Promise<string | null> {
    while (this.#chunks !== undefined) {
      let chunk: IteratorResult<Buffer | string>;
      try {
        chunk = await this.#chunks.next();
      } catch {
        this.#truncated = true;
        chunk = { done: true, value: undefined };
      }
      if (chunk.done) {
        this.#chunks = undefined;
        const rest = this.#carry + this.#decoder.decode();
        this.#carry = '';
        return rest === '' ? null : rest;
      }
      const text = this.#carry + this.#decoder.decode(chunk.value as Buffer, { stream: true });
      const cut = text.lastIndexOf('\n');
      this.#carry = text.slice(cut + 1);
      if (this.#carry.length > maxLineCharacters) {
        this.#note('line too long');
        this.#carry = '';
      }
      if (cut >= 0) return text.slice(0, cut);
    }
    return null;
  }

  #rowsOf(text: string): Row[] {
    const rows: Row[] = [];
    for (const line of text.split('\n')) {
      this.#line++;
      const parsed = this.#parser.parse(line);
      if (parsed.kind === 'row') rows.push(parsed.row);
      else if (parsed.kind === 'bad') this.#note(parsed.reason);
    }
    this.#rows += rows.length;
    return rows;
  }

  #note(reason: string): void {
    this.#bad++;
    this.#firstBad ??= { line: this.#line, reason };
  }
}
