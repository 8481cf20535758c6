// The repository itself, for tests that check the house.

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Absolute path of the repository's root. */
export const repository: string = resolve(import.meta.dirname, '../..');

/** The text of one of its files. */
export function readRepositoryFile(path: string): string {
  return readFileSync(join(repository, path), 'utf8');
}
