// Reads all files of a bundle once, in pieces: hashes of all, contents only of the small files that the checks need.
import { createHash } from 'node:crypto';
import { VedetteError } from '../base/errors.ts';
import type { BundleSource, FoundFile } from './bundle-source.ts';
import { maxCustodyBytes } from './custody.ts';
import * as names from './manifest.ts';

export interface BundleProblem {
  /** File of the bundle that it is about. */
  readonly path: string;
  readonly kind: 'changed' | 'missing' | 'added' | 'unsafe' | 'custody' | 'signature' | 'time-stamp';
  /** A phrase that follows the path. */
  readonly detail: string;
}

/** Small files that are read into memory. */
const kept = new Set([...names.unlisted, names.manifestName, names.publicKeyName]);
const maxFiles = 200_000;

/** What was read, and what was wrong with it so far. */
export interface BundleReading {
  readonly hashes: Map<string, string>;
  readonly contents: Map<string, Uint8Array>;
  readonly problems: BundleProblem[];
  bytes: number;
}

async function readFile(found: Extract<FoundFile, { bytes: number }>, read: BundleReading): Promise<void> {
  const hash = createHash('sha256');
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const piece of found.content) {
    hash.update(piece);
    size += piece.length;
    if (kept.has(found.path) && size <= maxCustodyBytes) parts.push(Uint8Array.from(piece));
  }
  read.bytes += size;
  read.hashes.set(found.path, hash.digest('hex'));
  if (!kept.has(found.path)) return;
  if (size > maxCustodyBytes) read.problems.push({ path: found.path, kind: 'changed', detail: 'is larger than any such file' });
  else read.contents.set(found.path, Buffer.concat(parts));
}

/** Reads everything. @throws {VedetteError} `bundle-format`, `input-missing`, `input-unreadable` */
export async function readBundle(source: BundleSource): Promise<BundleReading> {
  const read: BundleReading = { hashes: new Map(), contents: new Map(), problems: [], bytes: 0 };
  for await (const found of source.files()) {
    if ('unsafe' in found) read.problems.push({ path: found.path, kind: 'unsafe', detail: found.unsafe });
    else if (read.hashes.has(found.path)) read.problems.push({ path: found.path, kind: 'added', detail: 'is there twice' });
    else if (read.hashes.size >= maxFiles)
      throw new VedetteError('bundle-format', { path: source.path, found: `more than ${maxFiles} files` });
    else await readFile(found, read);
  }
  return read;
}

/** Text in UTF-8; undefined when it is not. */
export function textOf(bytes: Uint8Array | undefined): string | undefined {
  try {
    return bytes === undefined ? undefined : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
