// The journal of one case: a folder with one file an entry, numbered, each holding the hash of the one before. An entry is written
// under another name and then linked to its number: the link fails when another process took the number, so that writers need no
// lock that a crash could leave behind, and a reader never sees half an entry. `cat journal/*` is the hash-chained NDJSON.
import { createHash, randomBytes } from 'node:crypto';
import { link, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { VedetteError } from '../../base/errors.ts';
import { type ChainHead, chainLine, checkLine, emptyChain } from '../../base/hash-chain.ts';
import type { JournalledEvent } from '../../model/case.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const nameOf = (sequence: number): string => `${String(sequence).padStart(6, '0')}.json`;
const isEntry = (name: string): boolean => /^\d{6}\.json$/.test(name);

/** Many more than people write at once. */
const maxAttempts = 1000;

/** What a journal holds. */
export interface JournalContent {
  readonly events: readonly JournalledEvent[];
  readonly head: ChainHead;
  readonly text: string;
}

/** Reads and checks a journal. @throws {VedetteError} `case-damaged` */
export async function readJournal(folder: string): Promise<JournalContent> {
  const names = (await readdir(folder)).filter(isEntry).sort();
  const events: JournalledEvent[] = [];
  let text = '';
  let head = emptyChain;
  for (const [i, name] of names.entries()) {
    const line = await readFile(join(folder, name), 'utf8');
    const checked =
      name === nameOf(i + 1) && line.endsWith('\n') ? checkLine(head, line.slice(0, -1), sha256) : { problem: 'follows a gap' };
    if (checked.problem !== undefined)
      throw new VedetteError('case-damaged', { path: join(folder, name), problem: `entry ${name} ${checked.problem}` });
    ({ head } = checked);
    text += line;
    const { sequence: _, previous: __, hash: ___, ...event } = checked.entry;
    events.push(event as unknown as JournalledEvent);
  }
  return { events, head, text };
}

async function writeNew(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  await handle
    .writeFile(text)
    .then(() => handle.sync())
    .finally(() => handle.close());
}

/** Takes the next number for an entry; false when another process has it. */
async function take(folder: string, head: ChainHead, event: JournalledEvent): Promise<boolean> {
  const { line } = chainLine(head, { ...event }, sha256);
  const partial = join(folder, `.${randomBytes(8).toString('hex')}.part`);
  await writeNew(partial, `${line}\n`);
  try {
    await link(partial, join(folder, nameOf(head.entries + 1)));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(partial, { force: true });
  }
}

/** Adds what `decide` makes of the journal as it is. @throws {VedetteError} `case-busy`, `case-damaged`, and what `decide` throws */
export async function appendToJournal(folder: string, decide: (content: JournalContent) => JournalledEvent): Promise<void> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const content = await readJournal(folder);
    if (await take(folder, content.head, decide(content))) return;
  }
  throw new VedetteError('case-busy', { path: folder });
}
