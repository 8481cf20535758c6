// Ends a collection: manifest, sums, signature, and the last line of custody that binds them together.
import { type ChainHead, emptyChain } from '../base/hash-chain.ts';
import type { Actor } from '../model/case.ts';
import type { BundleFolder, FileOrigin } from './bundle-folder.ts';
import { custodyLine } from './custody.ts';
import { sha256 } from './digest.ts';
import * as names from './manifest.ts';
import type { SigningKey } from './signature.ts';

/** A collection as it goes: files come in one after the other, each with a line of custody. */
export class Collection {
  readonly folder: BundleFolder;
  readonly #actor: Actor;
  readonly #now: () => Date;
  readonly #gaps: names.BundleGap[] = [];
  #custody = '';
  #head: ChainHead = emptyChain;

  constructor(folder: BundleFolder, actor: Actor, now: () => Date) {
    this.folder = folder;
    this.#actor = actor;
    this.#now = now;
  }

  get gaps(): readonly names.BundleGap[] {
    return this.#gaps;
  }

  /** Says in the custody log what was done. */
  record(what: string, facts: Readonly<Record<string, unknown>> = {}): void {
    const { who, host } = this.#actor;
    const next = custodyLine(this.#head, { at: this.#now().toISOString(), who, host, what, ...facts });
    this.#custody += next.line;
    this.#head = next.head;
  }

  #collected({ path, bytes, sha256: hash, source }: names.BundleFile): void {
    this.record('collected', { path, bytes, sha256: hash, source });
  }

  async write(path: string, content: string | Uint8Array, origin: FileOrigin): Promise<void> {
    this.#collected(await this.folder.write(path, content, origin));
  }

  async copy(from: string, path: string, what: string): Promise<names.BundleFile> {
    const file = await this.folder.copy(from, path, { what, source: from });
    this.#collected(file);
    return file;
  }

  /** Lets `job` write the file; nothing is listed when it writes none. */
  async produce(path: string, origin: FileOrigin, job: (place: string) => Promise<void>): Promise<void> {
    await job(await this.folder.place(path));
    const file = await this.folder.adopt(path, origin);
    if (file !== undefined) this.#collected(file);
  }

  /** Something that should be there and is not. */
  miss(what: string, reason: string): void {
    this.#gaps.push({ what, reason });
    this.record('not collected', { subject: what, reason });
  }

  /** Writes what makes it a bundle, and gives it its name. @returns the SHA-256 of SHA256SUMS */
  async seal(version: string, about: Readonly<Record<string, unknown>>, key: SigningKey | undefined): Promise<string> {
    if (key !== undefined) await this.write(names.publicKeyName, key.publicPem, { what: 'public key of the signature', source: 'vedette' });
    const manifest: names.Manifest = {
      ...{ schema: 1, kind: 'vedette-evidence', createdAt: this.#now().toISOString(), createdBy: this.#actor, version, about },
      files: names.sortedFiles(this.folder.files),
      gaps: this.gaps,
      custody: this.#head,
      ...(key !== undefined && { signingKey: key.fingerprint }),
    };
    await this.folder.write(names.manifestName, `${JSON.stringify(manifest, undefined, 2)}\n`, { what: 'manifest', source: 'vedette' });
    const sums = names.sumsText(this.folder.files);
    const sumsSha256 = sha256(sums);
    this.record('sealed', { sumsSha256, files: this.folder.files.length, ...(key !== undefined && { signingKey: key.fingerprint }) });
    await this.folder.writeUnlisted(names.sumsName, sums);
    if (key !== undefined) await this.folder.writeUnlisted(names.signatureName, key.sign(Buffer.from(sums)));
    await this.folder.writeUnlisted(names.custodyName, this.#custody);
    await this.folder.publish();
    return sumsSha256;
  }
}
