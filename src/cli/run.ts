// Runs one command line and answers with its exit code; the only place that turns errors into sentences on stderr.

import { CommanderError } from 'commander';
import { VedetteError } from '../base/errors.ts';
import { exitCodeOf, showError } from './output/show-error.ts';
import { createProgram } from './program.ts';

/** Commander's codes for having printed what was asked for (`--help`, `--version`). */
const answered = new Set(['commander.helpDisplayed', 'commander.version']);

/**
 * Commander's sentence ("error: unknown option '--jsn'\n(Did you mean --json?)") as ours.
 * No subcommand at all makes Commander print the help to stderr and fail without a sentence.
 */
function usageError(error: CommanderError): VedetteError {
  const [problem = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = rest
    .join(' ')
    .replace(/^\((.*)\)$/, '$1')
    .replace(/\?$/, '');
  const advice = suggestion === '' ? 'see vedette --help' : suggestion.charAt(0).toLowerCase() + suggestion.slice(1);
  return error.code === 'commander.help'
    ? new VedetteError('usage', { problem: 'no command given', advice })
    : new VedetteError('usage', { problem: problem.replace(/\.$/, ''), advice });
}

/** A reader that left early (`vedette … | head`) is no error; anything else on stdout is. */
function tolerateClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

/**
 * Runs `vedette <args>`. Never throws.
 * @returns the exit code: 0 done · 2 input · 3 refused · 4 unavailable · 70 a bug
 */
export async function run(args: readonly string[]): Promise<number> {
  tolerateClosedPipe();
  try {
    await createProgram().parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError && answered.has(error.code)) return 0;
    const shown = error instanceof CommanderError ? usageError(error) : error;
    showError(shown);
    return exitCodeOf(shown);
  }
}
