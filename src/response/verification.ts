// Whether an action holds: the cloud is asked again, and the wire is looked at.
import type { Cloud, MachineState } from '../cloud/cloud.ts';
import { type ActionRecord, changeKey } from './action-record.ts';
import { differences, type State, targetName } from './change.ts';
import { resolveGroups } from './group-references.ts';
import { observe } from './targets/index.ts';
import type { WireReport } from './wire/wire-report.ts';

export interface Verification {
  /** What is not as it shall be, by the word of the cloud; empty when all is. */
  readonly problems: readonly string[];
  readonly wire: WireReport;
}

/** Reads every target again. @returns one sentence for each that is not as the action left it */
export async function findDrift(cloud: Cloud, record: ActionRecord): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const [index, change] of record.plan.changes.entries()) {
    if (!record.settled.has(changeKey('apply', index))) {
      problems.push(`${targetName(change.target)}: was not changed yet`);
      continue;
    }
    const goal: State = resolveGroups(record, change.after);
    const seen = await observe(cloud, change.target, record.made.get(index));
    problems.push(...differences(seen.state, goal).map((difference) => `${targetName(change.target)}: ${difference}`));
  }
  return problems;
}

/** What an isolation relies on besides its changes: no card that it does not know, and no mirror that leads past the security groups. */
export function findWaysOut({ plan }: ActionRecord, { ports, tapFlows }: MachineState): readonly string[] {
  const planned = new Map(plan.changes.flatMap(({ target, after }) => (target.kind === 'port' ? [[target.id, after] as const] : [])));
  if (planned.size === 0) return [];
  const strangers = ports.filter(({ id }) => !planned.has(id)).map(({ id }) => `port ${id}: was plugged in since, and is not isolated`);
  const mirrored = tapFlows
    .filter(({ sourcePortId }) => planned.get(sourcePortId)?.['adminUp'] === true)
    .map(({ id, sourcePortId }) => `port ${sourcePortId}: tap flow ${id} leads its frames past its security groups`);
  return [...strangers, ...mirrored];
}
