// The power state and the lock of a machine. Both are accepted first and done later.
import type { Cloud } from '../../cloud/cloud.ts';
import type { Machine } from '../../model/inventory.ts';
import type { NextCall, Observation, State, Target } from '../change.ts';
import { unlessUnknown } from './unless-unknown.ts';

type MachineTarget = Extract<Target, { readonly kind: 'power' | 'lock' }>;

export const powerState = ({ status }: Machine): State & object => ({ status });

export const lockState = ({ locked }: Machine): State & object => ({ locked: locked === true });

/** Nova keeps 255 characters. */
export const lockReason = (action: string, reason: string): string => `vedette ${action}: ${reason}`.slice(0, 255);

export async function observeMachine(cloud: Cloud, { kind, machineId }: MachineTarget): Promise<Observation> {
  const found = await unlessUnknown(cloud.machineState(machineId));
  if (found === undefined) return { state: null };
  return { state: kind === 'power' ? powerState(found.machine) : lockState(found.machine), id: machineId };
}

export const nextPowerCall: NextCall = (target, _, goal) =>
  target.kind === 'power' && goal !== null
    ? { call: goal['status'] === 'PAUSED' ? 'pause' : 'unpause', machineId: target.machineId }
    : undefined;

export const nextLockCall: NextCall = (target, _, goal) => {
  if (target.kind !== 'lock' || goal === null) return undefined;
  const { machineId } = target;
  return goal['locked'] === true ? { call: 'lock', machineId, reason: target.reason } : { call: 'unlock', machineId };
};
