// Programs by child_process: argument arrays, a plain environment, a time-out, bounded output.
import { execFile } from 'node:child_process';
import { VedetteError } from '../../base/errors.ts';
import { type CommandRunner, programs } from '../command-runner.ts';

const maxBytes = 4 << 20;

/** Where programs are looked for: not in the caller's PATH, which may lead anywhere. */
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** See `CommandRunner`. Nothing of our environment (it may hold secrets) is passed on. */
export const spawnRunner: CommandRunner = (program, args, { timeoutMs = 10_000, signal } = {}) =>
  new Promise((resolve, reject) => {
    if (!programs.includes(program)) throw new VedetteError('internal', { problem: `${program} is not on the list of programs` });
    const options = {
      env: { PATH: path, LC_ALL: 'C.UTF-8' },
      timeout: timeoutMs,
      maxBuffer: maxBytes,
      killSignal: 'SIGKILL' as const,
      signal,
    };
    execFile(program, args, options, (error, stdout, stderr) => {
      const code = error?.code;
      if (error === null || typeof code === 'number') resolve({ status: error === null ? 0 : Number(code), stdout, stderr });
      else if (code === 'ENOENT') reject(new VedetteError('program-missing', { program }, { cause: error }));
      else
        reject(new VedetteError('program-failed', { program, reason: code ?? `no answer within ${timeoutMs / 1000} s` }, { cause: error }));
    });
  });
