// Failures of the file system in our words.
import { type ErrorCode, VedetteError } from '../../base/errors.ts';

/** Does something with a path; what fails becomes `code`, and a missing path `input-missing` where it was to be read. */
export async function attempt<T>(path: string, code: 'input-unreadable' | 'output-unwritable', job: () => Promise<T>): Promise<T> {
  try {
    return await job();
  } catch (cause) {
    if (cause instanceof VedetteError) throw cause;
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    const found: ErrorCode = code === 'input-unreadable' && (reason === 'ENOENT' || reason === 'ENOTDIR') ? 'input-missing' : code;
    throw new VedetteError(found, { path, reason }, { cause });
  }
}
