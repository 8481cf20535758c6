// One run on disk while it is written: plan, hosts line by line, then whatever is made of them.

import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { VedetteError } from '../../base/errors.ts';
import { replaceFile } from '../../disk/replace-file.ts';
import { takeLock } from '../../disk/writer-lock.ts';
import type { MeasuredHost } from '../../model/exposure.ts';
import type { RunPlan, RunWriter } from '../exposure-archive.ts';
import { reasonOf } from './lines.ts';

/** Ends a line that was cut, so that the next one begins where a line begins. */
function openForLines(path: string): number {
  const file = openSync(path, 'a+', 0o640);
  const { size } = fstatSync(file);
  const last = new Uint8Array(1);
  if (size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a) writeSync(file, '\n');
  return file;
}

/** @throws {VedetteError} `state-locked`, `output-unwritable` */
export function openRun(directory: string, plan: RunPlan): RunWriter {
  const unlock = takeLock(join(directory, 'lock'));
  const path = join(directory, 'hosts.ndjson');
  let file: number;
  try {
    file = openForLines(path);
  } catch (cause) {
    unlock();
    throw new VedetteError('output-unwritable', { path, reason: reasonOf(cause) }, { cause });
  }
  return {
    plan,
    directory,
    addHost(host: MeasuredHost) {
      try {
        writeSync(file, `${JSON.stringify(host)}\n`);
      } catch (cause) {
        throw new VedetteError('output-unwritable', { path, reason: reasonOf(cause) }, { cause });
      }
    },
    write: (name, content) => replaceFile(join(directory, name), content),
    close() {
      closeSync(file);
      unlock();
    },
  };
}
