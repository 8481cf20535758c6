// The job of `vedette contain status`: reads the cloud again, and says what is not as it was left.
import { VedetteError } from '../../base/errors.ts';
import type { Cloud } from '../../cloud/cloud.ts';
import { type ActionRecord, actionRecords } from '../../response/action-record.ts';
import { readJournal } from '../../response/journal.ts';
import { findDrift, findWaysOut } from '../../response/verification.ts';
import { type ContainmentDependencies, type ContainmentPlace, withCloud } from './dependencies.ts';

export interface StatusRequest extends ContainmentPlace {
  /** Ids or names of machines, or ids of actions; empty for all. */
  readonly what: readonly string[];
}

/** One action that is in force, and what is wrong with it. */
export interface ContainmentStatus {
  readonly record: ActionRecord;
  /** Empty when it holds. */
  readonly problems: readonly string[];
  /** Its time is over, and nobody has released it. */
  readonly isExpired: boolean;
}

async function problemsOf(cloud: Cloud, record: ActionRecord): Promise<readonly string[]> {
  const half = record.status === 'applied' ? [] : [`it is half-way (${record.status}); vedette actions resume ${record.id} finishes it`];
  try {
    const state = await cloud.machineState(record.plan.machine.id);
    return [...half, ...(await findDrift(cloud, record)), ...findWaysOut(record, state)];
  } catch (error) {
    if (!(error instanceof VedetteError)) throw error;
    return [...half, error.message];
  }
}

/** Looks at every action that is in force. Changes nothing. */
export async function containmentStatus(
  request: StatusRequest,
  dependencies: ContainmentDependencies,
): Promise<readonly ContainmentStatus[]> {
  const { what, stateDirectory, cloud: choice } = request;
  const open = actionRecords(readJournal(dependencies.openState(stateDirectory).journal).lines).filter(
    ({ id, status, plan }) =>
      status !== 'released' &&
      plan.name !== 'snapshot-machine' &&
      (what.length === 0 || what.includes(id) || what.includes(plan.machine.id) || what.includes(plan.machine.name)),
  );
  const missing = what.find((text) => !open.some(({ id, plan }) => [id, plan.machine.id, plan.machine.name].includes(text)));
  if (missing !== undefined) throw new VedetteError('action-unknown', { action: missing });
  const statuses: ContainmentStatus[] = [];
  for (const name of new Set(open.map(({ plan }) => plan.cloud))) {
    const records = open.filter(({ plan }) => plan.cloud === name);
    await withCloud(dependencies, choice.name === undefined ? { name } : choice, async (cloud) => {
      for (const record of records) {
        const { expiresAt } = record.plan;
        const isExpired = expiresAt !== undefined && new Date(expiresAt) <= dependencies.now();
        statuses.push({ record, problems: await problemsOf(cloud, record), isExpired });
      }
    });
  }
  return statuses;
}

export interface WatchRequest extends StatusRequest {
  readonly intervalMs: number;
  readonly signal: AbortSignal;
  readonly onStatus: (statuses: readonly ContainmentStatus[], at: Date) => void;
}

/** Looks again and again, until it is told to stop. A cloud that does not answer once is looked at again. */
export async function watchContainment(request: WatchRequest, dependencies: ContainmentDependencies): Promise<void> {
  while (!request.signal.aborted) {
    request.onStatus(await containmentStatus(request, dependencies), dependencies.now());
    const until = dependencies.now().getTime() + request.intervalMs;
    while (!request.signal.aborted && dependencies.now().getTime() < until) await dependencies.sleep(Math.min(200, request.intervalMs));
  }
}
