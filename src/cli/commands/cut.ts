// vedette cut: columns of Zeek logs, with zeek-cut's options.
import type { Command } from 'commander';
import { VedetteError } from '../../base/errors.ts';
import type { CutRequest } from '../../workflows/cut.ts';

interface Options {
  readonly c?: true;
  readonly C?: true;
  readonly m?: true;
  readonly M?: true;
  readonly n?: true;
  readonly d?: true;
  readonly u?: true;
  readonly D?: string;
  readonly U?: string;
  readonly F?: string;
  readonly input: readonly string[];
}

const defaultFormat = '%Y-%m-%dT%H:%M:%S%z';

const examples = `
Columns come out in the order given. An unknown column is printed empty, times are cut to whole seconds. Reads JSON logs too: columns
by name, unset ones as a dash. Without --input it reads standard input; with it, files, also .gz and .zst.

Examples:
  vedette cut -d ts id.orig_h id.orig_p id.resp_h id.resp_p service duration < conn.log | sort -nrk7 | head
  vedette cut -u ts uri --input http.log
  cat conn.log | vedette cut -C -n uid history
  vedette cut -D '%H:%M:%S' ts query --input dns.log.gz

Exit codes: 0 done, 1 a header that cannot be understood, 2 bad usage or input, 4 the output cannot be written.
`;

/** Adds the command; `cut` does the work. */
export function addCutCommand(program: Command, cut: (request: CutRequest) => Promise<number>): void {
  program
    .command('cut')
    .summary('print columns of Zeek logs, as zeek-cut does')
    .description('Prints columns of Zeek logs (TSV or JSON), with the options and the output of zeek-cut.')
    .argument('[columns...]', 'names of columns; all without')
    .option('-c', 'include the first header block')
    .option('-C', 'include all header blocks')
    .option('-m', 'include the first header block, only the names')
    .option('-M', 'include all header blocks, only the names')
    .option('-d', 'times as text, in local time')
    .option('-D <format>', 'like -d, in this format (strftime)')
    .option('-u', 'times as text, in UTC')
    .option('-U <format>', 'like -u, in this format (strftime)')
    .option('-F <character>', 'separator of the output')
    .option('-n', 'all columns but the named ones')
    .option('-i, --input <path>', 'log to read (repeatable)', (path: string, before: readonly string[]) => [...before, path], [])
    .addHelpText('after', examples)
    .action(async (columns: readonly string[], options: Options) => {
      process.exitCode = await cut(requestOf(columns, options));
    });
}

const bytesOf = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

function requestOf(columns: readonly string[], options: Options): CutRequest {
  const { F: separator } = options;
  if (separator !== undefined && Buffer.byteLength(separator) !== 1) {
    throw new VedetteError('usage', { problem: 'the separator of -F must be a single character', advice: 'see vedette cut --help' });
  }
  const time = timeOf(options);
  return {
    inputs: options.input.length === 0 ? ['-'] : options.input,
    columns: columns.map(bytesOf),
    negate: options.n === true,
    headers: options.C || options.M ? 'all' : options.c || options.m ? 'first' : 'none',
    minimal: options.m === true || options.M === true,
    ...(time !== undefined && { time }),
    ...(separator !== undefined && { separator }),
  };
}

function timeOf({ d, u, D, U }: Options): CutRequest['time'] {
  if (!d && !u && D === undefined && U === undefined) return undefined;
  const format = U ?? D ?? process.env['ZEEK_CUT_TIMEFMT'] ?? process.env['BRO_CUT_TIMEFMT'] ?? defaultFormat;
  if (format === '') throw new VedetteError('usage', { problem: 'the time format must not be empty', advice: 'see vedette cut --help' });
  return { format, isUtc: u === true || U !== undefined };
}
