// A bundle as a directory that only its owner may read. It is called PATH.partial-… until it is whole.

import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { VedetteError } from '../../base/errors.ts';
import { makeDirectory } from '../../disk/make-directory.ts';
import type { BundleFolder, FileOrigin } from '../bundle-folder.ts';
import { sha256 } from '../digest.ts';
import { type BundleFile, isBundlePath } from '../manifest.ts';
import { attempt } from './failures.ts';

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** Makes what was written survive a power cut. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
}

/** Counts and hashes what flows through. */
function hashing(): { readonly stream: Transform; result(): { readonly bytes: number; readonly sha256: string } } {
  const hash = createHash('sha256');
  let bytes = 0;
  const stream = new Transform({
    transform(piece: Uint8Array, _, done) {
      hash.update(piece);
      bytes += piece.length;
      done(null, piece);
    },
  });
  return { stream, result: () => ({ bytes, sha256: hash.digest('hex') }) };
}

/** See `BundleFolder`. */
class DirectoryWriter implements BundleFolder {
  readonly path: string;
  readonly files: BundleFile[] = [];
  readonly #partial: string;
  readonly #folders = new Set<string>();

  constructor(path: string) {
    this.path = resolve(path);
    this.#partial = `${this.path}.partial-${randomBytes(4).toString('hex')}`;
  }

  async place(path: string): Promise<string> {
    if (!isBundlePath(path)) throw new VedetteError('internal', { problem: `"${path}" is no path of a bundle` });
    const target = join(this.#partial, path);
    const folder = dirname(target);
    await attempt(folder, 'output-unwritable', async () => makeDirectory(folder, 0o700));
    this.#folders.add(folder);
    return target;
  }

  async adopt(path: string, origin: FileOrigin): Promise<BundleFile | undefined> {
    const target = join(this.#partial, path);
    if (!(await isThere(target))) return undefined;
    const { stream, result } = hashing();
    await attempt(target, 'output-unwritable', async () => {
      await chmod(target, 0o600);
      await pipeline(createReadStream(target), stream.resume());
      await sync(target);
    });
    return this.#listed(path, result(), origin);
  }

  async write(path: string, content: string | Uint8Array, origin: FileOrigin): Promise<BundleFile> {
    await this.writeUnlisted(path, content);
    return this.#listed(path, { bytes: Buffer.byteLength(content), sha256: sha256(content) }, origin);
  }

  async copy(from: string, path: string, origin: FileOrigin): Promise<BundleFile> {
    const target = await this.place(path);
    // Opened first, so that what cannot be read is told from what cannot be written.
    const source = await attempt(from, 'input-unreadable', () => open(from, 'r'));
    const { stream, result } = hashing();
    await attempt(target, 'output-unwritable', async () => {
      await pipeline(source.createReadStream(), stream, createWriteStream(target, { flags: 'wx', mode: 0o600, flush: true }));
    });
    return this.#listed(path, result(), origin);
  }

  async writeUnlisted(path: string, content: string | Uint8Array): Promise<void> {
    const target = await this.place(path);
    await attempt(target, 'output-unwritable', async () => {
      const handle = await open(target, 'wx', 0o600);
      try {
        await handle.writeFile(content);
        await handle.sync();
      } finally {
        await handle.close();
      }
    });
  }

  async publish(): Promise<void> {
    await attempt(this.path, 'output-unwritable', async () => {
      for (const folder of this.#folders) await sync(folder);
      await this.#refuseToReplace();
      await rename(this.#partial, this.path);
      await sync(dirname(this.path));
    });
  }

  async abandon(): Promise<void> {
    await rm(this.#partial, { recursive: true, force: true });
  }

  /** Fails where the bundle could not be put; then nothing is collected for it. */
  async begin(): Promise<void> {
    await this.#refuseToReplace();
    await attempt(this.path, 'output-unwritable', async () => {
      makeDirectory(dirname(this.path));
      await mkdir(this.#partial, { mode: 0o700 });
    });
    this.#folders.add(this.#partial);
  }

  /** Renaming a folder onto one with files fails anyway; onto an empty one it would not. */
  async #refuseToReplace(): Promise<void> {
    if (await isThere(this.path)) throw new VedetteError('output-occupied', { path: this.path });
  }

  #listed(path: string, facts: { readonly bytes: number; readonly sha256: string }, origin: FileOrigin): BundleFile {
    const file = { path, ...facts, ...origin };
    this.files.push(file);
    return file;
  }
}

/** Starts a bundle at a path where nothing is. @throws {VedetteError} `output-occupied`, `output-unwritable` */
export async function createBundleDirectory(path: string): Promise<BundleFolder> {
  const writer = new DirectoryWriter(path);
  await writer.begin();
  return writer;
}
