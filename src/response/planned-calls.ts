// The calls that a plan would make, in their order, as far as they can be known before the first is made.
import type { CloudCall } from '../cloud/cloud.ts';
import type { Change, Observation, State } from './change.ts';
import { groupReference } from './group-references.ts';
import { groupState, type RuleShape, ruleText } from './targets/group.ts';
import { nextCall } from './targets/index.ts';

/** What Neutron puts into a new group unless its administrator chose otherwise; their ids are not known yet. */
const defaultRules: readonly RuleShape[] = [
  { direction: 'fromVm', ipVersion: 4 },
  { direction: 'fromVm', ipVersion: 6 },
];

const newGroup = (name: string): Observation => ({
  state: groupState(defaultRules),
  id: groupReference(name),
  ruleIds: new Map(defaultRules.map((rule) => [ruleText(rule), `default-rule-ipv${rule.ipVersion}`])),
});

const rulesOf = ({ state }: Observation): readonly string[] => (Array.isArray(state?.['rules']) ? state['rules'].map(String) : []);

/** What is there once the call was made. */
function afterCall({ target }: Change, seen: Observation, call: CloudCall, goal: State): Observation {
  switch (call.call) {
    case 'create-security-group':
      return newGroup(call.name);
    case 'delete-security-rule':
      return { ...seen, state: { rules: rulesOf(seen).filter((text) => seen.ruleIds?.get(text) !== call.ruleId) } };
    case 'create-security-rule':
      return { ...seen, state: { rules: [...rulesOf(seen), ruleText(withoutGroup(call.rule))].toSorted() } };
    case 'create-image':
      return { state: { status: 'active', protected: false }, id: `made-here:${target.kind}` };
    default:
      return { ...seen, state: goal };
  }
}

const withoutGroup = ({ groupId: _, ...rule }: RuleShape & { readonly groupId: string }): RuleShape => rule;

/** More calls than any plan of one change has. */
const mostCalls = 500;

/** @param seen each change's target as it was read for the plan: ids of groups and rules, revisions of ports */
export function plannedCalls(changes: readonly Change[], seen: readonly Observation[]): readonly CloudCall[] {
  return changes.flatMap((change, index) => {
    const calls: CloudCall[] = [];
    let at: Observation = seen[index] ?? { state: change.before };
    while (calls.length < mostCalls && JSON.stringify(at.state) !== JSON.stringify(change.after)) {
      const call = nextCall(change.target, at, change.after);
      if (call === undefined) break;
      calls.push(call);
      at = afterCall(change, at, call, change.after);
    }
    return calls;
  });
}
