// Locks a machine, so that its project cannot start, stop, reboot, rebuild or delete it. It does not protect the machine's ports.
import { VedetteError } from '../../../base/errors.ts';
import type { Action } from '../../action.ts';
import { lockReason, lockState } from '../../targets/machine.ts';

export const lockMachine: Action<Record<never, never>> = {
  name: 'lock-machine',
  title: 'Keeps the project from starting, stopping, rebuilding or deleting a machine.',
  permissions: [{ service: 'compute', right: 'os-lock-server:lock, os-lock-server:unlock' }],
  reversible: true,
  ends: [],
  plan({ state: { machine }, action, reason }) {
    if (machine.locked) {
      const problem = `is locked already (${machine.lockedReason ?? 'no reason given'})`;
      throw new VedetteError('containment-refused', {
        machine: machine.name,
        problem,
        advice: 'unlock it first if the lock shall be yours',
      });
    }
    const target = { kind: 'lock', machineId: machine.id, reason: lockReason(action, reason) } as const;
    return Promise.resolve({
      changes: [{ target, before: lockState(machine), after: { locked: true }, undo: 'restore' }],
      warnings: ['the lock does not protect its ports: who may change them can still open or close its network'],
    });
  },
};
