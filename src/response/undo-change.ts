// Takes one change back. What somebody changed meanwhile is not overwritten: it is shown, or merged when that is asked for.
import { VedetteError } from '../base/errors.ts';
import type { Cloud } from '../cloud/cloud.ts';
import { type ActionRecord, changeKey } from './action-record.ts';
import { type Change, differences, isBetween, type Observation, type State, sameState, targetName } from './change.ts';
import { resolveGroups } from './group-references.ts';
import { mergeBack } from './merge.ts';
import { type SettleContext, settle } from './settle.ts';
import { observe, takesSteps } from './targets/index.ts';
import { unlessUnknown } from './targets/unless-unknown.ts';

/** Where to go back to, and what a person should know about it. */
interface WayBack {
  /** undefined when the thing is left as it is. */
  readonly goal: State | undefined;
  readonly notes: readonly string[];
}

const groupsOf = (state: State): readonly string[] => (Array.isArray(state?.['securityGroups']) ? state['securityGroups'].map(String) : []);

/** Groups that the port had, and that were deleted since. */
async function missingGroups(cloud: Cloud, goal: State, seen: State): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const id of groupsOf(goal).filter((group) => !groupsOf(seen).includes(group))) {
    if ((await unlessUnknown(cloud.securityGroup(id))) === undefined) missing.push(id);
  }
  return missing;
}

/** The merge of their changes and our undo, or why there is none. */
function merged({ target, before }: Change, after: State, { state }: Observation): WayBack {
  const name = targetName(target);
  if (state === null) return { goal: undefined, notes: [`${name} is gone; nothing is left to restore`] };
  // A power state or a lock is one thing: half of theirs and half of ours would be neither.
  const merge = target.kind === 'port' ? mergeBack(before, after, state) : undefined;
  if (merge === undefined) return { goal: undefined, notes: [`${name} stays as somebody set it: ${differences(state, after).join('; ')}`] };
  return { goal: merge.state, notes: merge.notes.map((note) => `${name}: ${note}`) };
}

const refused = (action: string, difference: string): VedetteError =>
  new VedetteError('release-refused', { action, difference, advice: 'set it back yourself, or pass --force to merge' });

async function wayBack(
  { cloud }: SettleContext,
  record: ActionRecord,
  index: number,
  force: boolean,
): Promise<WayBack & { readonly from: State }> {
  const change = record.plan.changes[index] as Change;
  const after = resolveGroups(record, change.after);
  const goal = change.undo === 'remove' ? null : change.before;
  const seen = await observe(cloud, change.target, record.made.get(index));
  const isOurs = takesSteps(change.target) || isBetween(seen.state, goal, after);
  if (!isOurs && !force) throw refused(record.id, `${targetName(change.target)}: ${differences(seen.state, after).join('; ')}`);
  const way = isOurs ? { goal, notes: [] } : merged(change, after, seen);
  const from = isOurs ? after : seen.state;
  if (way.goal === undefined || change.target.kind !== 'port') return { ...way, from };
  const missing = await missingGroups(cloud, way.goal, seen.state);
  if (missing.length === 0) return { ...way, from };
  const problem = `${targetName(change.target)}: security group ${missing.join(', ')} does not exist any more`;
  if (!force) throw refused(record.id, problem);
  const kept = groupsOf(way.goal).filter((id) => !missing.includes(id));
  return { from, goal: { ...way.goal, securityGroups: kept }, notes: [...way.notes, `${problem}, and is left out`] };
}

/** How long, in half seconds, a call that was announced and never answered may still be on its way. */
const inFlightPolls = 20;

/**
 * After a crash, a call may have been accepted and not be done yet: the machine looks as before, and will not stay so. Waits for its
 * effect; when there is none, the call was never heard.
 */
async function waitForEffect({ cloud, sleep }: SettleContext, record: ActionRecord, index: number): Promise<void> {
  const { target, after } = record.plan.changes[index] as Change;
  if (target.kind !== 'power' || record.settled.has(changeKey('apply', index))) return;
  for (let poll = 0; poll < inFlightPolls; poll++) {
    if (sameState((await observe(cloud, target)).state, after)) return;
    await sleep(500);
  }
}

/** @returns notes for a person. @throws {VedetteError} `release-refused` */
export async function undoChange(context: SettleContext, record: ActionRecord, index: number, force: boolean): Promise<readonly string[]> {
  const change = record.plan.changes[index] as Change;
  await waitForEffect(context, record, index);
  const { from, goal, notes } = await wayBack(context, record, index, force);
  const place = { action: record.id, phase: 'undo', index, change } as const;
  if (goal === undefined) {
    const { action, phase } = place;
    context.journal.append({ entry: 'settled', action, phase, change: index, state: from, note: notes.join('; ') });
    return notes;
  }
  const madeId = record.made.get(index);
  const note = await settle(context, { ...place, from, goal, begun: true, ...(madeId !== undefined && { madeId }) });
  return note === undefined ? notes : [...notes, note];
}
