// The job of `vedette isolate`, `lock` and `snapshot`: plan, ask, keep evidence, carry out, verify.
import { VedetteError } from '../../base/errors.ts';
import type { WireCall } from '../../cloud/cloud.ts';
import type { Action, Plan } from '../../response/action.ts';
import { type ActionRecord, actionRecords, isOpenOn } from '../../response/action-record.ts';
import { sameState } from '../../response/change.ts';
import { begin, carryOut, recordOf, type SettleContext } from '../../response/executor.ts';
import type { Parameter } from '../../response/journal-entry.ts';
import { plannedCalls } from '../../response/planned-calls.ts';
import type { StateDirectory } from '../../response/state-directory.ts';
import { observe } from '../../response/targets/index.ts';
import { actorOf, type ContainmentDependencies, type ContainmentPlace, findOneMachine, settleContext, withCloud } from './dependencies.ts';
import { evidenceFirst, type Found, keepEvidence } from './keep-evidence.ts';
import { verify } from './verify.ts';
import { type WireRequest, watchWire } from './watch-wire.ts';

export interface ActRequest<P> extends ContainmentPlace {
  /** Id, name, address or MAC. */
  readonly machine: string;
  readonly parameters: P;
  readonly reason: string;
  /** ISO 8601; when `release --expired` undoes it. */
  readonly expiresAt?: string;
  readonly dryRun: boolean;
  /** Change first, keep evidence after. */
  readonly evidenceAfter: boolean;
  readonly wire: WireRequest;
  /** Asks a person. */
  readonly confirm: (plan: PlannedAction) => Promise<boolean>;
}

/** A plan as a person sees it. */
export interface PlannedAction {
  readonly machine: { readonly id: string; readonly name: string; readonly projectId: string };
  readonly cloud: string;
  readonly title: string;
  readonly warnings: readonly string[];
  /** The calls, as they would go over the wire. */
  readonly calls: readonly WireCall[];
}

export type ActResult =
  | { readonly kind: 'planned'; readonly plan: PlannedAction }
  /** `resumed`: an earlier, interrupted command had begun it · `already`: it was in force, and was verified again. */
  | { readonly kind: 'done' | 'resumed' | 'already'; readonly record: ActionRecord };

type Parameters = Readonly<Record<string, Parameter>>;

/** Everything that one run works with. */
interface Run<P extends Parameters> extends Found {
  readonly action: Action<P>;
  readonly request: ActRequest<P>;
  readonly dependencies: ContainmentDependencies;
}

async function describe({ cloud, machineState }: Found, title: string, { changes, warnings }: Plan): Promise<PlannedAction> {
  const { id, name, projectId } = machineState.machine;
  const seen = await Promise.all(changes.map(({ target }) => observe(cloud, target)));
  const calls = await Promise.all(plannedCalls(changes, seen).map((call) => cloud.describe(call)));
  return { machine: { id, name, projectId }, cloud: cloud.name, title, warnings, calls };
}

/** A plan, and the id that its action will have. */
interface Planned {
  readonly id: string;
  readonly plan: Plan;
  readonly shown: PlannedAction;
}

async function planAnew<P extends Parameters>(run: Run<P>): Promise<Planned> {
  const { action, request, dependencies, cloud, machineState } = run;
  const id = dependencies.newActionId();
  const context = { cloud, identity: await cloud.identity(), state: machineState, action: id, reason: request.reason };
  const plan = await action.plan(context, request.parameters);
  if (plan.changes.every(({ before, after }) => sameState(before, after))) {
    const advice = 'there is nothing to do, and this journal cannot undo what others did';
    throw new VedetteError('containment-refused', { machine: machineState.machine.name, problem: 'is so already', advice });
  }
  return { id, plan, shown: await describe(run, action.title, plan) };
}

/** Plans anew, asks, and does it. */
async function actAnew<P extends Parameters>(run: Run<P>, state: StateDirectory): Promise<ActResult> {
  const { action, request, dependencies, cloud, machineState } = run;
  const { reason, parameters, expiresAt } = request;
  const { id, plan, shown } = await planAnew(run);
  if (!(await request.confirm(shown))) throw new VedetteError('confirmation-needed', { what: `${action.name} of ${shown.machine.name}` });
  const identity = await cloud.identity();
  const context = settleContext(cloud, state, dependencies);
  // First of all: where it may not look, nothing is begun.
  const wire = await watchWire(dependencies, machineState, action.name, parameters, request.wire);
  try {
    begin(context, {
      ...({ entry: 'planned', action: id, name: action.name, cloud: cloud.name, machine: shown.machine } as const),
      ...{ actor: actorOf(dependencies, identity), reason, parameters, ...plan },
      ...(expiresAt !== undefined && { expiresAt }),
    });
    if (!request.evidenceAfter) await Promise.all([evidenceFirst(context, run, state, id), wire.baseline]);
    wire.changed();
    await carryOut(context, id);
    if (request.evidenceAfter) await keepEvidence(context, run, state, id);
    await verify(context, id, wire);
  } finally {
    await wire.close();
  }
  return { kind: 'done', record: recordOf(context, id) };
}

/** Goes on with what was begun before on this machine, or looks again at what is in force. */
async function goOn<P extends Parameters>(run: Run<P>, state: StateDirectory, open: ActionRecord): Promise<ActResult> {
  const { request, dependencies, cloud, machineState } = run;
  const context = settleContext(cloud, state, dependencies);
  if (open.evidence === undefined) await keepEvidence(context, run, state, open.id);
  const wire = await watchWire(dependencies, machineState, open.plan.name, open.plan.parameters, request.wire);
  try {
    wire.changed();
    if (open.status === 'applying') await carryOut(context, open.id);
    await verify(context, open.id, wire);
  } finally {
    await wire.close();
  }
  return { kind: open.status === 'applying' ? 'resumed' : 'already', record: recordOf(context, open.id) };
}

/** The open action that this request repeats. @throws {VedetteError} `containment-refused` for one that must be ended first */
function openAction<P extends Parameters>(
  { action, request, cloud, machineState }: Run<P>,
  lines: SettleContext['journal']['lines'],
): ActionRecord | undefined {
  const { machine } = machineState;
  const open = actionRecords(lines).filter((record) => isOpenOn(record, cloud, machine.id));
  const unfinished = open.find(({ status, plan }) => status === 'releasing' || (status === 'applying' && plan.name !== action.name));
  if (unfinished !== undefined) {
    const problem = `has an unfinished action ${unfinished.id} (${unfinished.plan.name}, ${unfinished.status})`;
    const advice = `vedette actions resume ${unfinished.id} finishes it`;
    throw new VedetteError('containment-refused', { machine: machine.name, problem, advice });
  }
  if (action.name === 'snapshot-machine') return open.find(({ status, plan }) => status === 'applying' && plan.name === action.name);
  const same = (record: ActionRecord): boolean => JSON.stringify(record.plan.parameters) === JSON.stringify(request.parameters);
  return open.find((record) => record.plan.name === action.name && (record.status === 'applying' || same(record)));
}

/** Runs one action on one machine. @throws {VedetteError} */
export function act<P extends Parameters>(
  action: Action<P>,
  request: ActRequest<P>,
  dependencies: ContainmentDependencies,
): Promise<ActResult> {
  return withCloud(dependencies, request.cloud, async (cloud) => {
    const machine = await findOneMachine(cloud, request.machine);
    const begun = async (): Promise<Run<P>> => ({
      action,
      request,
      dependencies,
      cloud,
      machineState: await cloud.machineState(machine.id),
    });
    if (request.dryRun) return { kind: 'planned', plan: (await planAnew(await begun())).shown };
    const state = dependencies.openState(request.stateDirectory);
    return state.alone(async () => {
      const run = await begun();
      const open = openAction(run, settleContext(cloud, state, dependencies).journal.lines);
      return open === undefined ? actAnew(run, state) : goOn(run, state, open);
    });
  });
}
