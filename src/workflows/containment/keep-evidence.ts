// Keeps evidence of a machine, and says so in the journal.
import { VedetteError } from '../../base/errors.ts';
import type { Cloud, MachineState } from '../../cloud/cloud.ts';
import { collectEvidence } from '../../response/evidence.ts';
import type { SettleContext } from '../../response/executor.ts';
import type { StateDirectory } from '../../response/state-directory.ts';

/** The machine as it was found. */
export interface Found {
  readonly cloud: Cloud;
  readonly machineState: MachineState;
}

export async function keepEvidence(
  context: SettleContext,
  { cloud, machineState }: Found,
  state: StateDirectory,
  action: string,
): Promise<void> {
  const { items, gaps } = await collectEvidence(cloud, machineState, state, action);
  context.journal.append({ entry: 'evidence', action, items, gaps });
}

/** Nothing is changed while evidence that the change would end is not kept. @throws {VedetteError} `evidence-first`; the action is closed */
export async function evidenceFirst(context: SettleContext, found: Found, state: StateDirectory, action: string): Promise<void> {
  try {
    await keepEvidence(context, found, state, action);
  } catch (cause) {
    if (!(cause instanceof VedetteError)) throw cause;
    context.journal.append({ entry: 'released', action, notes: [`nothing was changed: ${cause.message}`] });
    throw new VedetteError('evidence-first', { machine: found.machineState.machine.name, reason: cause.message }, { cause });
  }
}
