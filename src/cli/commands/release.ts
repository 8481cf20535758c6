// vedette release, contain, actions: undoing, looking again, and the journal.
import type { Command } from 'commander';
import { VedetteError } from '../../base/errors.ts';
import type { ActionRecord, ContainmentJobs, ContainmentStatus } from '../../workflows/containment/index.ts';
import { listText, recordText, statusText } from '../output/containment-text.ts';
import { printable } from '../output/printable.ts';
import { showError } from '../output/show-error.ts';
import { confirmed, durationMs, type PlaceOptions, placeOf, type WireOptions, wireOf, withPlace, withWire } from './containment-options.ts';

interface ReleaseOptions extends PlaceOptions {
  readonly expired: boolean;
  readonly reason: string;
  readonly force: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

const releaseExamples = `
Everything is set back to exactly what it was. What somebody changed meanwhile is shown and not overwritten; --force takes back what
vedette changed and keeps what others did since, or says why it cannot.

Examples:
  vedette release web-1
  vedette release 20261129-104512-3f2c --reason "clean, case 17 closed"
  vedette release --expired --yes        for a timer; see docs/guides/containment.md

Exit codes: 0 released, 2 bad usage or unknown, 3 refused, 4 the cloud failed.
`;

const statusExamples = `
Examples:
  vedette contain status                       all machines that are contained
  vedette contain status web-1 --watch --interval 1m

Exit codes: 0 all hold, 1 something does not hold or has expired, 2 bad usage or unknown, 3 refused, 4 the cloud failed.
`;

const actionsExamples = `
Examples:
  vedette actions list
  vedette actions show 20261129-104512-3f2c
  vedette actions resume 20261129-104512-3f2c   finish what was interrupted
  vedette actions verify                        the chain of the journal, and the evidence
`;

const json = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);

/** Without its maps. */
const plain = ({
  id,
  status,
  plannedAt,
  plan,
  evidence,
  verification,
  failure,
  notes,
}: ActionRecord): Readonly<Record<string, unknown>> => ({
  ...{ action: id, status, plannedAt, plan, evidence, verification, failure, notes },
});

function askUnless(yes: boolean): (records: readonly ActionRecord[]) => Promise<boolean> {
  return (records) => {
    if (yes) return Promise.resolve(true);
    process.stderr.write(listText(records));
    return confirmed('Release?');
  };
}

function addRelease(program: Command, jobs: ContainmentJobs): void {
  withPlace(program.command('release').summary('undo: set everything back to what it was'))
    .description('Undoes what isolate and lock did to a machine, or one action by its id.')
    .argument('[what]', 'id or name of a machine, or id of an action')
    .option('--expired', 'all actions whose time is over', false)
    .option('--reason <text>', 'why; it is kept in the journal', 'not given')
    .option('--force', 'merge with what somebody changed meanwhile; delete a snapshot', false)
    .option('-y, --yes', 'do not ask', false)
    .option('--json', 'print the result as JSON', false)
    .addHelpText('after', releaseExamples)
    .action(async (what: string | undefined, options: ReleaseOptions) => {
      if ((what === undefined) !== options.expired) {
        throw new VedetteError('usage', { problem: 'give a machine or an action, or --expired', advice: 'see vedette release --help' });
      }
      const { reason, force, yes } = options;
      const request = { ...placeOf(options), reason, force, confirm: askUnless(yes), ...(what !== undefined && { what }) };
      const { released, failed } = await jobs.release(request);
      if (options.json)
        json({ schema: 1, released: released.map(plain), failed: failed.map(({ id, error }) => ({ id, error: error.message })) });
      else process.stdout.write(released.map((record) => recordText(record, 'released')).join('') || 'nothing to release\n');
      for (const { error } of failed) showError(error);
      if (failed.length > 0) process.exitCode = failed.some(({ error }) => error.kind === 'unavailable') ? 4 : 3;
    });
}

interface StatusOptions extends PlaceOptions {
  readonly watch: boolean;
  readonly interval: number;
  readonly json: boolean;
}

const plainStatus = ({ record, ...rest }: ContainmentStatus): Readonly<Record<string, unknown>> => ({ ...rest, ...plain(record) });

function addContain(program: Command, jobs: ContainmentJobs): void {
  const contain = program
    .command('contain')
    .summary('look whether machines are still contained')
    .description('Machines that are contained.');
  withPlace(contain.command('status'))
    .description('Reads the cloud again and tells what is no longer as it was left: by a tenant, a new card, a mirror.')
    .argument('[what...]', 'ids or names of machines, or ids of actions; all when none is given')
    .option('--watch', 'again and again, until interrupted', false)
    .option('--interval <time>', 'between two looks (standard: 30s)', durationMs, 30_000)
    .option('--json', 'print the result as JSON, one line a look', false)
    .addHelpText('after', statusExamples)
    .action(async (what: readonly string[], options: StatusOptions) => {
      const onStatus = (statuses: readonly ContainmentStatus[]): void => {
        if (options.json) process.stdout.write(`${JSON.stringify({ schema: 1, contained: statuses.map(plainStatus) })}\n`);
        else process.stdout.write(statusText(statuses));
        process.exitCode = statuses.some(({ problems, isExpired }) => problems.length > 0 || isExpired) ? 1 : 0;
      };
      if (!options.watch) {
        onStatus(await jobs.status({ ...placeOf(options), what }));
        return;
      }
      const stop = new AbortController();
      process.once('SIGINT', () => stop.abort());
      await jobs.watch({ ...placeOf(options), what, intervalMs: options.interval, signal: stop.signal, onStatus });
    });
}

interface ActionsOptions extends PlaceOptions, WireOptions {
  readonly force: boolean;
  readonly json: boolean;
}

function addActions(program: Command, jobs: ContainmentJobs): void {
  const actions = program
    .command('actions')
    .summary('the journal of what was done to machines')
    .description('What was done to machines, by whom and why; going on with what was interrupted.')
    .addHelpText('after', actionsExamples);
  const sub = (name: string, description: string): Command =>
    withPlace(actions.command(name).description(description)).option('--json', 'print the result as JSON', false);
  sub('list', 'All actions, oldest first.').action(({ state, json: asJson }: ActionsOptions) => {
    const records = jobs.list({ stateDirectory: state });
    if (asJson) json({ schema: 1, actions: records.map(plain) });
    else process.stdout.write(listText(records));
  });
  sub('show', 'One action with every step of the journal.')
    .argument('<id>', 'id of the action')
    .action((id: string, { state, json: asJson }: ActionsOptions) => {
      const { record, lines } = jobs.show({ stateDirectory: state, id });
      if (asJson) json({ schema: 1, ...plain(record), lines });
      else {
        const steps = lines.map(({ at, step: { action: _, entry, ...rest } }) => printable(`${at} ${entry} ${JSON.stringify(rest)}`));
        process.stdout.write(`${recordText(record, record.plan.name)}${steps.join('\n')}\n`);
      }
    });
  withWire(sub('resume', 'Finishes an action that was interrupted, forwards or back.'))
    .argument('<id>', 'id of the action')
    .option('--force', 'as for vedette release', false)
    .action(async (id: string, options: ActionsOptions) => {
      const record = await jobs.resume({ ...placeOf(options), id, force: options.force, wire: wireOf(options) });
      if (options.json) json({ schema: 1, ...plain(record) });
      else process.stdout.write(recordText(record, 'finished'));
    });
  sub('verify', 'Checks the chain of the journal, and every file of evidence against it.').action(
    ({ state, json: asJson }: ActionsOptions) => {
      const checked = jobs.verify({ stateDirectory: state });
      const { lines, hash, evidence, problems } = checked;
      const text = [
        `${lines} lines are whole; the last has the hash ${hash || 'of nothing'}`,
        `${evidence} files of evidence`,
        ...problems,
      ];
      if (asJson) json({ schema: 1, ...checked });
      else process.stdout.write(`${text.map(printable).join('\n')}\n`);
      if (problems.length > 0) process.exitCode = 1;
    },
  );
}

/** Adds the commands. */
export function addReleaseCommands(program: Command, jobs: ContainmentJobs): void {
  addRelease(program, jobs);
  addContain(program, jobs);
  addActions(program, jobs);
}
