// One writer at a time: a file that names the process. What a dead process left is taken over.
import { readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { VedetteError } from '../base/errors.ts';

/** Between making a lock and writing into it; an empty one that is older was left by a process that died there. */
const emptyLockMs = 10_000;
/** Dead owners that are cleared away in a row before somebody else is taken to be faster. */
const mostTakeovers = 3;

/** When a process began, in clock ticks since boot: field 22 of proc(5) stat. '' where there is no such file. */
function startOf(pid: string): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** Who holds the lock: a process, and its start, since numbers of processes are used again. */
const ourselves = (): string => `${process.pid} ${startOf(String(process.pid))}`;

function isAlive(holder: string): boolean {
  const [pid = '', start = ''] = holder.split(' ');
  if (!/^[1-9]\d*$/.test(pid)) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    // Of another user: alive.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return startOf(pid) === start;
}

/** What stands in the lock; undefined when it was given back meanwhile. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function isHeld(path: string, holder: string): boolean {
  if (holder !== '') return isAlive(holder);
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs < emptyLockMs;
}

/** Takes away the lock of a process that died. Moved first: what another process put there meanwhile goes back. */
function breakLock(path: string, holder: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (read(aside) === holder) unlinkSync(aside);
  else renameSync(aside, path);
}

/** @returns a function that gives the lock back. @throws {VedetteError} `state-locked`, `state-unwritable` */
export function takeLock(path: string): () => void {
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(path, ourselves(), { flag: 'wx', mode: 0o600 });
      return () => unlinkSync(path);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code !== 'EEXIST') throw new VedetteError('state-unwritable', { path, reason: code ?? String(cause) }, { cause });
    }
    const holder = read(path);
    if (holder === undefined) continue;
    if (isHeld(path, holder) || attempt >= mostTakeovers) {
      throw new VedetteError('state-locked', { path, owner: `process ${holder.split(' ')[0] || '?'}` });
    }
    breakLock(path, holder);
  }
}
