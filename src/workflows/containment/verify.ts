// Asks the cloud, and the wire, whether an action holds, and writes the answer into the journal.
import { recordOf, type SettleContext } from '../../response/executor.ts';
import { findDrift, findWaysOut, type Verification } from '../../response/verification.ts';
import type { WireLook } from './watch-wire.ts';

export async function verify(context: SettleContext, action: string, wire: WireLook): Promise<Verification> {
  const report = await wire.finish();
  const record = recordOf(context, action);
  const state = await context.cloud.machineState(record.plan.machine.id);
  const problems = [...(await findDrift(context.cloud, record)), ...findWaysOut(record, state)];
  const verification = { problems, wire: report };
  context.journal.append({ entry: 'verified', action, verification });
  return verification;
}
