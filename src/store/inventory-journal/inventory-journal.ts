// Inventory histories in a state directory: one append-only journal a cloud, `inventory/<cloud>.ndjson`.
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { VedetteError } from '../../base/errors.ts';
import type { InventoryOpened, InventoryStore, InventoryWriter } from '../inventory-store.ts';
import { JournalWriter } from './journal-writer.ts';
import { readJournal } from './read-journal.ts';

const suffix = '.ndjson';

/** Names of clouds become names of files: what could leave the directory, or is no name on some system, is written as %XX. */
const fileName = (cloud: string): string =>
  `${cloud.replace(/[^A-Za-z0-9_-]/g, (character) => encodeURIComponent(character).replaceAll('.', '%2E')).slice(0, 200)}${suffix}`;

const cloudOf = (file: string): string => decodeURIComponent(file.slice(0, -suffix.length));

/** The store of one state directory. Nothing is read or made before it is asked. */
export function openInventoryStore(stateDirectory: string): InventoryStore {
  const directory = join(stateDirectory, 'inventory');
  const pathOf = (cloud: string): string => join(directory, fileName(cloud));
  const clouds = (): string[] =>
    existsSync(directory)
      ? readdirSync(directory)
          .filter((name) => name.endsWith(suffix))
          .map(cloudOf)
          .sort()
      : [];
  return {
    clouds,
    open(cloud): InventoryOpened {
      const path = pathOf(cloud);
      if (!existsSync(path)) {
        const others = clouds();
        const which = ` of ${cloud}${others.length === 0 ? '' : ` (only of ${others.join(', ')})`}`;
        throw new VedetteError('inventory-none', { path: stateDirectory, which });
      }
      try {
        const { timeline, notes } = readJournal(path, cloud);
        return { history: timeline, notes, versions: timeline.versionCount, bytes: statSync(path).size };
      } catch (cause) {
        throw readable(cause, path);
      }
    },
    openForWriting(cloud, { keepMicros } = {}): InventoryWriter {
      try {
        makeDirectory(directory);
      } catch (cause) {
        const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
        throw new VedetteError('state-unwritable', { path: directory, reason }, { cause });
      }
      return JournalWriter.open(pathOf(cloud), cloud, keepMicros);
    },
  };
}

/** With its parents. Node's own recursion never ends where the system refuses with ENOENT (below /proc). */
function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeDirectory(parent);
  mkdirSync(path, { mode: 0o750 });
}

function readable(cause: unknown, path: string): unknown {
  const { code } = cause as NodeJS.ErrnoException;
  if (cause instanceof VedetteError || code === undefined) return cause;
  return new VedetteError('input-unreadable', { path, reason: code }, { cause });
}
