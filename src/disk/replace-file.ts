// Files that are seen whole or not at all.
import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { VedetteError } from '../base/errors.ts';

/**
 * Writes a file beside its place and moves it in; a file that was there stays until then.
 * @param mode permissions of the file, whatever the umask. Default: the umask decides.
 * @throws {VedetteError} `output-unwritable`
 */
export function replaceFile(path: string, content: string, mode?: number): void {
  const part = `${path}.part`;
  try {
    writeFileSync(part, content);
    if (mode !== undefined) chmodSync(part, mode);
    renameSync(part, path);
  } catch (cause) {
    rmSync(part, { force: true });
    throw new VedetteError('output-unwritable', { path, reason: (cause as NodeJS.ErrnoException).code ?? String(cause) }, { cause });
  }
}
