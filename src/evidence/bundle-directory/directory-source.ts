// The files of a bundle that lies in a directory. Links are named and never followed.
import { createReadStream, type Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundleSource, FoundFile } from '../bundle-source.ts';
import { isBundlePath } from '../manifest.ts';
import { attempt } from './failures.ts';

const maxDepth = 12;

/** What a thing is that is neither a file nor a folder. */
const kindOf = (entry: { isSymbolicLink(): boolean }): string =>
  entry.isSymbolicLink() ? 'is a symbolic link' : 'is a device, pipe or socket';

async function* readPieces(path: string): AsyncIterable<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>;
  } catch (cause) {
    await attempt(path, 'input-unreadable', () => Promise.reject(cause));
  }
}

async function* walk(root: string, below: string, depth: number): AsyncIterable<FoundFile> {
  const folder = join(root, below);
  const entries = await attempt(folder, 'input-unreadable', () => readdir(folder, { withFileTypes: true }));
  if (entries.length === 0 && below !== '') yield { path: below, unsafe: 'is an empty folder, which was added' };
  for (const entry of entries) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory() && depth < maxDepth) yield* walk(root, path, depth + 1);
    else yield await foundAt(root, path, entry);
  }
}

async function foundAt(root: string, path: string, entry: Dirent): Promise<FoundFile> {
  if (!entry.isFile()) return { path, unsafe: kindOf(entry) };
  if (!isBundlePath(path)) return { path, unsafe: 'was added: no file of a bundle is called so' };
  const full = join(root, path);
  const { size } = await attempt(full, 'input-unreadable', () => lstat(full));
  return { path, bytes: size, content: readPieces(full) };
}

/** The bundle in this directory. */
export const directorySource = (path: string): BundleSource => ({ path, files: () => walk(path, '', 0) });
