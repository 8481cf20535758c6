// Checks a bundle: every file against its hash, nothing missing, nothing added, the custody chain, the signature, the time stamp.
// Reads each file once, in pieces; keeps only the small files that the checks need.
import { VedetteError } from '../base/errors.ts';
import type { BundleSource } from './bundle-source.ts';
import { type CustodyEntry, readCustody } from './custody.ts';
import { sha256 } from './digest.ts';
import * as names from './manifest.ts';
import { type BundleProblem, type BundleReading, readBundle, textOf } from './read-bundle.ts';
import type { VerifyingKey } from './signature.ts';
import { verifyingKeyOf } from './signature.ts';
import { checkStamp } from './time-stamp.ts';

/** A time stamp with its DER, for whoever checks the authority's certificates. */
export interface VerifiedStamp {
  readonly at: string;
  readonly request: Uint8Array;
  readonly response: Uint8Array;
}

export interface BundleVerdict {
  readonly isWhole: boolean;
  /** Sorted by path. */
  readonly problems: readonly BundleProblem[];
  readonly files: number;
  readonly bytes: number;
  /** SHA-256 of SHA256SUMS: the one number that stands for the bundle. */
  readonly sumsSha256: string;
  readonly manifest: names.Manifest | undefined;
  /** Fingerprint of the key in the bundle whose signature fits. */
  readonly signedBy: string | undefined;
  /** Whether that key is the one that the caller trusts; undefined when the caller named none. */
  readonly isTrusted: boolean | undefined;
  /** A time stamp of these sums that answers its own request; whether its signature is good is another question. */
  readonly stamp: VerifiedStamp | undefined;
  readonly custody: readonly CustodyEntry[];
}

/** Files against SHA256SUMS. */
function checkFiles({ hashes, contents, problems }: BundleReading): void {
  const sums = names.parseSums(textOf(contents.get(names.sumsName)) ?? '\0');
  if (typeof sums === 'string') {
    problems.push({ path: names.sumsName, kind: 'changed', detail: `cannot be used: ${sums}` });
    return;
  }
  for (const [path, sum] of sums) {
    const hash = hashes.get(path);
    if (hash === undefined) problems.push({ path, kind: 'missing', detail: 'is missing' });
    else if (hash !== sum) problems.push({ path, kind: 'changed', detail: 'was changed: its SHA-256 is another' });
  }
  for (const path of hashes.keys()) {
    if (!sums.has(path) && !names.unlisted.has(path)) problems.push({ path, kind: 'added', detail: 'was added: the sums do not list it' });
  }
}

function parseManifest(bytes: Uint8Array | undefined): names.Manifest | undefined {
  try {
    const value = JSON.parse(textOf(bytes) ?? '') as names.Manifest;
    const isManifest = value.schema === 1 && value.kind === 'vedette-evidence' && Array.isArray(value.files) && Array.isArray(value.gaps);
    return isManifest && typeof value.custody?.hash === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The custody log: unbroken, begun as the manifest says, and sealed over these very sums. */
function checkCustody(
  { contents, problems }: BundleReading,
  manifest: names.Manifest | undefined,
  sumsSha256: string,
): readonly CustodyEntry[] {
  const complain = (detail: string): void => void problems.push({ path: names.custodyName, kind: 'custody', detail });
  const bytes = contents.get(names.custodyName);
  if (bytes === undefined) {
    problems.push({ path: names.custodyName, kind: 'missing', detail: 'is missing' });
    return [];
  }
  const text = textOf(bytes);
  const { entries, heads, broken } = readCustody(text ?? '?');
  if (broken !== undefined) complain(`line ${broken.line} ${text === undefined ? 'is not text' : broken.problem}`);
  if (manifest !== undefined) {
    const { entries: count, hash } = manifest.custody;
    if (broken === undefined && heads[count - 1]?.hash !== hash) complain('does not begin as it did when the bundle was sealed');
  }
  const sealed = entries.find(({ what }) => what === 'sealed');
  if (sealed === undefined) {
    if (broken === undefined) complain('does not say that the bundle was sealed');
  } else if (sealed['sumsSha256'] !== sumsSha256) {
    problems.push({ path: names.sumsName, kind: 'changed', detail: 'was changed: the custody log was sealed over other sums' });
  }
  return entries;
}

/** The key of the bundle, when it is one and the one that the manifest names. */
function checkKey({ contents, problems }: BundleReading, manifest: names.Manifest | undefined): VerifyingKey | undefined {
  const pem = contents.get(names.publicKeyName);
  const key = verifyingKeyOf(textOf(pem) ?? '');
  const named = manifest?.signingKey;
  const detail =
    key === undefined
      ? `is ${pem === undefined ? 'missing' : 'not an Ed25519 public key'}`
      : named !== undefined && named !== key.fingerprint
        ? 'is another key than the manifest names'
        : undefined;
  if (detail !== undefined) problems.push({ path: names.publicKeyName, kind: 'signature', detail });
  return key;
}

/** @returns fingerprint of the bundle's key when its signature fits */
function checkSignature(read: BundleReading, manifest: names.Manifest | undefined, trusted: VerifyingKey | undefined): string | undefined {
  const { contents, problems } = read;
  const complain = (path: string, detail: string): void => void problems.push({ path, kind: 'signature', detail });
  const signature = contents.get(names.signatureName);
  if (signature === undefined && !contents.has(names.publicKeyName) && manifest?.signingKey === undefined) {
    if (trusted !== undefined) complain(names.signatureName, 'is missing: the bundle is not signed');
    return undefined;
  }
  const key = checkKey(read, manifest);
  const sums = contents.get(names.sumsName);
  if (signature === undefined) complain(names.signatureName, 'is missing');
  if (signature === undefined || key === undefined || sums === undefined) return undefined;
  if (!key.verifies(sums, signature)) {
    complain(names.signatureName, `does not fit ${names.sumsName} and ${names.publicKeyName}`);
    return undefined;
  }
  if (trusted !== undefined && trusted.fingerprint !== key.fingerprint) {
    complain(names.publicKeyName, `is not the trusted key (${key.fingerprint}, trusted is ${trusted.fingerprint})`);
  }
  return key.fingerprint;
}

/** @returns when the authority says that the sums were there */
function checkTimeStamp(
  { contents, hashes, problems }: BundleReading,
  custody: readonly CustodyEntry[],
  sumsSha256: string,
): VerifiedStamp | undefined {
  const recorded = custody.findLast(({ what }) => what === 'time-stamped');
  const pieces = [
    [names.stampRequestName, 'requestSha256'],
    [names.stampResponseName, 'responseSha256'],
  ] as const;
  const present = pieces.filter(([name]) => contents.has(name));
  if (present.length === 0 && recorded === undefined) return undefined;
  let isGood = true;
  const complain = (path: string, detail: string): void => {
    isGood = false;
    problems.push({ path, kind: 'time-stamp', detail });
  };
  for (const [name, field] of pieces) {
    if (!contents.has(name)) complain(name, 'is missing');
    else if (recorded?.[field] !== hashes.get(name)) complain(name, 'is not the one that the custody log names');
  }
  if (!isGood) return undefined;
  const request = contents.get(names.stampRequestName) ?? new Uint8Array();
  const response = contents.get(names.stampResponseName) ?? new Uint8Array();
  const checked = checkStamp(Buffer.from(sumsSha256, 'hex'), request, response);
  if ('value' in checked) return { at: checked.value.at, request, response };
  complain(names.stampResponseName, checked.problem);
  return undefined;
}

/**
 * Checks everything that the bundle itself can show. A key in it proves only that nothing changed since it was signed; who signed is
 * proven by `trusted`, a key that came another way.
 */
export async function verifyBundle(source: BundleSource, trusted?: VerifyingKey): Promise<BundleVerdict> {
  const read = await readBundle(source);
  const sums = read.contents.get(names.sumsName);
  if (sums === undefined && !read.hashes.has(names.manifestName)) {
    const [first] = read.problems;
    const found = first === undefined ? `no ${names.sumsName} and no ${names.manifestName}` : `${first.path} ${first.detail}`;
    throw new VedetteError('bundle-format', { path: source.path, found });
  }
  if (sums === undefined) read.problems.push({ path: names.sumsName, kind: 'missing', detail: 'is missing' });
  const sumsSha256 = sha256(sums ?? '');
  if (sums !== undefined) checkFiles(read);
  const manifest = parseManifest(read.contents.get(names.manifestName));
  const custody = checkCustody(read, manifest, sumsSha256);
  const signedBy = checkSignature(read, manifest, trusted);
  const stamp = checkTimeStamp(read, custody, sumsSha256);
  const problems = read.problems.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return {
    ...{ isWhole: problems.length === 0, problems, files: read.hashes.size, bytes: read.bytes, sumsSha256, manifest, signedBy },
    ...{ isTrusted: trusted === undefined ? undefined : signedBy === trusted.fingerprint, stamp, custody },
  };
}
