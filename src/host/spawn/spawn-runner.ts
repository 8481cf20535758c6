// Starts programs with Node: from an allow-list, at known places, with a small environment, bounded in time and output.
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { VedetteError } from '../../base/errors.ts';
import { allowedPrograms, type CommandRequest, type CommandResult, type CommandRunner, type Program } from '../command-runner.ts';
import { OutputLines } from './output-lines.ts';

/** Where systems keep them; PATH is not asked, since whoever sets it would choose the program. */
const folders = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];
/** Between asking a program to end and ending it. */
const graceMs = 2000;
const standardOutputBytes = 1 << 20;

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

function pathOf(program: Program): string {
  if (!allowedPrograms.includes(program)) throw new VedetteError('internal', { problem: `${program} is not an allowed program` });
  const path = folders.map((folder) => join(folder, program)).find(isExecutable);
  if (path === undefined) throw new VedetteError('program-missing', { program });
  return path;
}

/** Program and arguments; a namespace is entered by `ip`, which then becomes the program. */
function commandLine({ program, args, namespace }: CommandRequest): [string, readonly string[]] {
  if (namespace === undefined) return [pathOf(program), args];
  if (!/^[A-Za-z0-9][\w.-]{0,254}$/.test(namespace)) throw new VedetteError('internal', { problem: `"${namespace}" is no namespace` });
  return [pathOf('ip'), ['netns', 'exec', namespace, pathOf(program), ...args]];
}

/** Ends a program: by request, then by force. */
function end(child: ChildProcess): void {
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), graceMs);
  child.once('exit', () => clearTimeout(force));
}

/** The adapter for this machine. */
export class SpawnRunner implements CommandRunner {
  async run(request: CommandRequest): Promise<CommandResult> {
    const [path, args] = commandLine(request);
    const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: folders.join(':'), LC_ALL: 'C' }, shell: false });
    const limit = request.maxOutputBytes ?? standardOutputBytes;
    const out = new OutputLines(limit, request.onLine && ((line) => request.onLine?.(line, 'stdout')));
    const err = new OutputLines(limit, request.onLine && ((line) => request.onLine?.(line, 'stderr')));
    child.stdout.on('data', (bytes: Buffer) => out.add(bytes));
    child.stderr.on('data', (bytes: Buffer) => err.add(bytes));
    let ended: CommandResult['ended'];
    const stop = (why: 'timeout' | 'stopped'): void => {
      ended ??= why;
      end(child);
    };
    const onAbort = (): void => stop('stopped');
    const timer = setTimeout(() => stop('timeout'), request.timeoutMs);
    if (request.signal?.aborted) onAbort();
    request.signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const code = await new Promise<number | null>((resolve, reject) => {
        child.once('error', (cause) =>
          reject(new VedetteError('program-failed', { program: request.program, reason: cause.message }, { cause })),
        );
        child.once('close', (exit) => resolve(exit));
      });
      return { code, stdout: out.finish(), stderr: err.finish(), truncated: out.truncated || err.truncated, ...(ended && { ended }) };
    } finally {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', onAbort);
    }
  }
}
