// The way in: paths become one stream of packets in time order.
import process from 'node:process';
import type { Readable } from 'node:stream';
import { VedetteError } from '../../base/errors.ts';
import type { PacketSource } from '../packet-source.ts';
import type { ByteReader } from './byte-reader.ts';
import { CaptureFile, type CaptureFileSizes } from './capture-file.ts';
import { decompressed } from './decompress.ts';
import { FileReader } from './file-reader.ts';
import { type CaptureInput, inputError, listInputs, type SkippedInput } from './input-paths.ts';
import type { MergeInput } from './merge-lane.ts';
import { MergedSource } from './merged-source.ts';
import { openPipe } from './pipe.ts';
import { PointRegistry } from './point-registry.ts';
import { SingleSource } from './single-source.ts';
import { StreamReader } from './stream-reader.ts';

/** How captures are opened. */
export interface OpenCaptureOptions {
  /** Compute the SHA-256 of each file while it is read. Default true. */
  readonly digest?: boolean;
  /** What `-` stands for. Default: the process's standard input. */
  readonly stdin?: Readable;
}

/** A packet source that also names what it left out of the directories it was given. */
export interface OpenedCapture extends PacketSource {
  readonly skipped: readonly SkippedInput[];
}

const wholeSizes: CaptureFileSizes = { batchPackets: 4096, bufferBytes: 1 << 20 };
const fewSizes: CaptureFileSizes = { batchPackets: 2048, bufferBytes: 1 << 18 };
const manySizes: CaptureFileSizes = { batchPackets: 256, bufferBytes: 1 << 16 };
const peekSizes: CaptureFileSizes = { batchPackets: 1, bufferBytes: 1 << 14 };

/** Files above which none is kept open between two reads, so that the limit on open files is never met. */
const maxKeptOpen = 128;

/**
 * Opens captures: files (pcap, pcapng; gzip, zstd or lz4 around them), directories of them, pipes, and `-`. Several are
 * merged in time order; a single one is read without copying.
 * @throws {VedetteError} `input-missing`, `input-unreadable`, `input-empty`, `input-format`.
 */
export async function openCapture(paths: readonly string[], options: OpenCaptureOptions = {}): Promise<OpenedCapture> {
  const { inputs, skipped } = await listInputs(paths);
  const opener = new Opener(options, inputs.length <= maxKeptOpen);
  const [only] = inputs;
  if (only !== undefined && inputs.length === 1 && !only.listed) {
    return new SingleSource(await opener.open(only, wholeSizes), opener.registry, skipped);
  }
  const merged: MergeInput[] = [];
  for (const input of inputs) {
    const mergeInput = await opener.prepare(input).catch((error: unknown) => inputError(input.path, error));
    if (!(mergeInput instanceof VedetteError)) merged.push(mergeInput);
    else if (input.listed) skipped.push({ path: input.path, reason: mergeInput.message });
    else throw mergeInput;
  }
  if (merged.length === 0) {
    throw new VedetteError('input-format', {
      path: paths.join(', '),
      found: skipped.length === 0 ? 'an empty directory' : 'no capture among its files',
    });
  }
  return new MergedSource(merged, opener.registry, skipped);
}

/** Opens inputs with the options of one call. */
class Opener {
  readonly registry = new PointRegistry();
  readonly #options: OpenCaptureOptions;
  readonly #keepOpen: boolean;

  constructor(options: OpenCaptureOptions, keepOpen: boolean) {
    this.#options = options;
    this.#keepOpen = keepOpen;
  }

  open(input: CaptureInput, sizes: CaptureFileSizes): Promise<CaptureFile> {
    return this.#open(input, this.#options.digest ?? true, this.registry, sizes);
  }

  async #open(input: CaptureInput, digest: boolean, registry: PointRegistry, sizes: CaptureFileSizes): Promise<CaptureFile> {
    let reader: ByteReader | undefined;
    try {
      reader = await this.#reader(input, digest);
      const plain = await decompressed(reader);
      const fitting = input.kind === 'file' && plain.compression === 'none' ? fittingSizes(sizes, input.bytes) : sizes;
      return await CaptureFile.open(input.path, plain, registry, fitting);
    } catch (error) {
      await reader?.close();
      throw inputError(input.path, error);
    }
  }

  async #reader(input: CaptureInput, digest: boolean): Promise<ByteReader> {
    if (input.kind === 'file') return new FileReader(input.path, { digest, keepOpen: this.#keepOpen });
    const stream = input.path === '-' ? (this.#options.stdin ?? process.stdin) : await openPipe(input.path);
    return new StreamReader(stream, { digest });
  }

  /** Looks at a file's first packet, so that it is opened for good only when its turn comes. A stream is opened at once. */
  async prepare(input: CaptureInput): Promise<MergeInput> {
    const { path } = input;
    if (input.kind === 'stream') {
      const file = await this.open(input, wholeSizes);
      return { source: path, firstTime: Number.NEGATIVE_INFINITY, live: true, peeked: file.summary(), open: async () => file };
    }
    const file = await this.#open(input, false, new PointRegistry(), peekSizes);
    const first = await file.next();
    await file.close();
    const firstTime = first?.times[0] ?? Number.NEGATIVE_INFINITY;
    return { source: path, firstTime, live: false, peeked: file.summary(), open: (openFiles) => this.open(input, sizesFor(openFiles)) };
  }
}

const sizesFor = (openFiles: number): CaptureFileSizes => (openFiles < 4 ? wholeSizes : openFiles < 32 ? fewSizes : manySizes);

/** A small file needs no large buffer; half as much again leaves room to see its end without changing buffers. */
function fittingSizes(sizes: CaptureFileSizes, bytes: number): CaptureFileSizes {
  return { ...sizes, bufferBytes: Math.min(sizes.bufferBytes, Math.max(4096, Math.ceil(bytes * 1.5))) };
}
