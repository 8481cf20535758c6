// Carries an action out, and takes it back, from what the journal says of it. Both may be called again after any interruption.
import { VedetteError } from '../base/errors.ts';
import { type ActionRecord, actionRecords, changeKey } from './action-record.ts';
import { sameState } from './change.ts';
import { resolveGroups } from './group-references.ts';
import type { Actor, JournalEntry } from './journal-entry.ts';
import { type SettleContext, settle } from './settle.ts';
import { undoChange } from './undo-change.ts';

export type { SettleContext } from './settle.ts';

/** @throws {VedetteError} `action-unknown` */
export function recordOf({ journal }: Pick<SettleContext, 'journal'>, action: string): ActionRecord {
  const record = actionRecords(journal.lines).find(({ id }) => id === action);
  if (record === undefined) throw new VedetteError('action-unknown', { action });
  return record;
}

/** An error in the middle: what was done stays, and the sentence says how to go on. */
function halfway(action: string, error: unknown): unknown {
  if (!(error instanceof VedetteError)) return error;
  return new VedetteError('action-halfway', { action, reason: error.message }, { cause: error });
}

/** Writes the plan into the journal; nothing is done yet. */
export function begin(context: SettleContext, planned: Extract<JournalEntry, { readonly entry: 'planned' }>): ActionRecord {
  context.journal.append(planned);
  return recordOf(context, planned.action);
}

/**
 * Makes the changes that are not made yet, in their order.
 * @throws {VedetteError} `action-halfway` when something was changed already; else why nothing was, and the action is closed
 */
export async function carryOut(context: SettleContext, action: string): Promise<ActionRecord> {
  const { changes } = recordOf(context, action).plan;
  try {
    for (const [index, change] of changes.entries()) {
      const record = recordOf(context, action);
      if (record.settled.has(changeKey('apply', index))) continue;
      const madeId = record.made.get(index);
      await settle(context, {
        ...({ action, phase: 'apply', index, change, from: change.before } as const),
        goal: resolveGroups(record, change.after),
        begun: record.announced.has(changeKey('apply', index)),
        ...(madeId !== undefined && { madeId }),
      });
    }
  } catch (error) {
    if (!(error instanceof VedetteError) || recordOf(context, action).announced.size > 0) throw halfway(action, error);
    context.journal.append({ entry: 'released', action, notes: [`nothing was changed: ${error.message}`] });
    throw error;
  }
  if (recordOf(context, action).status === 'applying') context.journal.append({ entry: 'applied', action });
  return recordOf(context, action);
}

export interface ReleaseRequest {
  readonly actor: Actor;
  readonly reason: string;
  /** Merge with what somebody changed meanwhile, where that can be done. */
  readonly force: boolean;
}

/**
 * Takes back what was changed, the last first, so that everything is as it was.
 * @throws {VedetteError} `release-refused` when somebody changed it meanwhile; what was taken back until then stays so
 */
export async function takeBack(context: SettleContext, action: string, request: ReleaseRequest): Promise<ActionRecord> {
  const { plan } = recordOf(context, action);
  context.journal.append({ entry: 'releasing', action, ...request });
  const notes: string[] = [];
  for (const [index, change] of [...plan.changes.entries()].toReversed()) {
    const record = recordOf(context, action);
    const untouched = !record.announced.has(changeKey('apply', index)) || sameState(change.before, change.after);
    if (untouched || change.undo === 'keep' || record.settled.has(changeKey('undo', index))) continue;
    notes.push(...(await undoChange(context, record, index, request.force)));
  }
  context.journal.append({ entry: 'released', action, notes });
  return recordOf(context, action);
}
