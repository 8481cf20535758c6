// An output directory on disk. Never touches a file that is not vedette's.
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { VedetteError } from '../../base/errors.ts';
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
  let room: KeptRoom | undefined;
  const write = (name: string, content: string): void => writeFile(join(path, name), content);
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

function writeFile(file: string, content: string): void {
  try {
    writeFileSync(`${file}.part`, content);
    renameSync(`${file}.part`, file);
  } catch (cause) {
    rmSync(`${file}.part`, { force: true });
    throw new VedetteError('output-unwritable', { path: file, reason: reasonOf(cause) }, { cause });
  }
}

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
