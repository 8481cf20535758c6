// The journal: append-only NDJSON, each line bound to the one before it by its hash (RFC 6962 gave the idea, not the tree). Nothing is
// done to the cloud before the line that announces it is on disk.
import { createHash } from 'node:crypto';
import { VedetteError } from '../base/errors.ts';
import type { JournalEntry, JournalLine } from './journal-entry.ts';

/** Where a journal is kept. Every write is on disk when it returns. */
export interface JournalFile {
  readonly path: string;
  read(): string;
  append(text: string): void;
  /** Cuts the file to its first bytes. */
  truncate(bytes: number): void;
  /** Number and hash of the last line, kept apart from the lines; undefined when there is none yet. */
  readHead(): JournalHead | undefined;
  writeHead(head: JournalHead): void;
}

export interface JournalHead {
  readonly number: number;
  readonly hash: string;
}

/** What the first line is bound to. */
const root = '0'.repeat(64);

const hashOf = (line: Omit<JournalLine, 'hash'>): string => createHash('sha256').update(JSON.stringify(line)).digest('hex');

/** One line of the file. @returns undefined when it is not what was written after `previous` */
function readLine(text: string, { number, hash }: JournalHead): JournalLine | undefined {
  try {
    const { hash: claimed, ...rest } = JSON.parse(text) as JournalLine;
    const isNext = rest.number === number + 1 && rest.previous === hash;
    // Spelled out anew: two lines with the same meaning and other bytes are not the same line.
    return isNext && hashOf(rest) === claimed && JSON.stringify({ ...rest, hash: claimed }) === text
      ? { ...rest, hash: claimed }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Reads and checks a whole journal. @throws {VedetteError} `journal-broken` */
export function readJournal(file: JournalFile): { readonly lines: readonly JournalLine[]; readonly wholeBytes: number } {
  const text = file.read();
  const lines: JournalLine[] = [];
  let last: JournalHead = { number: 0, hash: root };
  const pieces = text.split('\n');
  const torn = pieces.pop() ?? '';
  const broken = (problem: string): VedetteError => new VedetteError('journal-broken', { path: file.path, line: last.number + 1, problem });
  for (const piece of pieces) {
    const line = readLine(piece, last);
    if (line === undefined) throw broken('its text, number or hash does not follow from the line before');
    lines.push(line);
    last = line;
  }
  const head = file.readHead();
  // The head is written after the line: after a crash it may be behind, never ahead.
  if (head !== undefined && head.number > last.number) throw broken('lines are missing at the end');
  if (head !== undefined && head.number > 0 && lines[head.number - 1]?.hash !== head.hash) throw broken('the head does not match');
  return { lines, wholeBytes: Buffer.byteLength(text) - Buffer.byteLength(torn) };
}

/** A journal that is open for writing. One writer at a time; see state-directory.ts. */
export class Journal {
  readonly #file: JournalFile;
  readonly #now: () => Date;
  readonly #lines: JournalLine[];

  /** Reads and checks what is there; a last line that was cut short by a crash was never acted on, and is removed. */
  constructor(file: JournalFile, now: () => Date) {
    this.#file = file;
    this.#now = now;
    const { lines, wholeBytes } = readJournal(file);
    this.#lines = [...lines];
    file.truncate(wholeBytes);
  }

  get lines(): readonly JournalLine[] {
    return this.#lines;
  }

  /** On disk when it returns. */
  append(step: JournalEntry): void {
    const last = this.#lines.at(-1);
    const line = { number: this.#lines.length + 1, at: this.#now().toISOString(), previous: last?.hash ?? root, step };
    // Through JSON once: what is hashed is what a reader will see.
    const plain = JSON.parse(JSON.stringify(line)) as Omit<JournalLine, 'hash'>;
    const whole: JournalLine = { ...plain, hash: hashOf(plain) };
    this.#file.append(`${JSON.stringify(whole)}\n`);
    this.#lines.push(whole);
    this.#file.writeHead({ number: whole.number, hash: whole.hash });
  }
}
