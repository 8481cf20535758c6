// Keys in files. A private key is made once, for its owner's eyes only, and never replaced.

import { constants } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { VedetteError } from '../../base/errors.ts';
import { makeDirectory } from '../../disk/make-directory.ts';
import { newPrivateKey, type SigningKey, signingKeyOf, type VerifyingKey, verifyingKeyOf } from '../signature.ts';

const failure = (path: string, cause: unknown, code: 'input-unreadable' | 'output-unwritable'): VedetteError => {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new VedetteError(reason === 'ENOENT' && code === 'input-unreadable' ? 'input-missing' : code, { path, reason }, { cause });
};

async function writeNew(path: string, text: string, mode: number): Promise<void> {
  try {
    makeDirectory(dirname(path), 0o700);
    const handle = await open(path, 'wx', mode);
    await handle
      .writeFile(text)
      .then(() => handle.sync())
      .finally(() => handle.close());
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw new VedetteError('key-exists', { path }, { cause });
    throw failure(path, cause, 'output-unwritable');
  }
}

/** Makes PATH (0600) and PATH.pub. @throws {VedetteError} `key-exists`, `output-unwritable` */
export async function createKeyFile(path: string): Promise<SigningKey> {
  const pem = newPrivateKey();
  await writeNew(path, pem, 0o600);
  const key = signingKeyOf(pem);
  if (key === undefined) throw new VedetteError('internal', { problem: 'a new key cannot be read' });
  await writeNew(`${path}.pub`, key.publicPem, 0o644);
  return key;
}

/** Reads a private key that nobody else may read. @throws {VedetteError} `input-missing`, `key-exposed`, `key-invalid` */
export async function readKeyFile(path: string): Promise<SigningKey> {
  let pem: string;
  try {
    const handle = await open(path, constants.O_RDONLY);
    try {
      const mode = (await handle.stat()).mode & 0o777;
      if ((mode & 0o077) !== 0) throw new VedetteError('key-exposed', { path, mode: mode.toString(8) });
      pem = await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw cause instanceof VedetteError ? cause : failure(path, cause, 'input-unreadable');
  }
  const key = signingKeyOf(pem);
  if (key === undefined) throw new VedetteError('key-invalid', { path, what: 'private' });
  return key;
}

/** Reads a public key. @throws {VedetteError} `input-missing`, `key-invalid` */
export async function readPublicKeyFile(path: string): Promise<VerifyingKey> {
  const pem = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw failure(path, cause, 'input-unreadable');
  });
  const key = verifyingKeyOf(pem);
  if (key === undefined) throw new VedetteError('key-invalid', { path, what: 'public' });
  return key;
}
