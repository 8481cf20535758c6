// An output directory on disk. Never touches a file that is not vedette's.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VedetteError } from '../../base/errors.ts';
import { recordTypes } from '../../model/records/index.ts';
import type { OutputDirectory } from '../output-directory.ts';
import { ZeekLogWriter } from './zeek-log-writer.ts';

/** Names that an analysis writes; `--force` replaces these and nothing else. */
const ownNames = new Set([
  ...Object.keys(recordTypes).map((name) => `${name}.log`),
  'findings.ndjson',
  'report.html',
  'report.md',
  'run.json',
  'iocs.csv',
  'iocs.stix.json',
  'iocs.intel',
  'iocs.rules',
]);

const reasonOf = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? String(cause);

/**
 * Makes sure of an empty (or, with `force`, cleared of our own files) directory.
 * @throws {VedetteError} `output-exists`, `output-unwritable`
 */
export function openOutputDirectory(path: string, force: boolean, now: () => Date): OutputDirectory {
  try {
    if (existsSync(path) && !statSync(path).isDirectory()) throw new VedetteError('output-exists', { path });
    mkdirSync(path, { recursive: true });
    const present = readdirSync(path);
    if (present.length > 0 && !force) throw new VedetteError('output-exists', { path });
    for (const name of present) if (ownNames.has(name)) rmSync(join(path, name));
  } catch (cause) {
    if (cause instanceof VedetteError) throw cause;
    throw new VedetteError('output-unwritable', { path, reason: reasonOf(cause) }, { cause });
  }
  return {
    path,
    openLogs: (format) => new ZeekLogWriter({ directory: path, format, now }),
    write(name, content) {
      const file = join(path, name);
      try {
        writeFileSync(`${file}.part`, content);
        renameSync(`${file}.part`, file);
      } catch (cause) {
        rmSync(`${file}.part`, { force: true });
        throw new VedetteError('output-unwritable', { path: file, reason: reasonOf(cause) }, { cause });
      }
    },
  };
}
