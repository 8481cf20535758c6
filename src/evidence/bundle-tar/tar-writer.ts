// A bundle as one .tar.gz. The same bundle gives the same archive. It has its name only when it is whole.
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, lstat, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { VedetteError } from '../../base/errors.ts';
import type { BundleSource, FoundFile } from '../bundle-source.ts';
import { tarBlock, tarHeader } from './tar-format.ts';

async function* archive(source: BundleSource, folder: string, seconds: number): AsyncIterable<Uint8Array> {
  const found: Extract<FoundFile, { bytes: number }>[] = [];
  for await (const file of source.files()) {
    if ('unsafe' in file) throw new VedetteError('bundle-format', { path: source.path, found: `${file.path} ${file.unsafe}` });
    found.push(file);
  }
  found.sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const { path, bytes, content } of found) {
    yield tarHeader(`${folder}/${path}`, bytes, seconds);
    let size = 0;
    for await (const piece of content) {
      size += piece.length;
      yield piece;
    }
    if (size !== bytes) throw new VedetteError('bundle-format', { path: source.path, found: `${path} changed while it was read` });
    if (bytes % tarBlock !== 0) yield new Uint8Array(tarBlock - (bytes % tarBlock));
  }
  yield new Uint8Array(2 * tarBlock);
}

/**
 * Packs a bundle; `folder` is the one folder in the archive.
 * @throws {VedetteError} `output-occupied`, `output-unwritable`, `bundle-format`
 */
export async function writeBundleTar(source: BundleSource, path: string, folder: string, at: Date): Promise<void> {
  const partial = `${path}.partial-${randomBytes(4).toString('hex')}`;
  try {
    if (await lstat(path).catch(() => undefined)) throw new VedetteError('output-occupied', { path });
    const bytes = Readable.from(archive(source, folder, Math.floor(at.getTime() / 1000)), { objectMode: false });
    await pipeline(bytes, createGzip(), createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true }));
    // A link fails where something is; a rename would replace it.
    await link(partial, path);
  } catch (cause) {
    if (cause instanceof VedetteError) throw cause;
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new VedetteError(reason === 'EEXIST' ? 'output-occupied' : 'output-unwritable', { path, reason }, { cause });
  } finally {
    await rm(partial, { force: true });
  }
}
