// The security group that isolates: found or made, and checked each time that it is used. It lies in the responder's own project where
// the cloud allows that (an administrator): in the tenant's project, the tenant could put rules into it.
import { VedetteError } from '../../../base/errors.ts';
import type { Port, SecurityRule } from '../../../model/inventory.ts';
import type { PlanContext } from '../../action.ts';
import type { Change } from '../../change.ts';
import { groupReference } from '../../group-references.ts';
import { groupState, observeGroup, type RuleShape } from '../../targets/group.ts';
import type { IsolateParameters } from './isolate-machine.ts';

export interface QuarantineGroup {
  readonly change: Change;
  /** What a port's plan calls it. */
  readonly reference: string;
  readonly warnings: readonly string[];
}

const description = 'Made by Vedette to isolate machines; do not add rules or use it for anything else.';

const allow = (cidr: string): RuleShape => ({ direction: 'toVm', ipVersion: cidr.includes(':') ? 6 : 4, remoteCidr: cidr });

const everybody: readonly RuleShape[] = [
  { direction: 'toVm', ipVersion: 4 },
  { direction: 'toVm', ipVersion: 6 },
];

const withoutPlace = ({ id: _, groupId: __, ...rule }: SecurityRule): RuleShape => rule;

/** What may come in to this port now; a group that cannot be read would be lost. */
function inboundRules({ state }: PlanContext, port: Port): readonly RuleShape[] {
  if (!port.portSecurity) return everybody;
  return port.securityGroupIds.flatMap((groupId) => {
    const group = state.securityGroups.find(({ id }) => id === groupId);
    if (group === undefined) {
      const problem = `the rules of its security group ${groupId} cannot be read, so what may come in is not known`;
      throw new VedetteError('containment-refused', {
        machine: state.machine.name,
        problem,
        advice: 'use --mode full, or credentials that may read it',
      });
    }
    return group.rules.filter(({ direction }) => direction === 'toVm').map(withoutPlace);
  });
}

function groupPlan(
  context: PlanContext,
  port: Port,
  { mode, allowFrom }: IsolateParameters,
): { readonly name: string; readonly rules: readonly RuleShape[] } {
  const investigators = allowFrom.map(allow);
  if (mode === 'egress') return { name: `vedette-egress-${port.id}`, rules: [...inboundRules(context, port), ...investigators] };
  if (investigators.length > 0) return { name: `vedette-quarantine-${context.state.machine.id}`, rules: investigators };
  return { name: 'vedette-quarantine', rules: [] };
}

/** The group for one port; ports that need the same share it through `groups`. */
export async function groupForPort(
  context: PlanContext,
  port: Port,
  parameters: IsolateParameters,
  groups: Map<string, QuarantineGroup>,
): Promise<QuarantineGroup> {
  const { name, rules } = groupPlan(context, port, parameters);
  const known = groups.get(name);
  if (known !== undefined) return known;
  const { identity, state, cloud } = context;
  const projectId = identity.isAdmin ? (identity.projectId ?? state.machine.projectId) : state.machine.projectId;
  const target = { kind: 'group', name, projectId, description } as const;
  const seen = await observeGroup(cloud, target);
  const after = groupState(rules);
  const warnings = [
    ...(seen.state !== null && String(seen.state['rules']) !== String(after['rules'])
      ? [`security group ${name} does not hold what it should: somebody changed it; it is put right, for every machine that has it`]
      : []),
    ...(projectId === state.machine.projectId
      ? [`security group ${name} lies in the machine's own project: its members can add rules to it`]
      : []),
  ];
  const made: QuarantineGroup = {
    change: { target, before: seen.state, after, undo: seen.state === null ? 'remove' : 'keep' },
    reference: seen.id ?? groupReference(name),
    warnings,
  };
  groups.set(name, made);
  return made;
}
