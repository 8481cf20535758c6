// Cases as folders that only their owner may read: STATE/cases/<id>/{journal/, findings.ndjson, run.json}.

import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { VedetteError } from '../../base/errors.ts';
import { makeDirectory } from '../../disk/make-directory.ts';
import { type Case, caseOf } from '../../model/case.ts';
import type { Finding } from '../../model/finding.ts';
import { parseFinding } from '../../model/parse-finding.ts';
import type { CaseStore, NewEvent } from '../case-store.ts';
import { appendToJournal, readJournal } from './case-journal.ts';

const idShape = /^case-\d{4}-\d{3,6}$/;
const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

async function writing<T>(path: string, job: () => Promise<T>): Promise<T> {
  try {
    return await job();
  } catch (cause) {
    if (cause instanceof VedetteError) throw cause;
    throw new VedetteError('output-unwritable', { path, reason: codeOf(cause) }, { cause });
  }
}

/** See `CaseStore`. */
class CaseDirectory implements CaseStore {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  async create(event: NewEvent & { readonly event: 'created' }, files: Readonly<Record<string, string>>): Promise<Case> {
    const year = event.at.slice(0, 4);
    await writing(this.path, async () => makeDirectory(this.path, 0o700));
    for (let number = (await this.#lastNumber(year)) + 1; ; number++) {
      const id = `case-${year}-${String(number).padStart(3, '0')}`;
      if (await this.#make(id, event, files)) return this.get(id);
    }
  }

  async list(): Promise<readonly Case[]> {
    const cases: Case[] = [];
    for (const id of (await this.#ids()).sort()) cases.push(await this.get(id));
    return cases;
  }

  async get(id: string): Promise<Case> {
    const { events } = await this.#read(id);
    const made = caseOf(id, events);
    if (made === undefined)
      throw new VedetteError('case-damaged', { path: join(this.path, id), problem: 'it does not begin with its creation' });
    return made;
  }

  async append(id: string, decide: (current: Case) => NewEvent): Promise<Case> {
    await this.get(id);
    const folder = join(this.path, id, 'journal');
    await writing(folder, () =>
      appendToJournal(folder, ({ events }) => {
        const current = caseOf(id, events);
        if (current === undefined) throw new VedetteError('case-damaged', { path: folder, problem: 'it does not begin with its creation' });
        return decide(current);
      }),
    );
    return this.get(id);
  }

  async findings(id: string): Promise<readonly Finding[]> {
    const text = (await this.file(id, 'findings.ndjson')) ?? '';
    return text.split('\n').flatMap((line) => parseFinding(line) ?? []);
  }

  async file(id: string, name: string): Promise<string | undefined> {
    await this.#read(id);
    const path = join(this.path, id, name);
    try {
      return await readFile(path, 'utf8');
    } catch (cause) {
      if (codeOf(cause) === 'ENOENT') return undefined;
      throw new VedetteError('input-unreadable', { path, reason: codeOf(cause) }, { cause });
    }
  }

  async journal(id: string): Promise<string> {
    return (await this.#read(id)).text;
  }

  async #read(id: string): ReturnType<typeof readJournal> {
    if (!idShape.test(id)) throw new VedetteError('case-unknown', { path: this.path, id });
    try {
      return await readJournal(join(this.path, id, 'journal'));
    } catch (cause) {
      if (cause instanceof VedetteError) throw cause;
      if (codeOf(cause) === 'ENOENT') throw new VedetteError('case-unknown', { path: this.path, id }, { cause });
      throw new VedetteError('input-unreadable', { path: join(this.path, id), reason: codeOf(cause) }, { cause });
    }
  }

  async #ids(): Promise<string[]> {
    try {
      return (await readdir(this.path)).filter((name) => idShape.test(name));
    } catch (cause) {
      if (codeOf(cause) === 'ENOENT') return [];
      throw new VedetteError('input-unreadable', { path: this.path, reason: codeOf(cause) }, { cause });
    }
  }

  async #lastNumber(year: string): Promise<number> {
    const numbers = (await this.#ids()).filter((id) => id.startsWith(`case-${year}-`)).map((id) => Number(id.slice(10)));
    return Math.max(0, ...numbers);
  }

  /** Builds a case under another name and renames it; false when the id was taken meanwhile. */
  async #make(id: string, event: NewEvent, files: Readonly<Record<string, string>>): Promise<boolean> {
    const partial = join(this.path, `.${id}.${process.pid}-${Math.trunc(process.uptime() * 1e6)}`);
    return writing(this.path, async () => {
      try {
        makeDirectory(join(partial, 'journal'), 0o700);
        for (const [name, text] of Object.entries(files)) {
          const handle = await open(join(partial, name), 'wx', 0o600);
          await handle
            .writeFile(text)
            .then(() => handle.sync())
            .finally(() => handle.close());
        }
        await appendToJournal(join(partial, 'journal'), () => event);
        await rename(partial, join(this.path, id));
        return true;
      } catch (error) {
        if (codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST') return false;
        throw error;
      } finally {
        await rm(partial, { recursive: true, force: true });
      }
    });
  }
}

/** The cases of a state directory; nothing is read or made before it is asked for. */
export const openCaseDirectory = (stateDirectory: string): CaseStore => new CaseDirectory(join(stateDirectory, 'cases'));
