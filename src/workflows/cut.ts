// The job of `vedette cut`: lines in, columns out.
import { type CutOptions, HeaderError, LogCutter } from './cut/cut-log.ts';

export type { CutOptions } from './cut/cut-log.ts';

export interface CutRequest extends CutOptions {
  /** Logs to read, in order; `-` is standard input. */
  readonly inputs: readonly string[];
}

/** What the job needs of the outside. */
export interface CutDependencies {
  /** Lines without their ends, in blocks; one character a byte. @throws {VedetteError} for what cannot be read */
  readLines(path: string): AsyncIterable<readonly string[]>;
  /** Prints text of one character a byte. */
  write(text: string): Promise<void>;
  /** Says something on standard error. */
  warn(message: string): void;
}

/** Characters gathered before a write. */
const flushCharacters = 1 << 16;

/** Runs one cut. @returns the exit code: 0, or 1 for a header that cannot be understood */
export async function cut(request: CutRequest, { readLines, write, warn }: CutDependencies): Promise<number> {
  const cutter = new LogCutter(request, warn);
  let pending = '';
  try {
    for (const input of request.inputs) {
      for await (const lines of readLines(input)) {
        for (const line of lines) pending += cutter.line(line) ?? '';
        if (pending.length >= flushCharacters) {
          await write(pending);
          pending = '';
        }
      }
    }
    return 0;
  } catch (error) {
    if (!(error instanceof HeaderError)) throw error;
    warn(error.message);
    return 1;
  } finally {
    if (pending !== '') await write(pending);
  }
}
