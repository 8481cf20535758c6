// The files of a bundle in a .tar.gz (or .tar), read as a stream; nothing is unpacked to disk.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { VedetteError } from '../../base/errors.ts';
import type { BundleSource, FoundFile } from '../bundle-source.ts';
import { isBundlePath } from '../manifest.ts';
import { parseTarHeader, tarBlock } from './tar-format.ts';

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

/** Takes exact numbers of bytes from an archive. Damaged compression is its end: what was whole before it counts. */
class Taker {
  /** The compression is, or its checksum. */
  isDamaged = false;
  readonly #path: string;
  readonly #pieces: AsyncIterator<Uint8Array>;
  #left: Uint8Array = new Uint8Array();

  constructor(path: string) {
    this.#path = path;
    this.#pieces = pieces(path)[Symbol.asyncIterator]();
  }

  /** At most `limit` bytes; empty at the end. */
  async some(limit: number): Promise<Uint8Array> {
    while (this.#left.length === 0) {
      const next = await this.#next();
      if (next === undefined) return new Uint8Array();
      this.#left = next;
    }
    const taken = this.#left.subarray(0, limit);
    this.#left = this.#left.subarray(taken.length);
    return taken;
  }

  /** Exactly `count`, fewer only at the end. */
  async exactly(count: number): Promise<Uint8Array> {
    const whole = Buffer.alloc(count);
    let have = 0;
    while (have < count) {
      const part = await this.some(count - have);
      if (part.length === 0) return whole.subarray(0, have);
      whole.set(part, have);
      have += part.length;
    }
    return whole;
  }

  close(): void {
    void this.#pieces.return?.();
  }

  async #next(): Promise<Uint8Array | undefined> {
    try {
      const next = await this.#pieces.next();
      return next.done === true ? undefined : next.value;
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      // Node's codes of zlib.
      if (code?.startsWith('Z_')) {
        this.isDamaged = true;
        return undefined;
      }
      const path = this.#path;
      throw new VedetteError(code === 'ENOENT' ? 'input-missing' : 'input-unreadable', { path, reason: code ?? String(cause) }, { cause });
    }
  }
}

async function* pieces(path: string): AsyncIterable<Uint8Array> {
  const handle = await open(path, 'r');
  const start = Buffer.alloc(2);
  await handle.read(start, 0, 2, 0).finally(() => handle.close());
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  if (start[0] !== 0x1f || start[1] !== 0x8b) {
    yield* file as AsyncIterable<Uint8Array>;
    return;
  }
  const inflated = createGunzip({ chunkSize: 1 << 18 });
  file.on('error', (error) => inflated.destroy(error));
  yield* file.pipe(inflated) as AsyncIterable<Uint8Array>;
}

/** What of an entry has not been read yet. */
interface Rest {
  left: number;
  isCut: boolean;
}

async function* contentOf(taker: Taker, rest: Rest): AsyncIterable<Uint8Array> {
  while (rest.left > 0) {
    const part = await taker.some(rest.left);
    if (part.length === 0) {
      rest.isCut = true;
      return;
    }
    rest.left -= part.length;
    yield part;
  }
}

/** Reads past what the reader left of an entry, and past its padding. @returns what is wrong there */
async function finish(taker: Taker, bytes: number, rest: Rest, archive: string): Promise<string | undefined> {
  while (rest.left > 0 && !rest.isCut) for await (const _ of contentOf(taker, rest));
  const padding = await taker.exactly((tarBlock - (bytes % tarBlock)) % tarBlock);
  if (rest.isCut) return `is damaged or ends early in ${archive}`;
  return isZero(padding) ? undefined : 'is followed by bytes that no bundle has';
}

/** After the two empty blocks there is nothing but more of them. */
async function* checkEnd(taker: Taker, archive: string): AsyncIterable<FoundFile> {
  for (let rest = await taker.some(1 << 16); rest.length > 0; rest = await taker.some(1 << 16)) {
    if (isZero(rest)) continue;
    yield { path: archive, unsafe: 'goes on after its end' };
    return;
  }
  if (taker.isDamaged) yield { path: archive, unsafe: 'is damaged or ends early' };
}

/** Path within the bundle; undefined for what cannot be in the one folder of the archive. */
function pathWithin(folder: string, path: string): string | undefined {
  const within = path.slice(folder.length + 1);
  return folder !== '' && path.startsWith(`${folder}/`) && isBundlePath(within) ? within : undefined;
}

async function* entries(taker: Taker, archive: string): AsyncIterable<FoundFile> {
  let folder: string | undefined;
  for (;;) {
    const header = await taker.exactly(tarBlock);
    if (header.length === tarBlock && isZero(header)) return yield* checkEnd(taker, archive);
    const parsed = header.length < tarBlock ? { path: archive, problem: 'is damaged or ends early' } : parseTarHeader(header);
    if ('problem' in parsed) {
      // Its size cannot be trusted, so nothing after it can be found.
      return yield { path: parsed.path, unsafe: `${parsed.problem}; the rest of ${archive} was not read` };
    }
    folder ??= parsed.path.slice(0, Math.max(0, parsed.path.indexOf('/')));
    const path = pathWithin(folder, parsed.path);
    const rest: Rest = { left: parsed.bytes, isCut: false };
    if (path === undefined) yield { path: parsed.path, unsafe: 'was added: no file of a bundle is called so' };
    else yield { path, bytes: parsed.bytes, content: contentOf(taker, rest) };
    const problem = await finish(taker, parsed.bytes, rest, archive);
    if (problem !== undefined) yield { path: path ?? parsed.path, unsafe: problem };
  }
}

async function* files(path: string): AsyncIterable<FoundFile> {
  const taker = new Taker(path);
  try {
    yield* entries(taker, path);
  } finally {
    taker.close();
  }
}

/** The bundle in this archive. */
export const tarSource = (path: string): BundleSource => ({ path, files: () => files(path) });
