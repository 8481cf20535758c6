// An output directory on disk. Never touches a file that is not vedette's.

import { closeSync, existsSync, ftruncateSync, openSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { VedetteError } from '../../base/errors.ts';
import { makeDirectory } from '../../disk/make-directory.ts';
import { replaceFile } from '../../disk/replace-file.ts';
import { recordTypes } from '../../model/records/index.ts';
import type { OutputDirectory } from '../output-directory.ts';
import { KeptRoom, roomName } from './kept-room.ts';
import { writeWhole } from './write-whole.ts';
import { ZeekLogWriter } from './zeek-log-writer.ts';

const names = [
  ...Object.keys(recordTypes).map((name) => `${name}.log`),
  ...['findings.ndjson', 'report.html', 'report.md', 'run.json', 'iocs.csv', 'iocs.stix.json', 'iocs.intel', 'iocs.rules'],
];
/** Names that an analysis writes; `--force` replaces these and nothing else. A run that was killed may leave the last ones. */
const ownNames = new Set([...names, ...names.map((name) => `${name}.part`), roomName]);
/** Bytes that a file of `begin` is longer than its content: what replaces it says more. */
const reserveBytes = 1 << 14;

const reasonOf = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? String(cause);

export interface OutputDirectoryOptions {
  /** Whether what an earlier run wrote there is replaced. */
  readonly force: boolean;
  /** Files that the run reads: these are never replaced. */
  readonly inputs: readonly string[];
  /** Wall clock for the headers of logs. */
  readonly now: () => Date;
}

/** An empty directory, or with `force` one without our own files. */
function clear(path: string, { force, inputs }: OutputDirectoryOptions): void {
  if (existsSync(path) && !statSync(path).isDirectory()) throw new VedetteError('output-not-directory', { path });
  makeDirectory(path);
  const present = readdirSync(path);
  if (present.length > 0 && !force) throw new VedetteError('output-exists', { path });
  const own = present.filter((name) => ownNames.has(name)).map((name) => join(path, name));
  const read = new Set(inputs.filter((input) => existsSync(input)).map((input) => realpathSync(input)));
  for (const file of own) if (existsSync(file) && read.has(realpathSync(file))) throw new VedetteError('output-is-input', { path: file });
  for (const file of own) rmSync(file);
}

/**
 * Makes sure of the directory.
 * @throws {VedetteError} `output-exists`, `output-not-directory`, `output-is-input`, `output-unwritable`
 */
export function openOutputDirectory(path: string, options: OutputDirectoryOptions): OutputDirectory {
  const { now } = options;
  try {
    clear(path, options);
  } catch (cause) {
    if (cause instanceof VedetteError) throw cause;
    throw new VedetteError('output-unwritable', { path, reason: reasonOf(cause) }, { cause });
  }
  let room: KeptRoom | undefined;
  const write = (name: string, content: string): void => replaceFile(join(path, name), content);
  return {
    path,
    openLogs: (format) => new ZeekLogWriter({ directory: path, format, now }),
    write,
    begin(name, content) {
      write(name, content + padding(reserveBytes));
      room = new KeptRoom(path);
    },
    releaseRoom: () => room?.release(),
    replace(name, content) {
      try {
        write(name, content);
      } catch (error) {
        if (!overwrite(join(path, name), content)) throw error;
      }
    },
  };
}

/** Spaces and a line end, which JSON may end with. */
const padding = (bytes: number): string => `${' '.repeat(Math.max(0, bytes - 1))}\n`;

/** Writes over a file, in the room that it has. @returns whether it could */
function overwrite(file: string, content: string): boolean {
  let descriptor: number | undefined;
  try {
    const bytes = Buffer.from(content);
    if (statSync(file).size < bytes.length) return false;
    descriptor = openSync(file, 'r+');
    writeWhole(descriptor, bytes, 0);
    ftruncateSync(descriptor, bytes.length);
    return true;
  } catch {
    return false;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
