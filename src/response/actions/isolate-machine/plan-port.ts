// What becomes of one port when security groups isolate it, and when they cannot.
import { VedetteError } from '../../../base/errors.ts';
import type { Port } from '../../../model/inventory.ts';
import type { Plan, PlanContext } from '../../action.ts';
import { portState } from '../../targets/port.ts';
import type { IsolateParameters } from './isolate-machine.ts';

/**
 * A port that is the source of a mirror is not protected by its security groups: with the native Open vSwitch firewall, the flows that
 * Tap-as-a-Service installs lead its frames past the firewall's tables (measured on Zed). Its admin state does hold.
 */
function mirrorPlan(
  { state }: PlanContext,
  port: Port,
  { mirrored }: IsolateParameters,
): { readonly down: boolean; readonly warnings: readonly string[] } {
  const flow = state.tapFlows.find(({ sourcePortId }) => sourcePortId === port.id);
  if (flow === undefined) return { down: false, warnings: [] };
  if (mirrored === 'refuse') {
    const problem = `port ${port.id} is mirrored by tap flow ${flow.name || flow.id}, which leads its frames past its security groups`;
    const advice = 'pass --mirrored port-down (nothing gets in or out, and the mirror shows nothing), or delete the tap flow first';
    throw new VedetteError('containment-refused', { machine: state.machine.name, problem, advice });
  }
  const warning = `port ${port.id} is mirrored by tap flow ${flow.name || flow.id}: security groups would not hold, so the port goes down, and the mirror shows nothing`;
  return { down: true, warnings: [warning] };
}

/** The change of one port; `group` is the id of its quarantine group, or a reference to it. */
export function planPort(context: PlanContext, port: Port, parameters: IsolateParameters, group: string): Plan {
  const before = portState(port);
  const { down, warnings } = mirrorPlan(context, port, parameters);
  const after = { securityGroups: [group], allowedPairs: [], portSecurity: true, adminUp: port.adminUp && !down };
  return {
    changes: [{ target: { kind: 'port', id: port.id }, before, after, undo: 'restore' }],
    warnings: [
      ...warnings,
      ...(port.portSecurity ? [] : [`port ${port.id} has port security off; it is switched on, else no group would be enforced`]),
      ...(port.allowedPairs.length > 0 ? [`port ${port.id} loses its allowed address pairs until release`] : []),
    ],
  };
}
