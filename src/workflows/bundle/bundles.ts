// The jobs of `vedette evidence`: collect, verify, stamp later, hand over, make a key.
import { VedetteError } from '../../base/errors.ts';
import type { BundleSource } from '../../evidence/bundle-source.ts';
import type { SigningKey, VerifyingKey } from '../../evidence/signature.ts';
import { addCustody, stampBundle } from '../../evidence/stamp-bundle.ts';
import { type BundleVerdict, verifyBundle } from '../../evidence/verify-bundle.ts';
import type { StampChainAnswer, StampChainCheck } from '../../host/stamp-chain.ts';
import type { Cases } from '../case/cases.ts';
import { chosenFindings, readAnalysis } from '../case/read-analysis.ts';
import { type BundleSubject, type CollectDependencies, type CollectRequest, type CollectResult, collectBundle } from './collect-bundle.ts';

export type { CollectRequest, CollectResult } from './collect-bundle.ts';

/** What is checked besides what the bundle itself shows. */
export interface VerifyRequest {
  readonly path: string;
  /** Public key that came another way. */
  readonly trustedKeyFile?: string;
  /** Certificates of the time stamp authority. */
  readonly authorityFile?: string;
}

/** The verdict, and what the authority's certificates say. */
export interface VerifyResult extends BundleVerdict {
  readonly path: string;
  readonly chain?: StampChainAnswer;
}

/** What the jobs need of the outside, besides that of collecting. */
export interface BundleDependencies extends CollectDependencies {
  /** A directory or an archive. */
  openSource(path: string): Promise<BundleSource>;
  createKey(path: string): Promise<SigningKey>;
  readPublicKey(path: string): Promise<VerifyingKey>;
  readonly checkChain: StampChainCheck;
  readText(path: string): Promise<string>;
  absolute(path: string): string;
  /** Where the key is when nobody says. */
  readonly standardKeyFile: string;
  isThere(path: string): Promise<boolean>;
}

/** Where findings come from: a case, or some of an output directory. */
export type CollectWhat = { readonly caseId: string } | { readonly from: string; readonly findings: readonly string[] };

/** The jobs on bundles. */
export class Bundles {
  readonly #cases: Cases;
  readonly #dependencies: BundleDependencies;

  constructor(cases: Cases, dependencies: BundleDependencies) {
    this.#cases = cases;
    this.#dependencies = dependencies;
  }

  get standardKeyFile(): string {
    return this.#dependencies.standardKeyFile;
  }

  /** Collects; a case learns of its bundle. Without a key named, the standard one is used where it is. */
  async collect(what: CollectWhat, request: Omit<CollectRequest, 'subject'>): Promise<CollectResult> {
    const subject = 'caseId' in what ? await this.#ofCase(what.caseId) : await this.#ofFindings(what);
    const { standardKeyFile, isThere } = this.#dependencies;
    const keyFile = request.keyFile ?? ((await isThere(standardKeyFile)) ? standardKeyFile : undefined);
    const result = await collectBundle({ ...request, subject, ...(keyFile !== undefined && { keyFile }) }, this.#dependencies);
    if (subject.caseId !== undefined) {
      const { path, sumsSha256, signingKey } = result;
      await this.#cases.record(subject.caseId, {
        event: 'evidence',
        path,
        sumsSha256,
        ...(signingKey !== undefined && { key: signingKey }),
      });
    }
    return result;
  }

  async verify({ path, trustedKeyFile, authorityFile }: VerifyRequest): Promise<VerifyResult> {
    const { openSource, readPublicKey, checkChain } = this.#dependencies;
    const trusted = trustedKeyFile === undefined ? undefined : await readPublicKey(trustedKeyFile);
    const verdict = await verifyBundle(await openSource(path), trusted);
    if (authorityFile === undefined) return { ...verdict, path };
    const { stamp } = verdict;
    const chain: StampChainAnswer =
      stamp === undefined ? { chain: 'bad', reason: 'there is no time stamp' } : await checkChain({ ...stamp, authorityFile });
    return { ...verdict, path, chain, isWhole: verdict.isWhole && chain.chain !== 'bad' };
  }

  /** @returns when the authority says that it was */
  stamp(path: string, authorityUrl: string): Promise<string> {
    const { openSealed, authority } = this.#dependencies;
    return stampBundle(openSealed(path), authority(authorityUrl), new URL(authorityUrl).origin, this.#dependencies);
  }

  /** Writes down that somebody else has it now. A bundle that is not whole is not handed over. @throws {VedetteError} `bundle-broken` */
  async handOver(path: string, to: string, reason: string | undefined): Promise<void> {
    const { problems, isWhole } = await this.verify({ path });
    if (!isWhole) throw new VedetteError('bundle-broken', { path, problem: `${problems[0]?.path} ${problems[0]?.detail}` });
    const facts = { to, ...(reason !== undefined && { reason }) };
    await addCustody(this.#dependencies.openSealed(path), 'handed over', facts, this.#dependencies);
  }

  /** @returns the fingerprint of the new key */
  async createKey(path: string): Promise<string> {
    return (await this.#dependencies.createKey(path)).fingerprint;
  }

  async #ofCase(caseId: string): Promise<BundleSubject> {
    const { from, findings } = await this.#cases.get(caseId);
    const [findingLines, run, journal] = await Promise.all([
      this.#cases.file(caseId, 'findings.ndjson'),
      this.#cases.file(caseId, 'run.json'),
      this.#cases.journal(caseId),
    ]);
    const parsed = await this.#cases.findings(caseId);
    return { caseId, directory: from, findings: parsed.filter(({ id }) => findings.includes(id)), findingLines, run, journal };
  }

  async #ofFindings({ from, findings: ids }: Extract<CollectWhat, { from: string }>): Promise<BundleSubject> {
    const directory = this.#dependencies.absolute(from);
    const analysis = await readAnalysis(directory, this.#dependencies.readText);
    const findings = chosenFindings(analysis, ids);
    if (findings.length === 0) throw new VedetteError('analysis-empty', { path: directory });
    const findingLines = findings.map(({ id }) => `${analysis.lines.get(id) ?? ''}\n`).join('');
    return { directory, findings, findingLines, run: analysis.run };
  }
}
