// Files of one JSON value a line: read as far as they are whole.
import { readFileSync } from 'node:fs';
import { VedetteError } from '../../base/errors.ts';

export const reasonOf = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? String((cause as Error).message ?? cause);

/** The text; undefined when there is no such file. @throws {VedetteError} `input-unreadable` */
export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new VedetteError('input-unreadable', { path, reason: reasonOf(cause) }, { cause });
  }
}

/** Whole lines; a last one that was cut, or one that was damaged, is passed over. */
export function linesOf<T>(path: string): T[] {
  const values: T[] = [];
  for (const line of (textOf(path) ?? '').split('\n')) {
    if (line === '') continue;
    try {
      values.push(JSON.parse(line) as T);
    } catch {
      // The process ended while it wrote this.
    }
  }
  return values;
}
