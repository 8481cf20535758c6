// One log being written: rows gathered in memory, and given to the disk in large pieces.
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { VedetteError } from '../../base/errors.ts';
import { RowBytes } from './row-bytes.ts';
import type { RowPrinter } from './zeek-format.ts';

/** Bytes gathered before a write; large enough that system calls do not show in a profile. */
const flushBytes = 1 << 18;
const lineFeed = 0x0a;

/** A log file. After a failed write nothing is lost yet: `close` tries the rest once more. */
export class LogFile {
  readonly path: string;
  rows = 0;
  readonly #print: RowPrinter;
  readonly #descriptor: number;
  readonly #pending = new RowBytes();
  /** Bytes in the file, and where the last line ends that is whole there. */
  #written = 0;
  #wholeLines = 0;

  /** @throws {VedetteError} `output-unwritable` */
  constructor(path: string, header: string, print: RowPrinter) {
    this.path = path;
    this.#print = print;
    this.#pending.text(header);
    this.#descriptor = guard(path, () => openSync(path, 'w'));
  }

  /** @throws {VedetteError} `output-unwritable` */
  add(row: Readonly<Record<string, unknown>>): void {
    this.rows++;
    this.#print(row, this.#pending);
    if (this.#pending.length >= flushBytes) this.#flush();
  }

  #flush(): void {
    const { bytes } = this.#pending;
    let done = 0;
    try {
      guard(this.path, () => {
        while (done < bytes.length) done += writeSync(this.#descriptor, bytes, done);
      });
    } finally {
      const line = done === 0 ? -1 : bytes.lastIndexOf(lineFeed, done - 1);
      if (line >= 0) this.#wholeLines = this.#written + line + 1;
      this.#written += done;
      this.#pending.drop(done);
    }
  }

  /** Ends the log; where the disk has no room for all of it, with the last row that is whole. @throws {VedetteError} `output-unwritable` */
  close(footer: string): void {
    this.#pending.text(footer);
    try {
      this.#flush();
    } catch (error) {
      ftruncateSync(this.#descriptor, this.#wholeLines);
      this.rows = Math.max(0, this.rows - (linesIn(this.#pending.bytes) - linesIn(Buffer.from(footer))));
      throw error;
    } finally {
      closeSync(this.#descriptor);
    }
  }
}

function linesIn(bytes: Uint8Array): number {
  let lines = 0;
  for (const byte of bytes) if (byte === lineFeed) lines++;
  return lines;
}

function guard<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw new VedetteError('output-unwritable', { path, reason: (cause as NodeJS.ErrnoException).code ?? String(cause) }, { cause });
  }
}
