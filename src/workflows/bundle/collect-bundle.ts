// The job of `vedette evidence collect`: packets, rows, findings, inventory, the cloud's testimony, journals, clock and tools, sealed.
import { VedetteError } from '../../base/errors.ts';
import { type EpochMicros, epochMicros } from '../../base/units.ts';
import type { Cloud } from '../../cloud/cloud.ts';
import type { BundleFolder, SealedFolder } from '../../evidence/bundle-folder.ts';
import { inventoryExtract } from '../../evidence/inventory-extract.ts';
import { collectTestimony } from '../../evidence/machine-witness.ts';
import { type BundleGap, pathPart } from '../../evidence/manifest.ts';
import { Collection } from '../../evidence/seal-bundle.ts';
import type { SigningKey } from '../../evidence/signature.ts';
import { type AddContext, stampBundle } from '../../evidence/stamp-bundle.ts';
import type { StampAuthority } from '../../evidence/time-stamp.ts';
import type { ReadClock } from '../../host/clock.ts';
import type { Finding } from '../../model/finding.ts';
import type { InventoryHistory } from '../../model/inventory.ts';
import type { OutputDirectory } from '../../store/output-directory.ts';
import type { RecordLookup } from '../../store/record-lookup.ts';
import type { PacketsRequest, PacketsResult } from '../packets.ts';
import { collectPackets } from './collect-packets.ts';

/** What evidence is collected about. */
export interface BundleSubject {
  readonly caseId?: string;
  /** Output directory of analyze. */
  readonly directory: string;
  readonly findings: readonly Finding[];
  /** Their lines, byte for byte. */
  readonly findingLines: string;
  /** run.json, byte for byte. */
  readonly run: string;
  /** Journal of the case. */
  readonly journal?: string;
}

export interface CollectRequest {
  readonly subject: BundleSubject;
  /** Instead of those that run.json names. */
  readonly captures: readonly string[];
  /** Also all packets of the machines, not only those of the findings. */
  readonly allPackets: boolean;
  /** Ids of machines to ask the cloud about. */
  readonly machines: readonly string[];
  readonly cloud?: string;
  readonly out: string;
  /** Also as OUT.tar.gz. */
  readonly tar: boolean;
  /** Private key; unsigned without. */
  readonly keyFile?: string;
  /** Time stamp authority. */
  readonly authorityUrl?: string;
  readonly signal?: AbortSignal;
}

export interface CollectResult {
  readonly path: string;
  readonly tar?: string;
  readonly sumsSha256: string;
  readonly files: number;
  readonly bytes: number;
  readonly gaps: readonly BundleGap[];
  readonly signingKey?: string;
  readonly stampedAt?: string;
  /** Why there is no time stamp, or no archive, although one was asked for. */
  readonly stampFailed?: string;
  readonly tarFailed?: string;
}

/** What the job needs of the outside. */
export interface CollectDependencies extends AddContext {
  readonly version: string;
  /** Versions of what the bundle was made with, by name. */
  readonly tools: Readonly<Record<string, string>>;
  createFolder(path: string): Promise<BundleFolder>;
  openSealed(path: string): SealedFolder;
  writeTar(folder: string, archive: string, at: Date): Promise<void>;
  readKey(path: string): Promise<SigningKey>;
  authority(url: string): StampAuthority;
  readonly readClock: ReadClock;
  /** SHA-256 of a file. @throws {VedetteError} `input-missing`, `input-unreadable` */
  hashFile(path: string): Promise<string>;
  cutPackets(request: PacketsRequest): Promise<PacketsResult>;
  readonly lookUpRecords: RecordLookup;
  openLogs(directory: string): OutputDirectory;
  /** Journals of actions in the state directory. */
  actionJournals(): Promise<readonly string[]>;
  /** @throws {VedetteError} `cloud-config` for a name that is none */
  openCloud(name: string): Promise<Cloud>;
  openInventories(): Promise<readonly InventoryHistory[]>;
}

/** What of an analysis is copied whole. */
const analysisFiles = ['report.html', 'report.md', 'iocs.csv', 'iocs.stix.json'] as const;

const spanOf = (findings: readonly Finding[]): readonly [EpochMicros, EpochMicros] => [
  epochMicros(Math.min(...findings.map(({ firstSeen }) => firstSeen))),
  epochMicros(Math.max(...findings.map(({ lastSeen }) => lastSeen))),
];

/** A failure of one source is a gap; what is not ours (a bug) is not hidden. */
async function orGap(collection: Collection, what: string, job: () => Promise<void>): Promise<void> {
  try {
    await job();
  } catch (error) {
    if (!(error instanceof VedetteError) || error.kind === 'internal' || error.code === 'output-unwritable') throw error;
    collection.miss(what, error.message);
  }
}

async function collectLogs(
  collection: Collection,
  { directory, findings }: BundleSubject,
  dependencies: CollectDependencies,
): Promise<void> {
  const uids = new Set(findings.flatMap(({ records }) => records));
  if (uids.size === 0) return collection.miss('rows of the logs', 'the findings name no connections');
  const place = await collection.folder.place('logs/conn.log');
  const logs = dependencies.openLogs(place.slice(0, -'/conn.log'.length)).openLogs('tsv');
  try {
    await dependencies.lookUpRecords(directory, uids, logs);
  } finally {
    logs.close();
  }
  for (const name of Object.keys(logs.counts())) {
    const origin = { what: `rows of ${name}.log of the findings' connections`, source: `${directory}/${name}.log` };
    await collection.produce(`logs/${name}.log`, origin, async () => {});
  }
}

async function collectInventory(collection: Collection, request: CollectRequest, dependencies: CollectDependencies): Promise<void> {
  if (request.machines.length === 0) return;
  const histories = await dependencies.openInventories();
  const [first, last] = spanOf(request.subject.findings);
  for (const machine of request.machines) {
    let isKnown = false;
    for (const history of histories) {
      const text = inventoryExtract(history, machine, first, last);
      if (text === '') continue;
      isKnown = true;
      const origin = { what: `inventory of ${machine} as of the findings`, source: `inventory of ${history.cloud}` };
      await collection.write(`inventory/${pathPart(history.cloud)}-${pathPart(machine)}.ndjson`, text, origin);
    }
    if (!isKnown) collection.miss(`inventory of ${machine}`, 'no inventory knew it at that time');
  }
}

/** Opened before anything is made: a name that is no cloud is the caller's mistake, a cloud that is away is a gap. */
type OpenedCloud = Cloud | VedetteError | undefined;

async function openedCloud({ cloud: name }: CollectRequest, { openCloud }: CollectDependencies): Promise<OpenedCloud> {
  if (name === undefined) return undefined;
  try {
    return await openCloud(name);
  } catch (error) {
    if (error instanceof VedetteError && error.kind !== 'input') return error;
    throw error;
  }
}

async function collectCloud(collection: Collection, { cloud: name = '', machines }: CollectRequest, cloud: OpenedCloud): Promise<void> {
  if (cloud === undefined) return;
  if (cloud instanceof VedetteError) return collection.miss(`testimony of ${name}`, cloud.message);
  await orGap(collection, `testimony of ${name}`, async () => {
    for (const machine of machines) await collectTestimony(collection, cloud, machine);
  });
  await cloud.close?.();
}

async function collectAnalysis(collection: Collection, { subject }: CollectRequest): Promise<void> {
  const { directory, findingLines, run, journal, caseId } = subject;
  await collection.write('analysis/findings.ndjson', findingLines, { what: 'findings', source: `${directory}/findings.ndjson` });
  await collection.write('analysis/run.json', run, {
    what: 'inputs, version and parameters of the analysis',
    source: `${directory}/run.json`,
  });
  for (const name of analysisFiles) {
    await orGap(collection, name, () => collection.copy(`${directory}/${name}`, `analysis/${name}`, 'of the analysis').then(() => {}));
  }
  if (journal !== undefined) await collection.write('case/journal.ndjson', journal, { what: `journal of ${caseId}`, source: 'case store' });
}

async function collectHost(collection: Collection, dependencies: CollectDependencies): Promise<void> {
  const clock = await dependencies.readClock();
  const text = `${JSON.stringify({ readAt: dependencies.now().toISOString(), ...clock }, undefined, 2)}\n`;
  await collection.write('host/clock.json', text, { what: 'offset of the clock of this host', source: clock.source });
  const tools = `${JSON.stringify(dependencies.tools, undefined, 2)}\n`;
  await collection.write('host/tools.json', tools, { what: 'versions of tools', source: dependencies.actor.host });
  for (const path of await dependencies.actionJournals()) {
    const name = pathPart(path.split('/').at(-1) ?? '');
    await orGap(collection, `journal ${name}`, () => collection.copy(path, `actions/${name}`, 'journal of actions').then(() => {}));
  }
}

function aboutOf({ subject, machines }: CollectRequest): Readonly<Record<string, unknown>> {
  const { caseId, directory, findings } = subject;
  const subjects = [...new Set(findings.map(({ subject: { address } }) => address))].sort();
  return { ...(caseId !== undefined && { case: caseId }), analysis: directory, findings: findings.map(({ id }) => id), subjects, machines };
}

async function collectAll(
  collection: Collection,
  request: CollectRequest,
  cloud: OpenedCloud,
  dependencies: CollectDependencies,
): Promise<void> {
  collection.record('opened', { ...aboutOf(request), tools: dependencies.tools });
  // What is lost first comes first (RFC 3227 §2.1); files on disk can wait.
  await collectCloud(collection, request, cloud);
  await collectHost(collection, dependencies);
  await orGap(collection, 'inventory', () => collectInventory(collection, request, dependencies));
  await collectAnalysis(collection, request);
  await orGap(collection, 'rows of the logs', () => collectLogs(collection, request.subject, dependencies));
  await collectPackets(collection, request, dependencies);
  if (request.signal?.aborted === true) throw new VedetteError('interrupted', { path: 'nothing: no bundle was made' });
}

/**
 * Makes a bundle. What could not be had is named in it; a bundle that could not be finished leaves nothing behind.
 * @throws {VedetteError} `output-occupied`, `output-unwritable`, `key-exposed`, `key-invalid`, `input-missing`
 */
export async function collectBundle(request: CollectRequest, dependencies: CollectDependencies): Promise<CollectResult> {
  const cloud = await openedCloud(request, dependencies);
  const key = request.keyFile === undefined ? undefined : await dependencies.readKey(request.keyFile);
  const folder = await dependencies.createFolder(request.out);
  const collection = new Collection(folder, dependencies.actor, dependencies.now);
  let sumsSha256: string;
  try {
    await collectAll(collection, request, cloud, dependencies);
    sumsSha256 = await collection.seal(dependencies.version, aboutOf(request), key);
  } catch (error) {
    await folder.abandon();
    throw error;
  }
  const stamp = await stampIfAsked(folder.path, request, dependencies);
  const archive = request.tar ? await packed(folder.path, dependencies) : {};
  return {
    ...{ path: folder.path, ...archive, sumsSha256, gaps: collection.gaps, ...stamp },
    ...{ files: folder.files.length, bytes: folder.files.reduce((sum, { bytes }) => sum + bytes, 0) },
    ...(key !== undefined && { signingKey: key.fingerprint }),
  };
}

/** A failure here leaves a whole bundle, of which the case must learn: it is told. */
async function packed(path: string, { writeTar, now }: CollectDependencies): Promise<Pick<CollectResult, 'tar' | 'tarFailed'>> {
  const tar = `${path}.tar.gz`;
  try {
    await writeTar(path, tar, now());
    return { tar };
  } catch (error) {
    return { tarFailed: (error as Error).message };
  }
}

/** The bundle is whole without: a failure here is told, and the stamp can be had later. */
async function stampIfAsked(
  path: string,
  { authorityUrl }: CollectRequest,
  dependencies: CollectDependencies,
): Promise<Pick<CollectResult, 'stampedAt' | 'stampFailed'>> {
  if (authorityUrl === undefined) return {};
  try {
    const { origin } = new URL(authorityUrl);
    return { stampedAt: await stampBundle(dependencies.openSealed(path), dependencies.authority(authorityUrl), origin, dependencies) };
  } catch (error) {
    return { stampFailed: (error as Error).message };
  }
}
