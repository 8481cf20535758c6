// The composition root: the only file that knows every adapter.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { VedetteError } from './base/errors.ts';
import { epochMicros } from './base/units.ts';
import { openCapture } from './capture/pcap-file/open-capture.ts';
import { PcapngWriter } from './capture/pcap-file/pcapng-writer.ts';
import { showWarning } from './cli/output/show-error.ts';
import type { Workflows } from './cli/program.ts';
import { inventoryFileSchema } from './cloud/inventory-file/file-shape.ts';
import { openInventoryFile } from './cloud/inventory-file/inventory-file.ts';
import { inventoryFileText } from './cloud/inventory-file/write-file.ts';
import type { InventorySource } from './cloud/inventory-source.ts';
import { openOpenstackDump } from './cloud/openstack-dump/openstack-dump.ts';
import { actor, composeEvidence } from './compose-evidence.ts';
import { composeExposure } from './compose-exposure.ts';
import { nodePlatform } from './platform/node-platform.ts';
import { openInventoryStore } from './store/inventory-journal/inventory-journal.ts';
import { openOutputDirectory } from './store/zeek-log/output-directory.ts';
import { readFinding } from './store/zeek-log/read-finding.ts';
import { readLines } from './store/zeek-log/read-lines.ts';
import { lookUpZeekLogs } from './store/zeek-log/zeek-log-lookup.ts';
import { listZeekLogs, looksLikeZeekLog, openZeekLogs } from './store/zeek-log/zeek-log-reader.ts';
import { type AnalyzeDependencies, analyze } from './workflows/analyze.ts';
import { cut } from './workflows/cut.ts';
import { type InventoryDependencies, openInventory, syncInventory } from './workflows/inventory.ts';
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

const inventory: InventoryDependencies = {
  now,
  openStore: openInventoryStore,
  openSource: openInventorySource,
  isState: (path) => existsSync(join(path, 'inventory')),
  openCloud: (cloud) => Promise.reject(new VedetteError('cloud-none', { cloud })),
};

/** Prints text of one character a byte; waits until a slow reader has taken it. */
function writeBytes(text: string): Promise<void> {
  return new Promise((resolve) => {
    if (process.stdout.write(text, 'latin1')) resolve();
    else process.stdout.once('drain', resolve);
  });
}

/** Everything that the command line can do, wired to the real world. */
export function compose(version: string): Workflows {
  const dependencies: AnalyzeDependencies = {
    version,
    platform: nodePlatform,
    now,
    openInputs,
    reopenCaptures,
    lookUpRecords: lookUpZeekLogs,
    openInventory: (choice) => openInventory(choice, inventory),
    openOutput: (path, force) => openOutputDirectory(path, force, now),
  };
  const packets: PacketsDependencies = {
    version,
    openCaptures: (paths) => openCapture(paths, { digest: false }),
    createWriter: (path, { replace, comment, application }) =>
      PcapngWriter.create(path, { replace, section: { comment, userApplication: application } }),
    lookUpRecords: lookUpZeekLogs,
    readFinding,
  };
  return {
    analyze: (request) => analyze(request, dependencies),
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
    ...composeEvidence({ version, now, cutPackets: (request) => cutPackets(request, packets) }),
  };
}
