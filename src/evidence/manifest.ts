// What a bundle says of itself. SHA256SUMS has the format of sha256sum, so that no program of ours is needed to check it;
// manifest.json is listed there and says what each file is, where it came from, and what could not be collected.
import type { ChainHead } from '../base/hash-chain.ts';

/** Files of a bundle with a meaning of their own. */
export const sumsName = 'SHA256SUMS';
export const signatureName = 'SHA256SUMS.sig';
export const manifestName = 'manifest.json';
export const custodyName = 'custody.ndjson';
export const publicKeyName = 'signing-key.pub';
export const stampRequestName = 'timestamp.tsq';
export const stampResponseName = 'timestamp.tsr';

/** Files that come after the sums, and are therefore not among them. */
export const unlisted: ReadonlySet<string> = new Set([sumsName, signatureName, custodyName, stampRequestName, stampResponseName]);

/** One file of a bundle. */
export interface BundleFile {
  /** From the root of the bundle, `/` between folders; only letters, digits, `.`, `_`, `-`. */
  readonly path: string;
  readonly bytes: number;
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
  /** What it is, for a person. */
  readonly what: string;
  /** Where it came from: a file, an API call, a command. */
  readonly source: string;
}

/** Something that should be in the bundle and is not. */
export interface BundleGap {
  readonly what: string;
  readonly reason: string;
}

export interface Manifest {
  readonly schema: 1;
  readonly kind: 'vedette-evidence';
  readonly createdAt: string;
  readonly createdBy: { readonly who: string; readonly host: string };
  readonly version: string;
  /** What it is evidence of. */
  readonly about: Readonly<Record<string, unknown>>;
  readonly files: readonly BundleFile[];
  readonly gaps: readonly BundleGap[];
  /** The custody log as it was before sealing; later lines must follow it. */
  readonly custody: ChainHead;
  /** Fingerprint of the key that signs, absent for an unsigned bundle. */
  readonly signingKey?: string;
}

const pathShape = /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/;

/** Whether a path may be in a bundle: no absolute one, no `..`, nothing hidden, no character that a shell or a terminal minds. */
export const isBundlePath = (path: string): boolean => path.length <= 240 && pathShape.test(path);

/** A name from anywhere as part of a bundle's path. */
export function pathPart(name: string): string {
  const plain = name.replace(/[^\w.-]+/g, '-').replace(/^[.-]+|[.-]+$/g, '');
  return plain === '' ? 'unnamed' : plain.slice(0, 80);
}

const byPath = (a: { readonly path: string }, b: { readonly path: string }): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);

export const sortedFiles = <T extends { readonly path: string }>(files: readonly T[]): T[] => [...files].sort(byPath);

/** The text of SHA256SUMS. */
export const sumsText = (files: readonly { readonly path: string; readonly sha256: string }[]): string =>
  sortedFiles(files)
    .map(({ path, sha256 }) => `${sha256}  ${path}\n`)
    .join('');

/** Hash by path, or what is wrong with the text. */
export function parseSums(text: string): ReadonlyMap<string, string> | string {
  const sums = new Map<string, string>();
  if (text !== '' && !text.endsWith('\n')) return 'its last line has no end';
  let last = '';
  for (const [i, line] of text.split('\n').slice(0, -1).entries()) {
    const [, sha256 = '', path = ''] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    if (sha256 === '' || !isBundlePath(path) || unlisted.has(path)) return `line ${i + 1} is not a hash and a path`;
    if (path <= last) return `line ${i + 1} is out of order`;
    last = path;
    sums.set(path, sha256);
  }
  return sums;
}
