// Runs one command line and answers with its exit code; the only place that turns errors into sentences on stderr.

import { type Command, CommanderError } from 'commander';
import { VedetteError } from '../base/errors.ts';
import { exitCodeOf, showError } from './output/show-error.ts';
import { createProgram, type Workflows } from './program.ts';

/** Commander's codes for having printed what was asked for (`--help`, `--version`). */
const answered = new Set(['commander.helpDisplayed', 'commander.version']);

/** Where the help for these arguments is: that of the command when they name one. */
function helpFor(program: Command, [first]: readonly string[]): string {
  const command = program.commands.find((one) => one.name() === first);
  return command === undefined ? 'see vedette --help' : `see vedette ${command.name()} --help`;
}

/**
 * Commander's sentence ("error: unknown option '--jsn'\n(Did you mean --json?)") as ours.
 * No command at all makes Commander print the help on stderr and fail without a sentence.
 */
function usageError(error: CommanderError, help: string): VedetteError {
  const [problem = '', hint = ''] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = /^\(Did you mean (.*)\?\)$/.exec(hint)?.[1];
  return new VedetteError('usage', {
    problem: error.code === 'commander.help' ? 'no command given' : problem.replace(/\.$/, ''),
    advice: suggestion === undefined ? help : `did you mean ${suggestion}?`,
  });
}

/**
 * What no command can catch. A reader that left early (`vedette … | head`) is no error; any other failure of standard
 * output is one outside of us; an exception that nobody awaited is a bug.
 */
function guardProcess(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw new VedetteError('output-unwritable', { path: 'standard output', reason: error.code ?? error.message }, { cause: error });
  });
  process.on('uncaughtException', (error) => {
    showError(error);
    process.exit(exitCodeOf(error));
  });
}

/**
 * Runs `vedette <args>`. Never throws.
 * @returns the exit code: 0 done · 1 done, and what was asked about was found · 2 input · 3 refused · 4 unavailable · 70 a bug
 */
export async function run(args: readonly string[], workflows: Workflows): Promise<number> {
  guardProcess();
  const program = createProgram(workflows);
  try {
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError && answered.has(error.code)) return 0;
    const shown = error instanceof CommanderError ? usageError(error, helpFor(program, args)) : error;
    showError(shown);
    return exitCodeOf(shown);
  }
}
