// Undoing what somebody changed meanwhile: the three-way merge of one thing's fields.
import { type State, sameState, sameValue, type Value, valueText } from './change.ts';

export interface Merge {
  readonly state: State;
  /** What was kept as somebody else set it. */
  readonly notes: readonly string[];
}

const isList = (value: Value | undefined): value is readonly string[] => typeof value === 'object';

/** Their additions and removals, made to what was there before us. */
function mergeLists(before: readonly string[], after: readonly string[], seen: readonly string[]): readonly string[] {
  const added = seen.filter((one) => !after.includes(one));
  const removed = after.filter((one) => !seen.includes(one));
  return [...new Set([...before, ...added])].filter((one) => !removed.includes(one)).toSorted();
}

/**
 * The state to go back to when `seen` is no longer the `after` that we left: fields that we changed and nobody touched since become
 * `before`; fields that somebody changed since stay as they are; of lists, our part is taken back and their part stays.
 * @returns undefined when the thing is gone, or was made anew: then nothing can be merged
 */
export function mergeBack(before: State, after: State, seen: State): Merge | undefined {
  if (before === null || after === null || seen === null) return undefined;
  if (sameState(seen, after)) return { state: before, notes: [] };
  const notes: string[] = [];
  const fields = Object.keys(seen).map((field): [string, Value] => {
    const [was, ours, now] = [before[field], after[field], seen[field] as Value];
    if (sameValue(now, ours)) return [field, was ?? now];
    const merged = isList(was) && isList(ours) && isList(now) ? mergeLists(was, ours, now) : now;
    if (!sameValue(merged, was))
      notes.push(`${field} becomes ${valueText(merged)}, since somebody set ${valueText(now)}; before it was ${valueText(was)}`);
    return [field, merged];
  });
  return { state: Object.fromEntries(fields), notes };
}
