// The writer of one journal: appends what a reading changed, then its end; until the end is on disk, nothing has happened.

import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { VedetteError } from '../../base/errors.ts';
import { type EpochMicros, epochMicros } from '../../base/units.ts';
import { syncDirectory } from '../../disk/sync-directory.ts';
import { takeLock } from '../../disk/writer-lock.ts';
import type { InventoryEvent, InventoryHistory } from '../../model/inventory.ts';
import { InventoryReadingFold } from '../../model/inventory-reading.ts';
import { type InventoryChange, InventoryTimeline } from '../../model/inventory-timeline.ts';
import type { InventorySynced, InventoryWriter } from '../inventory-store.ts';
import { type Entry, entryOfChange, entryOfReading, journalVersion, lineOf } from './journal-lines.ts';
import { readJournal } from './read-journal.ts';

/** Standard: a year and a month. */
const keepMicrosStandard = 400 * 86_400e6;
/** A journal is written anew when it has grown this much beyond what it was after the last time. */
const compactionFactor = 4;
const compactionBytes = 4 << 20;
const blockCharacters = 1 << 18;

const unwritable = (path: string, cause: unknown): unknown => {
  const { code } = cause as NodeJS.ErrnoException;
  return cause instanceof VedetteError || code === undefined
    ? cause
    : new VedetteError('state-unwritable', { path, reason: code }, { cause });
};

/** Writes lines in blocks. @returns bytes written */
function writeLines(file: number, entries: Iterable<Entry>): number {
  let block = '';
  let bytes = 0;
  const flush = (): void => {
    const buffer = Buffer.from(block);
    for (let at = 0; at < buffer.length; ) at += writeSync(file, buffer, at);
    bytes += buffer.length;
    block = '';
  };
  for (const entry of entries) {
    block += lineOf(entry);
    if (block.length >= blockCharacters) flush();
  }
  if (block !== '') flush();
  return bytes;
}

/** Holds the lock from `open` to `close`. */
export class JournalWriter implements InventoryWriter {
  readonly notes: readonly string[];
  readonly #path: string;
  readonly #cloud: string;
  readonly #keepMicros: number;
  readonly #unlock: () => void;
  #timeline: InventoryTimeline;
  #file: number;
  #bytes: number;
  /** Size after the last compaction, or when it was opened. */
  #baseBytes: number;

  private constructor(path: string, cloud: string, keepMicros: number, unlock: () => void) {
    this.#path = path;
    this.#cloud = cloud;
    this.#keepMicros = keepMicros;
    this.#unlock = unlock;
    const { timeline, notes, committedBytes } = existsSync(path)
      ? readJournal(path, cloud)
      : { timeline: new InventoryTimeline(cloud), notes: [], committedBytes: 0 };
    this.#timeline = timeline;
    this.notes = notes;
    this.#file = openSync(path, 'a', 0o640);
    ftruncateSync(this.#file, committedBytes);
    this.#bytes = committedBytes === 0 ? writeLines(this.#file, [{ journal: journalVersion, cloud }]) : committedBytes;
    this.#baseBytes = this.#bytes;
  }

  /** @throws {VedetteError} `state-locked`, `state-unwritable`, `state-damaged` */
  static open(path: string, cloud: string, keepMicros = keepMicrosStandard): JournalWriter {
    const unlock = takeLock(`${path}.lock`);
    try {
      return new JournalWriter(path, cloud, keepMicros, unlock);
    } catch (cause) {
      unlock();
      throw unwritable(path, cause);
    }
  }

  get history(): InventoryHistory {
    return this.#timeline;
  }

  get versions(): number {
    return this.#timeline.versionCount;
  }

  get bytes(): number {
    return this.#bytes;
  }

  async sync(events: AsyncIterable<InventoryEvent> | Iterable<InventoryEvent>, at: EpochMicros): Promise<InventorySynced> {
    // Readings are in order, whatever the clock of the machine does.
    const time = epochMicros(Math.max(at, (this.#timeline.lastReadAt ?? 0) + 1));
    const fold = new InventoryReadingFold(this.#timeline, time);
    const changes: InventoryChange[] = [];
    for await (const event of events) changes.push(...fold.take(event));
    const end = fold.finish();
    changes.push(...end.changes);
    const appendedBytes = this.#append(changes.map(entryOfChange), entryOfReading(end.reading));
    for (const change of changes) this.#timeline.apply(change);
    this.#timeline.close(end.reading);
    const gone = end.changes.filter(({ change }) => change === 'gone').length;
    const compacted = this.#compactIfGrown(time);
    return {
      ...{ reading: end.reading, counts: fold.counts, gone, appendedBytes, compacted },
      changed: changes.length - gone,
      bytes: this.#bytes,
    };
  }

  close(): void {
    closeSync(this.#file);
    this.#unlock();
  }

  /** The end of the reading is written only when everything before it is on disk. */
  #append(changes: readonly Entry[], end: Entry): number {
    try {
      let bytes = 0;
      if (changes.length > 0) {
        bytes = writeLines(this.#file, changes);
        fsyncSync(this.#file);
      }
      bytes += writeLines(this.#file, [end]);
      fsyncSync(this.#file);
      this.#bytes += bytes;
      return bytes;
    } catch (cause) {
      ftruncateSync(this.#file, this.#bytes);
      throw unwritable(this.#path, cause);
    }
  }

  /** Writes the journal anew without what is too old. The old file stays until the new one is whole. */
  #compactIfGrown(now: EpochMicros): boolean {
    if (this.#bytes < compactionBytes || this.#bytes < this.#baseBytes * compactionFactor) return false;
    const keepFrom = now - this.#keepMicros;
    const part = `${this.#path}.part`;
    try {
      const file = openSync(part, 'w', 0o640);
      try {
        writeLines(file, this.#entriesSince(keepFrom));
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(part, this.#path);
      closeSync(this.#file);
      this.#file = openSync(this.#path, 'a', 0o640);
      syncDirectory(dirname(this.#path));
    } catch (cause) {
      rmSync(part, { force: true });
      throw unwritable(this.#path, cause);
    }
    const { timeline, committedBytes } = readJournal(this.#path, this.#cloud);
    this.#timeline = timeline;
    this.#bytes = committedBytes;
    this.#baseBytes = committedBytes;
    return true;
  }

  *#entriesSince(keepFrom: number): Iterable<Entry> {
    yield { journal: journalVersion, cloud: this.#cloud };
    for (const one of this.#timeline.replay(keepFrom)) yield 'change' in one ? entryOfChange(one) : entryOfReading(one);
  }
}
