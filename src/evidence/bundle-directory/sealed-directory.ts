// A finished bundle on disk: custody grows, nothing else changes.
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { VedetteError } from '../../base/errors.ts';
import type { SealedFolder } from '../bundle-folder.ts';
import { custodyName } from '../manifest.ts';
import { attempt } from './failures.ts';

async function writeNew(path: string, content: Uint8Array | string): Promise<void> {
  await attempt(path, 'output-unwritable', async () => {
    const handle = await open(path, 'wx', 0o600);
    await handle
      .writeFile(content)
      .then(() => handle.sync())
      .finally(() => handle.close());
  });
}

/** Beside the bundle, because a file in it would be one that was added. */
async function lock(path: string): Promise<() => Promise<void>> {
  const name = `${path}.lock`;
  try {
    await (await open(name, 'wx', 0o600)).close();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw new VedetteError('bundle-busy', { path }, { cause });
    await attempt(name, 'output-unwritable', () => Promise.reject(cause));
  }
  return () => rm(name, { force: true });
}

/** The bundle at a path. */
export function openSealedDirectory(given: string): SealedFolder {
  const path = resolve(given);
  const read = async (name: string): Promise<Uint8Array | undefined> => {
    try {
      return await readFile(join(path, name));
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      return attempt(join(path, name), 'input-unreadable', () => Promise.reject(cause));
    }
  };
  return {
    path,
    read,
    async add(files, custody) {
      const unlock = await lock(path);
      try {
        const log = Buffer.from((await read(custodyName)) ?? '').toString('utf8');
        const line = custody(log);
        for (const [name, content] of Object.entries(files)) await writeNew(join(path, name), content);
        // Replaced as a whole: a line that was cut by a crash would break the chain.
        const next = `${path}.custody-next`;
        await rm(next, { force: true });
        await writeNew(next, `${log}${line}`);
        await attempt(join(path, custodyName), 'output-unwritable', () => rename(next, join(path, custodyName)));
      } finally {
        await unlock();
      }
    },
  };
}
