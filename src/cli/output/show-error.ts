// An error as a person meets it: one line on stderr, an exit code by kind, a trace only when asked for.

import { type ErrorKind, VedetteError } from '../../base/errors.ts';

/** Design §5, "The command line". */
const exitCodes: Record<ErrorKind, number> = { input: 2, refused: 3, unavailable: 4, internal: 70 };

/** Anything thrown as one of ours; what is not from the catalogue is a bug and says so. */
function asVedetteError(error: unknown): VedetteError {
  if (error instanceof VedetteError) return error;
  const problem = error instanceof Error ? error.message : String(error);
  return new VedetteError('internal', { problem }, { cause: error });
}

/** The process exit code for an error. */
export function exitCodeOf(error: unknown): number {
  return exitCodes[asVedetteError(error).kind];
}

/** Control characters, which a file name or an address from the wire may hold, would reach the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what we look for
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/** Prints one line on stderr, and the stack with its causes when VEDETTE_DEBUG is set. */
export function showError(error: unknown): void {
  const shown = asVedetteError(error);
  process.stderr.write(`vedette: ${shown.message.replace(control, ' ')}\n`);
  if (!process.env['VEDETTE_DEBUG']) return;
  for (let at: unknown = shown; at instanceof Error; at = at.cause) process.stderr.write(`${at.stack ?? at.message}\n`);
}

/** Prints one line on stderr about something that was passed over. */
export function showWarning(text: string): void {
  process.stderr.write(`vedette: ${text.replace(control, ' ')}\n`);
}
