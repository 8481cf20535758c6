// Part of the composition root: cases, evidence bundles.

import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { hostname, release, userInfo } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { VedetteError } from './base/errors.ts';
import type { CaseJobs } from './cli/commands/case/index.ts';
import type { Cloud } from './cloud/cloud.ts';
import { directorySource } from './evidence/bundle-directory/directory-source.ts';
import { createBundleDirectory } from './evidence/bundle-directory/directory-writer.ts';
import { openSealedDirectory } from './evidence/bundle-directory/sealed-directory.ts';
import { tarSource } from './evidence/bundle-tar/tar-source.ts';
import { writeBundleTar } from './evidence/bundle-tar/tar-writer.ts';
import { createKeyFile, readKeyFile, readPublicKeyFile } from './evidence/key-file/key-file.ts';
import { httpStampAuthority } from './evidence/tsa-http/tsa-http.ts';
import { hostClock } from './host/clock/host-clock.ts';
import { opensslStampChain } from './host/openssl/openssl-stamp-chain.ts';
import { SpawnRunner } from './host/spawn/spawn-runner.ts';
import type { Actor } from './model/case.ts';
import type { InventoryHistory } from './model/inventory.ts';
import { openCaseDirectory } from './store/case-directory/case-directory.ts';
import { openOutbox } from './store/outbox-directory/outbox-directory.ts';
import { openOutputDirectory } from './store/zeek-log/output-directory.ts';
import { lookUpZeekLogs } from './store/zeek-log/zeek-log-lookup.ts';
import { Bundles } from './workflows/bundle/bundles.ts';
import type { CollectDependencies } from './workflows/bundle/collect-bundle.ts';
import { Cases } from './workflows/case/cases.ts';
import { CaseNotices } from './workflows/case/notify.ts';
import { CasePapers } from './workflows/case/write-papers.ts';

/** What the rest of the composition gives. */
export interface EvidenceParts {
  readonly version: string;
  readonly now: () => Date;
  readonly cutPackets: CollectDependencies['cutPackets'];
  openCloud(name: string): Promise<Cloud>;
  openInventories(stateDirectory: string): Promise<readonly InventoryHistory[]>;
}

function unreadable(path: string, cause: unknown): VedetteError {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new VedetteError(
    code === 'ENOENT' || code === 'ENOTDIR' ? 'input-missing' : 'input-unreadable',
    { path, reason: code },
    { cause },
  );
}

const readText = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((cause: unknown) => {
    throw unreadable(path, cause);
  });

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  return hash.digest('hex');
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Papers that name people are for their owner's eyes. */
async function writeNew(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory, name);
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await writeFile(path, text, { flag: 'wx', mode: 0o600, flush: true });
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
      throw new VedetteError(code === 'EEXIST' ? 'output-occupied' : 'output-unwritable', { path, reason: code }, { cause });
    }
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Who acts: behind sudo the person, not root. A user without an entry in the password file has only a number. */
export function actor(): Actor {
  const host = hostname();
  const person = process.env['SUDO_USER'];
  if (person !== undefined && person !== '') return { who: person, host };
  try {
    return { who: userInfo().username, host };
  } catch {
    return { who: `uid ${process.getuid?.() ?? 'unknown'}`, host };
  }
}

function bundleSource(path: string): ReturnType<typeof directorySource> {
  try {
    return statSync(path).isDirectory() ? directorySource(path) : tarSource(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** Cases and bundles of state directories, wired to the real world. */
export function composeEvidence({ version, now, cutPackets, openCloud, openInventories }: EvidenceParts): {
  readonly cases: CaseJobs;
  readonly bundles: (stateDirectory: string) => Bundles;
} {
  const readClock = hostClock(new SpawnRunner());
  const cases = (stateDirectory: string): Cases =>
    new Cases({
      ...{ store: openCaseDirectory(stateDirectory), now, actor: actor(), readText, absolute: resolve },
      sha256,
    });
  const notices: CaseJobs['notices'] = (stateDirectory, channels = {}) =>
    new CaseNotices({
      ...{ cases: cases(stateDirectory), outbox: openOutbox(stateDirectory, now), now, newId: randomUUID, channels: Object.keys(channels) },
      notifier: async (name) => {
        const settings = Object.hasOwn(channels, name) ? channels[name] : undefined;
        if (settings === undefined)
          throw new VedetteError('channel-unknown', { channel: name, known: Object.keys(channels).join(', ') || 'none' });
        // Loaded when it is needed: sockets and TLS would slow the start of every command.
        const { composeNotifier } = await import('./compose-notify.ts');
        return composeNotifier(name, settings, version, now);
      },
    });
  return {
    cases: {
      ...{ work: cases, notices },
      papers: (stateDirectory) => new CasePapers({ version, cases: cases(stateDirectory), now, sha256, writeNew, absolute: resolve }),
    },
    bundles: (stateDirectory) =>
      new Bundles(cases(stateDirectory), {
        ...{ version, now, actor: actor(), randomBytes, readClock, hashFile, cutPackets, readText, absolute: resolve, isThere },
        tools: { vedette: version, node: process.version, openssl: process.versions.openssl ?? '', linux: release() },
        createFolder: createBundleDirectory,
        openSealed: openSealedDirectory,
        writeTar: (folder, archive, at) => writeBundleTar(directorySource(folder), archive, basename(folder), at),
        readKey: readKeyFile,
        authority: (url) => httpStampAuthority(url),
        lookUpRecords: lookUpZeekLogs,
        openLogs: (path) => openOutputDirectory(path, { force: false, inputs: [], now }),
        // The journal of actions, where the response keeps it.
        actionJournals: async () => {
          const path = join(stateDirectory, 'journal.ndjson');
          return (await isThere(path)) ? [path] : [];
        },
        openSource: async (path) => bundleSource(path),
        openCloud,
        openInventories: () => openInventories(stateDirectory),
        createKey: createKeyFile,
        readPublicKey: readPublicKeyFile,
        checkChain: opensslStampChain(new SpawnRunner()),
        standardKeyFile: join(stateDirectory, 'evidence-key.pem'),
      }),
  };
}
