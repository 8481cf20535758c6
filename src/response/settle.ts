// Brings one target to where it shall be: reads, calls, reads again, until it is there. What the journal holds and what is read decide
// each step, so that it can be begun anew after an interruption at any point.
import { VedetteError } from '../base/errors.ts';
import type { CallResult, Cloud, CloudCall } from '../cloud/cloud.ts';
import { type Change, differences, isBetween, type Observation, type State, sameState, sameValue, targetName } from './change.ts';
import type { Journal } from './journal.ts';
import type { Phase } from './journal-entry.ts';
import { nextCall, observe, takesSteps } from './targets/index.ts';

/** What settling asks of the outside. */
export interface SettleContext {
  readonly cloud: Cloud;
  readonly journal: Journal;
  readonly sleep: (ms: number) => Promise<void>;
}

/** One change, one way. */
export interface Settlement {
  readonly action: string;
  readonly phase: Phase;
  readonly index: number;
  readonly change: Change;
  /** How it may be found; anything else is somebody else's doing. */
  readonly from: State;
  readonly goal: State;
  /** A call was announced before: it may be anywhere on the way. */
  readonly begun: boolean;
  /** The id of what was made, where known. */
  readonly madeId?: string;
}

const pollMs = 500;
/** Longest wait for what the cloud has accepted; images of large disks take their time. */
const longestWaitMs: Partial<Record<Change['target']['kind'], number>> = { image: 4 * 3_600_000 };
const usualWaitMs = 120_000;
/** How often a lost race with another writer, or a call without an answer, is tried again. */
const patience = 5;

const sameObservation = (a: Observation | undefined, b: Observation): boolean =>
  a !== undefined && sameState(a.state, b.state) && a.revision === b.revision && sameValue(a.id, b.id);

/** What a settlement remembers between its steps. */
class Progress {
  waitedMs = 0;
  troubles = 0;
  conflicts = 0;
  begun: boolean;
  /** As it was when the last accepted call was made: until it differs, the call is still being carried out. */
  calledAt: Observation | undefined;
  made: string | undefined;

  constructor({ begun, madeId }: Settlement) {
    this.begun = begun;
    this.made = madeId;
  }
}

/** @throws {VedetteError} `world-changed` when it is not where this change, or the one before it, left it */
function checkOnTheWay({ change, from, goal }: Settlement, { state }: Observation, begun: boolean): void {
  const expected = begun ? takesSteps(change.target) || isBetween(state, from, goal) : sameState(state, from);
  if (expected) return;
  throw new VedetteError('world-changed', { what: targetName(change.target), difference: differences(state, from).join('; ') });
}

async function wait({ sleep }: SettleContext, { change }: Settlement, progress: Progress): Promise<void> {
  const limit = longestWaitMs[change.target.kind] ?? usualWaitMs;
  if (progress.waitedMs >= limit) {
    const reason = `not done ${limit / 1000} s after it was accepted`;
    throw new VedetteError('cloud-failed', { cloud: 'the cloud', what: targetName(change.target), reason, request: '-' });
  }
  await sleep(pollMs);
  progress.waitedMs += pollMs;
}

/** Whether trying again can help: nobody answered, or somebody else was quicker. */
function mayPass(error: unknown): error is VedetteError {
  return error instanceof VedetteError && (error.code === 'cloud-conflict' || error.kind === 'unavailable');
}

/** Announces, calls, and notes what came back. @returns the result, or what went wrong and may pass */
async function perform(
  context: SettleContext,
  settlement: Settlement,
  call: CloudCall,
  seen: Observation,
): Promise<CallResult | VedetteError> {
  const { cloud, journal } = context;
  const { action, phase, index: change } = settlement;
  const { state, revision } = seen;
  journal.append({ entry: 'calling', action, phase, change, seen: state, ...(revision !== undefined && { revision }), call });
  try {
    const result = await cloud.perform(call);
    const { id, requestId } = result;
    journal.append({
      entry: 'called',
      action,
      phase,
      change,
      ...(id !== undefined && { id }),
      ...(requestId !== undefined && { requestId }),
    });
    return result;
  } catch (error) {
    if (!(error instanceof VedetteError)) throw error;
    journal.append({ entry: 'failed', action, phase, change, code: error.code, message: error.message });
    if (!mayPass(error)) throw error;
    return error;
  }
}

function conclude(
  { journal }: SettleContext,
  settlement: Settlement,
  { state, id, revision, note: seenNote }: Observation,
  note = seenNote,
): void {
  const { action, phase, index: change } = settlement;
  journal.append({
    ...({ entry: 'settled', action, phase, change, state } as const),
    ...(id !== undefined && { id }),
    ...(revision !== undefined && { revision }),
    ...(note !== undefined && { note }),
  });
}

/** A group that others have come to use is left to them. @returns the note, when this is what happened */
function leftToOthers({ change, phase, goal }: Settlement, progress: Progress): string | undefined {
  if (phase !== 'undo' || change.undo !== 'remove' || goal !== null || change.target.kind !== 'group' || progress.conflicts === 0)
    return undefined;
  return `${targetName(change.target)} is still in use, and stays`;
}

/** Does it. Returns when the target is there, and the journal says so. @returns a note for a person, where there is one */
export async function settle(context: SettleContext, settlement: Settlement): Promise<string | undefined> {
  const { change, goal } = settlement;
  const progress = new Progress(settlement);
  for (;;) {
    const seen = await observe(context.cloud, change.target, progress.made);
    if (sameState(seen.state, goal) && (progress.begun || sameState(settlement.from, goal))) {
      conclude(context, settlement, seen);
      return undefined;
    }
    checkOnTheWay(settlement, seen, progress.begun);
    const note = leftToOthers(settlement, progress);
    if (note !== undefined) {
      conclude(context, settlement, seen, note);
      return note;
    }
    const call = sameObservation(progress.calledAt, seen) ? undefined : nextCall(change.target, seen, goal);
    if (call === undefined) {
      await wait(context, settlement, progress);
      continue;
    }
    progress.begun = true;
    const result = await perform(context, settlement, call, seen);
    if (result instanceof VedetteError) {
      await recover(context, progress, result);
      continue;
    }
    progress.calledAt = seen;
    progress.made = result.id ?? progress.made;
  }
}

/** After a call that may pass when tried again: a growing pause, a bounded number of times. */
async function recover({ sleep }: SettleContext, progress: Progress, error: VedetteError): Promise<void> {
  if (error.code === 'cloud-conflict') progress.conflicts += 1;
  progress.troubles += 1;
  if (progress.troubles > patience) throw error;
  await sleep(pollMs * 2 ** (progress.troubles - 1));
}
