// Writes packets to a pcapng file. The file has its name only when it is whole.
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import process from 'node:process';
import { VedetteError } from '../../base/errors.ts';
import { BlockEncoder, type InterfaceInfo, type PacketInfo, type SectionInfo } from './pcapng-encode.ts';

const flushBytes = 1 << 20;

/** How a file is made. */
export interface PcapngWriterOptions {
  readonly section?: SectionInfo;
  /** Replace a file that is there. Default false. */
  readonly replace?: boolean;
  /** Files that are read: none of them is replaced. */
  readonly inputs?: readonly string[];
}

/**
 * A pcapng file being written: interfaces first, then packets of them, then `close`. Until then it is called
 * `PATH.partial`. `-` is standard output.
 */
export class PcapngWriter {
  /** Packets written so far. */
  packets = 0;
  readonly #path: string;
  readonly #handle: FileHandle | null;
  readonly #encoder = new BlockEncoder(flushBytes + (1 << 18));
  #interfaces = 0;

  private constructor(path: string, handle: FileHandle | null) {
    this.#path = path;
    this.#handle = handle;
  }

  /**
   * Starts a file.
   * @throws {VedetteError} `output-file-exists`, `output-is-directory`, `output-is-input`, `output-unwritable`.
   */
  static async create(path: string, options: PcapngWriterOptions = {}): Promise<PcapngWriter> {
    const handle = path === '-' ? null : await start(path, options);
    const writer = new PcapngWriter(path, handle);
    writer.#encoder.section(options.section ?? {});
    return writer;
  }

  /** Describes an interface; returns the number that its packets carry. */
  addInterface(info: InterfaceInfo): number {
    this.#encoder.interface(info);
    return this.#interfaces++;
  }

  /**
   * Appends a packet. Its bytes are copied before the call returns.
   * @throws {VedetteError} `output-unwritable`.
   */
  async write(packet: PacketInfo): Promise<void> {
    this.#encoder.packet(packet);
    this.packets++;
    if (this.#encoder.length >= flushBytes) await this.#flush();
  }

  /**
   * Finishes the file and gives it its name.
   * @throws {VedetteError} `output-unwritable`.
   */
  async close(): Promise<void> {
    await this.#flush();
    const handle = this.#handle;
    if (handle === null) return;
    await attempt(this.#path, async () => {
      await handle.close();
      await rename(partialOf(this.#path), this.#path);
    });
  }

  /** Gives up: nothing stays behind. */
  async abandon(): Promise<void> {
    if (this.#handle === null) return;
    await this.#handle.close().catch(() => undefined);
    await rm(partialOf(this.#path), { force: true });
  }

  async #flush(): Promise<void> {
    const bytes = this.#encoder.take();
    const handle = this.#handle;
    await attempt(this.#path, () => (handle === null ? writeStdout(bytes) : writeAll(handle, bytes)));
  }
}

const partialOf = (path: string): string => `${path}.partial`;

/** Opens the file that the packets go into until it is whole; one of that name is somebody's, too. */
async function start(path: string, { replace = false, inputs = [] }: PcapngWriterOptions): Promise<FileHandle> {
  for (const name of [path, partialOf(path)]) {
    const present = await stat(name).catch(() => undefined);
    if (present === undefined) continue;
    if (present.isDirectory()) throw new VedetteError('output-is-directory', { path: name });
    if (!replace) throw new VedetteError('output-file-exists', { path: name });
    for (const input of inputs) {
      const read = await stat(input).catch(() => undefined);
      if (read?.dev === present.dev && read.ino === present.ino) throw new VedetteError('output-is-input', { path: name });
    }
  }
  return attempt(path, () => open(partialOf(path), 'w'));
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten;
}

/** The bytes are overwritten after the call, so it waits until they are gone. */
function writeStdout(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

async function attempt<Result>(path: string, action: () => Promise<Result>): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new VedetteError('output-unwritable', { path, reason }, { cause: error });
  }
}
