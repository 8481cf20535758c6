// The state directory on disk: the journal, its head, evidence, and the lock that lets one process at a time change things.

import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { VedetteError } from '../base/errors.ts';
import { makeDirectory } from '../disk/make-directory.ts';
import { syncDirectory } from '../disk/sync-directory.ts';
import { takeLock } from '../disk/writer-lock.ts';
import type { EvidenceKeeper } from './evidence.ts';
import type { JournalFile, JournalHead } from './journal.ts';

/** Runs something on the disk; failures name the path. */
function onDisk<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof VedetteError) throw cause;
    throw new VedetteError('state-unwritable', { path, reason: (cause as NodeJS.ErrnoException).code ?? String(cause) }, { cause });
  }
}

/** Writes a whole file so that it is on disk, new or old, never half. */
function writeDurably(path: string, folder: string, text: string): void {
  const temporary = `${path}.new`;
  const file = openSync(temporary, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  syncDirectory(folder);
}

/** The journal's file. */
class DiskJournal implements JournalFile {
  readonly path: string;
  readonly #folder: string;
  readonly #headPath: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.path = join(folder, 'journal.ndjson');
    this.#headPath = join(folder, 'journal.head');
  }

  read(): string {
    return onDisk(this.path, () => (existsSync(this.path) ? readFileSync(this.path, 'utf8') : ''));
  }

  append(text: string): void {
    onDisk(this.path, () => {
      const isNew = !existsSync(this.path);
      const file = openSync(this.path, 'a', 0o600);
      try {
        writeSync(file, text);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      if (isNew) syncDirectory(this.#folder);
    });
  }

  truncate(bytes: number): void {
    if (!existsSync(this.path) || statSync(this.path).size <= bytes) return;
    onDisk(this.path, () => {
      const file = openSync(this.path, 'r+');
      try {
        ftruncateSync(file, bytes);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    });
  }

  readHead(): JournalHead | undefined {
    if (!existsSync(this.#headPath)) return undefined;
    try {
      return JSON.parse(readFileSync(this.#headPath, 'utf8')) as JournalHead;
    } catch (cause) {
      throw new VedetteError('journal-broken', { path: this.#headPath, line: 1, problem: 'it is no JSON' }, { cause });
    }
  }

  writeHead(head: JournalHead): void {
    onDisk(this.#headPath, () => writeDurably(this.#headPath, this.#folder, `${JSON.stringify(head)}\n`));
  }
}

/** One state directory. */
export class StateDirectory implements EvidenceKeeper {
  readonly path: string;
  readonly journal: JournalFile;

  /** Makes the directory when it is not there yet; only its owner may read it. */
  constructor(path: string) {
    this.path = path;
    onDisk(path, () => makeDirectory(path, 0o700));
    this.journal = new DiskJournal(path);
  }

  keep(action: string, name: string, text: string): string {
    const within = join('evidence', action);
    const folder = join(this.path, within);
    onDisk(folder, () => {
      makeDirectory(folder, 0o700);
      writeDurably(join(folder, name), folder, text);
    });
    return join(within, name);
  }

  /** Runs `work` alone in this directory. @throws {VedetteError} `state-locked` */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const release = takeLock(join(this.path, 'lock'));
    try {
      return await work();
    } finally {
      release();
    }
  }
}
