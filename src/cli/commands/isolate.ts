// vedette isolate, lock, snapshot: one action on one machine.
import { type Command, Option } from 'commander';
import { VedetteError } from '../../base/errors.ts';
import {
  type ActRequest,
  type ActResult,
  type ContainmentJobs,
  type ContainmentStatus,
  type IsolateMode,
  isolateModes,
  type PlannedAction,
} from '../../workflows/containment/index.ts';
import { planText, recordText, statusText } from '../output/containment-text.ts';
import {
  collectCidrs,
  confirmed,
  durationMs,
  type PlaceOptions,
  placeOf,
  type WireOptions,
  wireOf,
  withPlace,
  withWire,
} from './containment-options.ts';

interface ActOptions extends PlaceOptions, WireOptions {
  readonly reason: string;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

interface IsolateOptions extends ActOptions {
  readonly mode: IsolateMode;
  readonly allowFrom: readonly string[];
  readonly mirrored?: 'port-down' | 'refuse';
  readonly expires?: number;
  readonly now: boolean;
  readonly watch: boolean;
}

const isolateExamples = `
Modes:
  egress     nothing leaves that the machine begins; what may come in still may, and is answered
  full       nothing in, nothing out, connections cut; investigators of --allow-from may open connections to it
  port-down  its ports are down: holds whatever the firewall does, also while they are mirrored
  pause      it is stopped with its memory kept, and locked

Examples:
  vedette isolate web-1 --dry-run                                  the exact calls, nothing is sent
  vedette isolate 203.0.113.111 --reason "scans, case 17"          by floating address; asks first
  vedette isolate web-1 --allow-from 198.51.100.0/24 --expires 4h --yes
  vedette isolate web-1 --verify-at qrouter-87913495-e59f-4e70-b1a3-514517ab213d:qr-0f3b1c2d-11
  vedette isolate web-1 --watch                                    and tell when somebody undoes it

Exit codes: 0 contained, 2 bad usage or unknown machine, 3 refused, 4 the cloud failed, or the machine still sends.
`;

const lockExamples = `
Examples:
  vedette lock web-1 --reason "case 17"
  vedette release web-1
`;

const snapshotExamples = `
Examples:
  vedette snapshot web-1 --case 17
  vedette snapshot web-1 --dry-run
`;

const withAct = (command: Command): Command =>
  withWire(withPlace(command.argument('<machine>', 'id, name, address or MAC of the machine')))
    .option('--reason <text>', 'why; it is kept in the journal', 'not given')
    .option('--dry-run', 'show the plan and its calls, and change nothing', false)
    .option('-y, --yes', 'do not ask', false)
    .option('--json', 'print the result as JSON', false);

/** Shows the plan and asks, unless --yes. */
function askUnless(yes: boolean): (plan: PlannedAction) => Promise<boolean> {
  return (plan) => {
    if (yes) return Promise.resolve(true);
    process.stderr.write(planText(plan));
    return confirmed('Do this?');
  };
}

const requestOf = <P>(machine: string, options: ActOptions, parameters: P): ActRequest<P> => ({
  ...placeOf(options),
  ...{ machine, parameters, reason: options.reason, dryRun: options.dryRun, evidenceAfter: false },
  ...{ wire: wireOf(options), confirm: askUnless(options.yes) },
});

const heads: Readonly<Record<Exclude<ActResult['kind'], 'planned'>, string>> = {
  done: 'done',
  resumed: 'finished what was begun',
  already: 'in force already',
};

/** Prints, and fails when the machine is not contained. @throws {VedetteError} `containment-leaks` */
function show(result: ActResult, json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify({ schema: 1, ...jsonOf(result) }, undefined, 2)}\n`);
  else process.stdout.write(result.kind === 'planned' ? planText(result.plan) : recordText(result.record, heads[result.kind]));
  if (result.kind === 'planned') return;
  const { plan, verification } = result.record;
  const { problems = [], wire } = verification ?? {};
  const leaks = wire?.checked === true && !wire.silent ? ['packets still pass'] : [];
  const [what] = [...problems, ...leaks];
  if (what !== undefined) throw new VedetteError('containment-leaks', { machine: plan.machine.name, what });
}

/** A record holds maps; what a program wants of it are the plan, its state and its proof. */
function jsonOf(result: ActResult): Readonly<Record<string, unknown>> {
  if (result.kind === 'planned') return result;
  const { id, status, plan, evidence, verification, made, notes } = result.record;
  return { kind: result.kind, action: id, status, plan, evidence, verification, made: Object.fromEntries(made), notes };
}

async function watchOn(jobs: ContainmentJobs, options: ActOptions, what: string): Promise<void> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const onStatus = (statuses: readonly ContainmentStatus[]): void => void process.stdout.write(statusText(statuses));
  await jobs.watch({ ...placeOf(options), what: [what], intervalMs: 30_000, signal: stop.signal, onStatus });
}

function addIsolate(program: Command, jobs: ContainmentJobs): void {
  const command = program
    .command('isolate')
    .summary('cut a machine off the network, with proof and a way back')
    .description('Cuts a machine off the network, or stops it with its memory kept; keeps evidence first, looks whether it holds.');
  withAct(command)
    .addOption(new Option('--mode <mode>', 'how').choices([...isolateModes]).default('full'))
    .option('--allow-from <cidr>', 'who may still open connections to it, in modes egress and full (repeatable)', collectCidrs, [])
    .addOption(new Option('--mirrored <what>', 'mirrored ports, where security groups do not hold').choices(['port-down', 'refuse']))
    .option('--expires <time>', 'such as 4h: vedette release --expired undoes it after that', durationMs)
    .option('--now', 'change first, keep evidence after', false)
    .option('--watch', 'go on looking whether it holds', false)
    .addHelpText('after', isolateExamples)
    .action(async (machine: string, options: IsolateOptions) => {
      const { mode, allowFrom, expires, now } = options;
      if (allowFrom.length > 0 && (mode === 'pause' || mode === 'port-down')) {
        throw new VedetteError('usage', { problem: `--allow-from has no meaning in mode ${mode}`, advice: 'use --mode full or egress' });
      }
      const mirrored = options.mirrored ?? (mode === 'full' ? 'port-down' : 'refuse');
      const result = await jobs.isolate({
        ...requestOf(machine, options, { mode, allowFrom, mirrored }),
        evidenceAfter: now,
        ...(expires !== undefined && { expiresAt: new Date(Date.now() + expires).toISOString() }),
      });
      show(result, options.json);
      if (options.watch && result.kind !== 'planned') await watchOn(jobs, options, result.record.id);
    });
}

/** Adds the commands. */
export function addActCommands(program: Command, jobs: ContainmentJobs): void {
  addIsolate(program, jobs);
  withAct(program.command('lock').summary('keep the project from starting, stopping or deleting a machine'))
    .description('Locks a machine. The lock does not protect its ports.')
    .addHelpText('after', lockExamples)
    .action(async (machine: string, options: ActOptions) => show(await jobs.lock(requestOf(machine, options, {})), options.json));
  withAct(program.command('snapshot').summary('keep the disk of a machine as an image that cannot be deleted'))
    .description(
      'Makes an image of a machine, in the project of whoever asks, and protects it; snapshots of its volumes, where there are any.',
    )
    .option('--case <id>', 'written into the metadata of the image', '')
    .addHelpText('after', snapshotExamples)
    .action(async (machine: string, options: ActOptions & { readonly case: string }) =>
      show(await jobs.snapshot(requestOf(machine, options, { caseId: options.case })), options.json),
    );
}
