// One writer a journal: a file beside it that names the process. What a dead process left is taken over.
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { VedetteError } from '../base/errors.ts';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When the process began, so that a reused process number is not taken for the owner. Linux; '' elsewhere. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** The process that holds the lock; undefined when none does. */
function ownerOf(path: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const [pid = '', start = ''] = text.trim().split(' ');
  const number = Number(pid);
  if (!Number.isInteger(number) || number <= 0 || !isAlive(number)) return undefined;
  return start === startOf(number) ? `process ${number}` : undefined;
}

/** @returns a function that gives the lock back. @throws {VedetteError} `state-locked`, `state-unwritable` */
export function takeLock(path: string): () => void {
  for (let attempt = 0; ; attempt++) {
    try {
      const file = openSync(path, 'wx', 0o600);
      writeSync(file, `${process.pid} ${startOf(process.pid)}\n`);
      closeSync(file);
      return () => rmSync(path, { force: true });
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code !== 'EEXIST') throw new VedetteError('state-unwritable', { path, reason: code ?? String(cause) }, { cause });
      const owner = ownerOf(path);
      if (owner !== undefined || attempt > 2) throw new VedetteError('state-locked', { path, owner: owner ?? 'unknown' });
      rmSync(path, { force: true });
    }
  }
}
