// The jobs of `vedette actions`: what the journal holds, whether it is whole, and going on with what was interrupted.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VedetteError } from '../../base/errors.ts';
import { type ActionRecord, actionRecords } from '../../response/action-record.ts';
import { carryOut, recordOf, takeBack } from '../../response/executor.ts';
import { readJournal } from '../../response/journal.ts';
import type { JournalLine } from '../../response/journal-entry.ts';
import { actorOf, type ContainmentDependencies, type ContainmentPlace, settleContext, withCloud } from './dependencies.ts';
import { keepEvidence } from './keep-evidence.ts';
import { verify } from './verify.ts';
import { type WireRequest, watchWire } from './watch-wire.ts';

type StatePlace = Pick<ContainmentPlace, 'stateDirectory'>;

/** All actions, oldest first. @throws {VedetteError} `journal-broken` */
export function listActions({ stateDirectory }: StatePlace, { openState }: ContainmentDependencies): readonly ActionRecord[] {
  return actionRecords(readJournal(openState(stateDirectory).journal).lines);
}

export interface ShownAction {
  readonly record: ActionRecord;
  readonly lines: readonly JournalLine[];
}

/** One action with its lines of the journal. @throws {VedetteError} `action-unknown` */
export function showAction(
  { stateDirectory, id }: StatePlace & { readonly id: string },
  { openState }: ContainmentDependencies,
): ShownAction {
  const { lines } = readJournal(openState(stateDirectory).journal);
  const record = actionRecords(lines).find((one) => one.id === id);
  if (record === undefined) throw new VedetteError('action-unknown', { action: id });
  return { record, lines: lines.filter(({ step }) => step.action === id) };
}

export interface VerifiedJournal {
  readonly lines: number;
  /** Of the last line; kept elsewhere, it proves later that no line was taken away. */
  readonly hash: string;
  readonly evidence: number;
  /** Evidence that is gone or altered. */
  readonly problems: readonly string[];
}

/** Checks the chain of the journal, and every file of evidence against it. @throws {VedetteError} `journal-broken` */
export function verifyJournal({ stateDirectory }: StatePlace, { openState }: ContainmentDependencies): VerifiedJournal {
  const { lines } = readJournal(openState(stateDirectory).journal);
  const items = lines.flatMap(({ step }) => (step.entry === 'evidence' ? step.items : []));
  const problems = items.flatMap(({ path, sha256 }) => {
    try {
      const actual = createHash('sha256')
        .update(readFileSync(join(stateDirectory, path)))
        .digest('hex');
      return actual === sha256 ? [] : [`${path}: was altered since it was kept`];
    } catch (error) {
      return [`${path}: cannot be read (${(error as NodeJS.ErrnoException).code})`];
    }
  });
  return { lines: lines.length, hash: lines.at(-1)?.hash ?? '', evidence: items.length, problems };
}

export interface ResumeRequest extends ContainmentPlace {
  readonly id: string;
  readonly force: boolean;
  readonly wire: WireRequest;
}

/** Finishes an action that was interrupted, forwards or back. @throws {VedetteError} */
export function resumeAction(request: ResumeRequest, dependencies: ContainmentDependencies): Promise<ActionRecord> {
  const state = dependencies.openState(request.stateDirectory);
  return state.alone(async () => {
    const { record } = showAction(request, dependencies);
    if (record.status === 'released' || record.status === 'applied') {
      const problem = `is ${record.status}, and nothing of it is left to do`;
      throw new VedetteError('containment-refused', { machine: request.id, problem, advice: 'see vedette actions show' });
    }
    return withCloud(dependencies, request.cloud.name === undefined ? { name: record.plan.cloud } : request.cloud, async (cloud) => {
      const context = settleContext(cloud, state, dependencies);
      if (record.status === 'releasing') {
        const actor = actorOf(dependencies, await cloud.identity());
        return takeBack(context, record.id, { actor, reason: 'resumed', force: request.force });
      }
      const machineState = await cloud.machineState(record.plan.machine.id);
      if (record.evidence === undefined) await keepEvidence(context, { cloud, machineState }, state, record.id);
      const wire = await watchWire(dependencies, machineState, record.plan.name, record.plan.parameters, request.wire);
      try {
        wire.changed();
        await carryOut(context, record.id);
        await verify(context, record.id, wire);
      } finally {
        await wire.close();
      }
      return recordOf(context, record.id);
    });
  });
}
