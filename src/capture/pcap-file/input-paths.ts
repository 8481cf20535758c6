// What the person named: files, directories, pipes, standard input. Found, looked at, sorted.
import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { VedetteError } from '../../base/errors.ts';

/** One thing to read. */
export interface CaptureInput {
  /** As the person typed it; for a file of a directory, the directory as typed and the name. */
  readonly path: string;
  /** `file` can be read again from its start; `stream` (standard input, a pipe) cannot. */
  readonly kind: 'file' | 'stream';
  /** Came out of a directory: passed over, not refused, when it is no capture. */
  readonly listed: boolean;
  /** Size when it was listed; 0 for a stream. */
  readonly bytes: number;
}

/** A file of a named directory that is not read, and why. */
export interface SkippedInput {
  readonly path: string;
  readonly reason: string;
}

/** Turns an error of the operating system into the one that a person reads. */
export function inputError(path: string, error: unknown): VedetteError {
  if (error instanceof VedetteError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return new VedetteError('input-missing', { path }, { cause: error });
  const reasons: Record<string, string> = { EACCES: 'permission denied', EPERM: 'not permitted', EIO: 'input/output error' };
  const reason = reasons[code] ?? (error instanceof Error ? error.message : String(error));
  return new VedetteError('input-unreadable', { path, reason }, { cause: error });
}

/**
 * Lists the inputs in the order given, the files of a directory by name (its sub-directories are not entered). A file
 * that is reached twice is read once.
 * @throws {VedetteError} `input-missing`, `input-unreadable`.
 */
export async function listInputs(paths: readonly string[]): Promise<{ inputs: CaptureInput[]; skipped: SkippedInput[] }> {
  const inputs: CaptureInput[] = [];
  const skipped: SkippedInput[] = [];
  const seen = new Set<string>();
  const take = (path: string, stats: Stats, listed: boolean): void => {
    const identity = `${stats.dev}:${stats.ino}`;
    if (seen.has(identity)) skipped.push({ path, reason: 'is named twice' });
    else inputs.push({ path, kind: stats.isFile() ? 'file' : 'stream', listed, bytes: stats.isFile() ? stats.size : 0 });
    seen.add(identity);
  };
  for (const path of paths) {
    if (path === '-') {
      inputs.push({ path, kind: 'stream', listed: false, bytes: 0 });
      continue;
    }
    const stats = await statOf(path);
    if (!stats.isDirectory()) take(path, stats, false);
    else await listDirectory(path, take, skipped);
  }
  return { inputs, skipped };
}

async function listDirectory(
  path: string,
  take: (path: string, stats: Stats, listed: boolean) => void,
  skipped: SkippedInput[],
): Promise<void> {
  const names = await readdir(path).catch((error: unknown) => {
    throw inputError(path, error);
  });
  for (const name of names.sort()) {
    const member = join(path, name);
    const stats = await stat(member).catch((error: unknown) => inputError(member, error));
    if (stats instanceof VedetteError) skipped.push({ path: member, reason: stats.message });
    else if (stats.isFile()) take(member, stats, true);
    else skipped.push({ path: member, reason: stats.isDirectory() ? 'is a directory in a directory' : 'is no file' });
  }
}

async function statOf(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (error) {
    throw inputError(path, error);
  }
}
