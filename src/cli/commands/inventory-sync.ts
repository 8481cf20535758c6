// vedette inventory sync: reads a cloud into the history.
import type { Command } from 'commander';
import { formatInstant } from '../../base/units.ts';
import { visible } from '../../base/visible.ts';
import { loadConfig } from '../../config/load-config.ts';
import { type CloudSynced, type SyncRequest, standardState } from '../../workflows/inventory.ts';
import { instantText } from '../output/inventory-tables.ts';
import { printJson } from '../output/item-json.ts';
import { showError, showWarning } from '../output/show-error.ts';
import { collectTexts, durationArgument } from './arguments.ts';

const examples = `
Only what changed is written. A kind that cannot be read completely never makes anything disappear. When the cloud does not answer,
the last known state stays. Where the configuration has notifications, --every also reads what the cloud says has changed, at once.

Examples:
  vedette inventory sync --cloud lab --every 60s
  vedette inventory sync --from inventory.yaml
  vedette inventory sync --from dumps/                    what "openstack server list --all-projects --long -f json > dumps/servers.json" printed

Exit codes: 0 done, 2 bad input, 3 the state is locked or newer, 4 the cloud does not answer or the state cannot be written.
`;

interface SyncOptions {
  readonly state?: string;
  readonly cloud?: string;
  readonly from: readonly string[];
  readonly every?: number;
  readonly keep?: number;
  readonly config?: string;
  readonly json: boolean;
}

/** Adds the command. */
export function addInventorySync(inventory: Command, sync: (request: SyncRequest) => Promise<void>): void {
  inventory
    .command('sync')
    .summary('read a cloud into the history')
    .description('Reads a cloud (or files that describe one) and keeps what changed since the last time.')
    .option('--cloud <name>', 'cloud of clouds.yaml; with --from, the name to keep it under')
    .option('--from <path>', 'inventory.yaml, or lists of the openstack command: files or a directory (repeatable)', collectTexts, [])
    .option('--every <time>', 'read again and again, such as 60s', durationArgument)
    .option('--keep <time>', 'how long to keep what no longer holds (standard: 400d)', durationArgument)
    .option('--state <dir>', `state directory (standard: ${standardState})`)
    .option('--config <file>', 'configuration (YAML), for notifications; see vedette config explain')
    .option('--json', 'print what was read as JSON, one line a reading', false)
    .addHelpText('after', examples)
    .action(async (options: SyncOptions) => {
      const { notifications } = options.every === undefined ? {} : loadConfig(options.config);
      const stop = new AbortController();
      const onInterrupt = (): void => (stop.signal.aborted ? process.exit(130) : stop.abort());
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onInterrupt);
      try {
        await sync({
          ...{ state: options.state ?? standardState, from: options.from, signal: stop.signal },
          ...(options.cloud !== undefined && { cloud: options.cloud }),
          ...(options.every !== undefined && { everySeconds: options.every }),
          ...(options.keep !== undefined && { keepSeconds: options.keep }),
          ...(notifications !== undefined && { notifications }),
          onSynced: (synced) => showSynced(synced, options.json),
          onFailed: showError,
          onNote: showWarning,
        });
      } finally {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onInterrupt);
      }
    });
}

function showSynced(synced: CloudSynced, json: boolean): void {
  const { cloud, counts, changed, gone, reading, notes, bytes, appendedBytes, seconds, compacted, kinds } = synced;
  if (json) {
    printJson({
      schema: 1,
      cloud,
      at: formatInstant(reading.at),
      counts,
      changed,
      gone,
      gaps: reading.gaps,
      notes,
      appendedBytes,
      bytes,
      seconds,
      compacted,
      ...(kinds !== undefined && { kinds }),
    });
    return;
  }
  for (const note of notes) showWarning(note);
  for (const { kind, detail } of reading.gaps) showWarning(`${kind} are not all known: ${detail}`);
  const read = Object.entries(counts).flatMap(([kind, count]) => (count === 0 ? [] : [`${count.toLocaleString('en')} ${kind}`]));
  const kept = `${bytes.toLocaleString('en')} bytes kept`;
  const what = kinds === undefined ? '' : ` ${kinds.join(', ')}`;
  process.stdout.write(`${visible(`${cloud} ${instantText(reading.at)}${what}: ${changed} new or changed, ${gone} gone (${kept})`)}\n`);
  process.stdout.write(`  ${read.join(', ')}\n`);
}
