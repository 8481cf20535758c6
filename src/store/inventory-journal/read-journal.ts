// A journal file → the history that it tells. Damage is skipped and said; an unfinished end is dropped.
import { closeSync, openSync, readSync } from 'node:fs';
import { VedetteError } from '../../base/errors.ts';
import type { InventoryReading } from '../../model/inventory.ts';
import { type InventoryChange, InventoryTimeline } from '../../model/inventory-timeline.ts';
import { contentOf, type Entry, entryOf, journalVersion } from './journal-lines.ts';

const blockBytes = 1 << 20;
/** A longer line is damage: the largest item is a security group with thousands of rules. */
const maxLineBytes = 16 << 20;

export interface JournalRead {
  readonly timeline: InventoryTimeline;
  readonly notes: readonly string[];
  /** Where the last finished reading ends: what is behind it does not count. */
  readonly committedBytes: number;
}

interface Line {
  readonly text: string;
  /** Where it ends in the file, its line end included. */
  readonly end: number;
  /** It had its line end. */
  readonly whole: boolean;
}

/** Lines of a file, read in blocks. */
function* linesOf(path: string): Generator<Line> {
  const file = openSync(path, 'r');
  try {
    const block = Buffer.alloc(blockBytes);
    let carry: Buffer = Buffer.alloc(0);
    let at = 0;
    for (let read = readSync(file, block); read > 0; read = readSync(file, block)) {
      const bytes = carry.length === 0 ? Buffer.from(block.subarray(0, read)) : Buffer.concat([carry, block.subarray(0, read)]);
      let start = 0;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
        yield { text: bytes.toString('utf8', start, end), end: at + end + 1, whole: true };
        start = end + 1;
      }
      at += start;
      carry = bytes.subarray(start);
      if (carry.length > maxLineBytes) {
        yield { text: '', end: at + carry.length, whole: true };
        at += carry.length;
        carry = Buffer.alloc(0);
      }
    }
    if (carry.length > 0) yield { text: carry.toString('utf8'), end: at + carry.length, whole: false };
  } finally {
    closeSync(file);
  }
}

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** Applies finished readings only. @throws {VedetteError} `state-damaged` when the file is no journal at all */
export function readJournal(path: string, cloud: string): JournalRead {
  const reading = new JournalReading(path, cloud);
  for (const line of linesOf(path)) reading.take(line);
  return reading.end();
}

class JournalReading {
  readonly #path: string;
  readonly #timeline: InventoryTimeline;
  #pending: InventoryChange[] = [];
  #committedBytes = 0;
  #bytes = 0;
  #damaged = 0;
  #damagedInPending = 0;

  constructor(path: string, cloud: string) {
    this.#path = path;
    this.#timeline = new InventoryTimeline(cloud);
  }

  take({ text, end, whole }: Line): void {
    const entry = whole ? entryOf(text) : undefined;
    const isFirst = this.#bytes === 0;
    this.#bytes = end;
    if (isFirst) {
      // A first line without its end is a journal that was never begun.
      if (!whole) return;
      checkHeader(this.#path, entry);
      this.#committedBytes = end;
      return;
    }
    const content = entry && contentOf(entry);
    if (content === undefined) this.#damagedInPending++;
    else if ('change' in content) this.#pending.push(content);
    else this.#commit(content, end);
  }

  #commit(reading: InventoryReading, end: number): void {
    for (const change of this.#pending) this.#timeline.apply(change);
    this.#timeline.close(reading);
    this.#pending = [];
    this.#committedBytes = end;
    this.#damaged += this.#damagedInPending;
    this.#damagedInPending = 0;
  }

  end(): JournalRead {
    const unfinished = this.#bytes - this.#committedBytes;
    const skipped = plural(this.#damaged, 'damaged line was', 'damaged lines were');
    return {
      timeline: this.#timeline,
      committedBytes: this.#committedBytes,
      notes: [
        ...(this.#damaged > 0 ? [`${this.#path}: ${skipped} skipped; what they told is missing`] : []),
        ...(unfinished > 0
          ? [`${this.#path}: its end (${plural(unfinished, 'byte', 'bytes')} of a reading that was not finished) was dropped`]
          : []),
      ],
    };
  }
}

function checkHeader(path: string, entry: Entry | undefined): void {
  if (entry === undefined || !('journal' in entry))
    throw new VedetteError('state-damaged', { path, problem: 'its first line is not one of ours' });
  if (entry.journal !== journalVersion) throw new VedetteError('state-damaged', { path, problem: `version ${entry.journal}` });
}
