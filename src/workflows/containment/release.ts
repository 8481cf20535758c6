// The job of `vedette release`: takes actions back, the newest first.
import { VedetteError } from '../../base/errors.ts';
import { type ActionRecord, actionRecords } from '../../response/action-record.ts';
import { takeBack } from '../../response/executor.ts';
import { readJournal } from '../../response/journal.ts';
import { actorOf, type ContainmentDependencies, type ContainmentPlace, settleContext, withCloud } from './dependencies.ts';

export interface ReleaseRequest extends ContainmentPlace {
  /** Id of an action, or id or name of a machine; undefined for all whose time is over. */
  readonly what?: string;
  readonly reason: string;
  readonly force: boolean;
  /** Asks a person. */
  readonly confirm: (records: readonly ActionRecord[]) => Promise<boolean>;
}

export interface ReleaseResult {
  readonly released: readonly ActionRecord[];
  /** Actions that could not be taken back, and why; only with `--expired`, where one must not hinder the others. */
  readonly failed: readonly { readonly id: string; readonly error: VedetteError }[];
}

/** Actions of a machine that keep evidence are not undone with those that contain it. */
const contains = ({ plan }: ActionRecord): boolean => plan.name !== 'snapshot-machine';

function ofMachine(open: readonly ActionRecord[], text: string): readonly ActionRecord[] {
  const found = open.filter((record) => contains(record) && (record.plan.machine.id === text || record.plan.machine.name === text));
  const machines = new Map(found.map(({ plan }) => [`${plan.cloud} ${plan.machine.id}`, plan]));
  if (machines.size > 1) {
    const candidates = [...machines.values()].map(({ machine, cloud }) => `${machine.name} ${machine.id} of ${cloud}`).join('; ');
    throw new VedetteError('machine-ambiguous', { machine: text, candidates });
  }
  return found;
}

/** What is asked for, the newest first. @throws {VedetteError} `action-unknown`, `machine-ambiguous`, `release-refused` */
function chosen(records: readonly ActionRecord[], { what, force }: ReleaseRequest, now: Date): readonly ActionRecord[] {
  const open = records.filter(({ status }) => status !== 'released').toReversed();
  if (what === undefined) return open.filter(({ plan }) => plan.expiresAt !== undefined && new Date(plan.expiresAt) <= now);
  const one = records.find(({ id }) => id === what);
  if (one === undefined) {
    const found = ofMachine(open, what);
    if (found.length === 0) throw new VedetteError('action-unknown', { action: what });
    return found;
  }
  if (one.status === 'released') {
    throw new VedetteError('release-refused', { action: what, difference: 'it was released already', advice: 'see vedette actions show' });
  }
  if (!contains(one) && !force) {
    const difference = 'it is a snapshot, and undoing it deletes evidence';
    throw new VedetteError('release-refused', { action: what, difference, advice: 'pass --force to delete the image' });
  }
  return [one];
}

/** Takes back one action, in the cloud where it was made. */
function releaseOne(record: ActionRecord, request: ReleaseRequest, dependencies: ContainmentDependencies): Promise<ActionRecord> {
  const choice = request.cloud.name === undefined ? { name: record.plan.cloud } : request.cloud;
  return withCloud(dependencies, choice, async (cloud) => {
    const state = dependencies.openState(request.stateDirectory);
    if (cloud.name !== record.plan.cloud) {
      const difference = `it was made in ${record.plan.cloud}, not in ${cloud.name}`;
      throw new VedetteError('release-refused', { action: record.id, difference, advice: 'leave out --cloud' });
    }
    const actor = actorOf(dependencies, await cloud.identity());
    const { reason, force } = request;
    return takeBack(settleContext(cloud, state, dependencies), record.id, { actor, reason, force });
  });
}

/** Releases what is asked for. @throws {VedetteError} */
export function release(request: ReleaseRequest, dependencies: ContainmentDependencies): Promise<ReleaseResult> {
  const state = dependencies.openState(request.stateDirectory);
  return state.alone(async () => {
    const records = chosen(actionRecords(readJournal(state.journal).lines), request, dependencies.now());
    if (records.length === 0) return { released: [], failed: [] };
    if (!(await request.confirm(records))) throw new VedetteError('confirmation-needed', { what: 'the release' });
    const released: ActionRecord[] = [];
    const failed: { id: string; error: VedetteError }[] = [];
    for (const record of records) {
      try {
        released.push(await releaseOne(record, request, dependencies));
      } catch (error) {
        if (request.what !== undefined || !(error instanceof VedetteError)) throw error;
        failed.push({ id: record.id, error });
      }
    }
    return { released, failed };
  });
}
