// The composition root: the only file that knows every adapter.
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { VedetteError } from './base/errors.ts';
import { epochMicros } from './base/units.ts';
import { openCapture } from './capture/pcap-file/open-capture.ts';
import { PcapngWriter } from './capture/pcap-file/pcapng-writer.ts';
import { showWarning } from './cli/output/show-error.ts';
import type { Workflows } from './cli/program.ts';
import type { Cloud, CloudChoice } from './cloud/cloud.ts';
import { inventoryFileSchema } from './cloud/inventory-file/file-shape.ts';
import { openInventoryFile } from './cloud/inventory-file/inventory-file.ts';
import { inventoryFileText } from './cloud/inventory-file/write-file.ts';
import type { InventorySource } from './cloud/inventory-source.ts';
import { openOpenstackDump } from './cloud/openstack-dump/openstack-dump.ts';
import type { SurveyedCloud } from './cloud/survey.ts';
import { actor, composeEvidence } from './compose-evidence.ts';
import { composeExposure } from './compose-exposure.ts';
import { SpawnRunner } from './host/spawn/spawn-runner.ts';
import type { InventoryHistory } from './model/inventory.ts';
import { nodePlatform } from './platform/node-platform.ts';
import { StateDirectory } from './response/state-directory.ts';
import { usualTimes } from './response/wire/wire-watch.ts';
import { openInventoryStore } from './store/inventory-journal/inventory-journal.ts';
import { openOutputDirectory } from './store/zeek-log/output-directory.ts';
import { readFinding } from './store/zeek-log/read-finding.ts';
import { readLines } from './store/zeek-log/read-lines.ts';
import { lookUpZeekLogs } from './store/zeek-log/zeek-log-lookup.ts';
import { listZeekLogs, looksLikeZeekLog, openZeekLogs } from './store/zeek-log/zeek-log-reader.ts';
import { type AnalyzeDependencies, analyze } from './workflows/analyze.ts';
import { checkCloud } from './workflows/check-cloud.ts';
import { type ContainmentJobs, containmentJobs } from './workflows/containment/index.ts';
import { cut } from './workflows/cut.ts';
import { type InventoryDependencies, openInventory, openInventoryOrCloud, syncInventory } from './workflows/inventory.ts';
import { cutPackets, type PacketsDependencies } from './workflows/packets.ts';

/** Once more, for the packets of findings; a digest of the same bytes would be the same. */
const reopenCaptures: AnalyzeDependencies['reopenCaptures'] = (paths) => openCapture(paths, { digest: false });

const now = (): Date => new Date();

/** What one path of the command line is, by its name and, for a directory, by what lies in it. */
function kindOf(path: string): 'capture' | 'log' | 'logs' {
  if (path === '-') return 'capture';
  try {
    if (!statSync(path).isDirectory()) return looksLikeZeekLog(path) ? 'log' : 'capture';
    return readdirSync(path, { recursive: true }).some((name) => looksLikeZeekLog(String(name))) ? 'logs' : 'capture';
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new VedetteError('input-missing', { path }, { cause });
    throw new VedetteError('input-unreadable', { path, reason: code ?? String(cause) }, { cause });
  }
}

/** Opens captures and Zeek logs, each kind as one source. */
async function openInputs(paths: readonly string[]): ReturnType<AnalyzeDependencies['openInputs']> {
  const captures: string[] = [];
  const logs: string[] = [];
  for (const path of paths) {
    const kind = kindOf(path);
    if (kind === 'capture') captures.push(path);
    else logs.push(...(kind === 'log' ? [path] : await listZeekLogs(path)));
  }
  return {
    ...(captures.length > 0 && { packets: await openCapture(captures, { digest: true }) }),
    ...(logs.length > 0 && { records: await openZeekLogs(logs) }),
  };
}

/** One file that holds a map is an inventory file; lists, and directories of them, are what the openstack command printed. */
function openInventorySource(paths: readonly string[]): InventorySource {
  const [path = ''] = paths;
  const isFile = paths.length === 1 && statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  const isMap = isFile && (!path.endsWith('.json') || !/^\s*\[/.test(readFileSync(path, 'utf8').slice(0, 1000)));
  return isMap ? openInventoryFile(path) : openOpenstackDump(paths);
}

const inventoryOf = (version: string): InventoryDependencies => ({
  now,
  openStore: openInventoryStore,
  openSource: openInventorySource,
  isState: (path) => existsSync(join(path, 'inventory')),
  openCloud: (name) => openCloudOf(version, { name }),
  openNotifications: async (address) => {
    const { osloNotifications } = await import('./cloud/oslo-notifications/oslo-notifications.ts');
    return osloNotifications(address, { env: process.env });
  },
});

/** The histories of all clouds that a state directory keeps. */
function openInventories(stateDirectory: string): Promise<readonly InventoryHistory[]> {
  const store = openInventoryStore(stateDirectory);
  return Promise.resolve(store.clouds().map((cloud) => store.open(cloud).history));
}

/** Prints text of one character a byte; waits until a slow reader has taken it. */
function writeBytes(text: string): Promise<void> {
  return new Promise((resolve) => {
    if (process.stdout.write(text, 'latin1')) resolve();
    else process.stdout.once('drain', resolve);
  });
}

/** The one place where a cloud is chosen: by name, an OpenStack of clouds.yaml, or `fake:FILE`. */
async function openCloudOf(version: string, choice: CloudChoice): Promise<Cloud> {
  const { name } = choice;
  if (!name?.startsWith('fake:')) return openSurveyedCloud(version, choice);
  const { openFake } = await import('./cloud/fake/open-fake.ts');
  return openFake(name.slice('fake:'.length));
}

/** Such as `20261129-104512-3f2c`: sorts by time, and two people do not meet. */
const newActionId = (): string => {
  const digits = now().toISOString().replaceAll(/[-:]/g, '');
  return `${digits.slice(0, 8)}-${digits.slice(9, 15)}-${randomBytes(2).toString('hex')}`;
};

const person = (): string => {
  const { who, host } = actor();
  return `${who}@${host}`;
};

const containmentOf = (version: string): ContainmentJobs =>
  containmentJobs({
    openCloud: (choice) => openCloudOf(version, choice),
    openState: (path) => new StateDirectory(path),
    runner: new SpawnRunner(),
    now,
    sleep: (ms) => setTimeout(ms),
    newActionId,
    person,
    wireTimes: usualTimes,
  });

/** Loaded when it is needed: commands without a cloud start without its HTTP client. */
async function openSurveyedCloud(version: string, choice: CloudChoice): Promise<Cloud & SurveyedCloud> {
  const { openCloud } = await import('./cloud/openstack/open-cloud.ts');
  return openCloud({ ...choice, version });
}

/** Everything that the command line can do, wired to the real world. */
export function compose(version: string): Workflows {
  const inventory = inventoryOf(version);
  const dependencies: AnalyzeDependencies = {
    version,
    platform: nodePlatform,
    now,
    openInputs,
    reopenCaptures,
    lookUpRecords: lookUpZeekLogs,
    openInventory: (choice) => openInventoryOrCloud(choice, inventory),
    openOutput: (path, options) => openOutputDirectory(path, { ...options, now }),
  };
  const packets: PacketsDependencies = {
    version,
    openCaptures: (paths) => openCapture(paths, { digest: false }),
    createWriter: (path, { replace, inputs, comment, application }) =>
      PcapngWriter.create(path, { replace, inputs, section: { comment, userApplication: application } }),
    lookUpRecords: lookUpZeekLogs,
    readFinding,
  };
  return {
    analyze: (request) => analyze(request, dependencies),
    checkCloud: (request) => checkCloud(request, (choice) => openSurveyedCloud(version, choice)),
    containment: containmentOf(version),
    cut: (request) => cut(request, { readLines, write: writeBytes, warn: (message) => showWarning(`cut: ${message}`) }),
    cutPackets: (request) => cutPackets(request, packets),
    inventory: {
      open: (choice) => openInventory(choice, inventory),
      sync: (request) => syncInventory(request, inventory),
      text: inventoryFileText,
      schema: inventoryFileSchema,
      now: () => epochMicros(now().getTime() * 1000),
    },
    exposure: composeExposure({
      ...{ version, now, openInputs, platform: nodePlatform, actor: () => actor().who },
      openInventory: (choice) => openInventory(choice, inventory),
    }),
    ...composeEvidence({
      ...{ version, now, cutPackets: (request) => cutPackets(request, packets) },
      openCloud: (name) => openCloudOf(version, { name }),
      openInventories,
    }),
  };
}
