// vedette exposure accept: a person stands for an open port, until a date.
import type { Command } from 'commander';
import { VedetteError } from '../../../base/errors.ts';
import type { Acceptance } from '../../../model/exposure.ts';
import { endArgument, expiryArgument, stateOption } from './arguments.ts';
import type { ExposureJobs } from './jobs.ts';

interface Options {
  readonly state: string;
  readonly reason?: string;
  readonly expires?: string;
  readonly by?: string;
  readonly withdraw: boolean;
  readonly list: boolean;
  readonly json: boolean;
}

const examples = `
It counts for the machine that has the address now, whatever address it has later; another machine on the same address is not covered.
When it expires, the port is reported again.

Examples:
  vedette exposure accept 203.0.113.7:8080 --reason "demo for the fair" --expires 30d
  vedette exposure accept [2001:db8::7]:53/udp --reason "public resolver" --expires 2027-06-30 --by alice
  vedette exposure accept 203.0.113.7:8080 --withdraw
  vedette exposure accept --list
`;

/** Adds the command. */
export function addExposureAccept(exposure: Command, { accept, acceptances }: ExposureJobs): void {
  exposure
    .command('accept')
    .summary('stand for an open port until a date')
    .description('Records that somebody stands for a port of the newest report, why, and until when.')
    .argument('[end]', 'ADDRESS:PORT, with /udp where it is no TCP')
    .option('--reason <text>', 'why it may be open')
    .option('--expires <date>', 'last day, such as 2027-06-30, or a time from now such as 90d', expiryArgument)
    .option('--by <name>', 'who stands for it (standard: you)')
    .option('--withdraw', 'take it back', false)
    .option('--list', 'show what is accepted', false)
    .option('--json', 'print as JSON', false)
    .option(...stateOption)
    .addHelpText('after', examples)
    .action((end: string | undefined, options: Options) => {
      const { state, json } = options;
      if (options.list) {
        const all = acceptances(state).filter(({ withdrawn }) => withdrawn === undefined);
        process.stdout.write(
          json ? `${JSON.stringify({ schema: 1, acceptances: all }, undefined, 2)}\n` : all.map((one) => `${lineOf(one)}\n`).join(''),
        );
        return;
      }
      const done = accept(state, requestOf(end, options));
      process.stdout.write(json ? `${JSON.stringify({ schema: 1, ...done })}\n` : `${lineOf(done)}\n`);
    });
}

function requestOf(end: string | undefined, { reason, expires, by, withdraw }: Options): Parameters<ExposureJobs['accept']>[1] {
  const usage = (problem: string): VedetteError => new VedetteError('usage', { problem, advice: 'see vedette exposure accept --help' });
  if (end === undefined) throw usage('name the port: ADDRESS:PORT');
  if (!withdraw && (reason === undefined || reason.trim() === '')) throw usage('say why: --reason');
  if (!withdraw && expires === undefined) throw usage('say until when: --expires');
  return { ...endArgument(end), reason: reason ?? '', expires: expires ?? '', withdraw, ...(by !== undefined && { by }) };
}

const lineOf = ({ address, port, protocol, ownerName, reason, by, expires, withdrawn }: Acceptance): string =>
  `${withdrawn ? 'withdrawn' : `accepted until ${expires}`}: ${address}:${port}/${protocol}${ownerName === '' ? '' : ` of ${ownerName}`}, ${reason === '' ? '' : `${reason}, `}by ${by}`;
