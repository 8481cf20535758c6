// Names that survive a loss of power.
import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Puts a directory's names on disk: a new file is there after a crash only when its directory is. Throws what the system says. */
export function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
