// Security groups that do not exist yet when a plan is made: ports refer to them by name until they have an id.
import type { ActionRecord } from './action-record.ts';
import type { State } from './change.ts';

const prefix = 'made-here:';

/** How a port's plan names a group that will be made. */
export const groupReference = (name: string): string => `${prefix}${name}`;

/** A state with the ids of what was made in the place of references. */
export function resolveGroups({ plan, made }: Pick<ActionRecord, 'plan' | 'made'>, state: State): State {
  const groups = state?.['securityGroups'];
  if (state === null || typeof groups !== 'object') return state;
  const idOf = (reference: string): string => {
    if (!reference.startsWith(prefix)) return reference;
    const index = plan.changes.findIndex(({ target }) => target.kind === 'group' && groupReference(target.name) === reference);
    return made.get(index) ?? reference;
  };
  return { ...state, securityGroups: groups.map(idOf).toSorted() };
}
