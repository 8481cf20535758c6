// What containment needs of the outside, and the steps that its jobs share.
import { VedetteError } from '../../base/errors.ts';
import type { Cloud, CloudChoice, CloudIdentity } from '../../cloud/cloud.ts';
import type { CommandRunner } from '../../host/command-runner.ts';
import type { Machine } from '../../model/inventory.ts';
import type { SettleContext } from '../../response/executor.ts';
import { Journal } from '../../response/journal.ts';
import type { Actor } from '../../response/journal-entry.ts';
import type { StateDirectory } from '../../response/state-directory.ts';
import type { WireTimes } from '../../response/wire/wire-watch.ts';

export interface ContainmentDependencies {
  readonly openCloud: (choice: CloudChoice) => Promise<Cloud>;
  readonly openState: (path: string) => StateDirectory;
  readonly runner: CommandRunner;
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
  /** Of a new action; sorts by time. */
  readonly newActionId: () => string;
  /** `user@host` of the person at the terminal. */
  readonly person: () => string;
  readonly wireTimes: WireTimes;
}

/** Which cloud, and where the journal is kept. */
export interface ContainmentPlace {
  readonly cloud: CloudChoice;
  readonly stateDirectory: string;
}

/** Runs `work` with a cloud, and lets go of it. */
export async function withCloud<T>(
  { openCloud }: Pick<ContainmentDependencies, 'openCloud'>,
  choice: CloudChoice,
  work: (cloud: Cloud) => Promise<T>,
): Promise<T> {
  const cloud = await openCloud(choice);
  try {
    return await work(cloud);
  } finally {
    await cloud.close?.();
  }
}

/** @throws {VedetteError} `machine-unknown`, `machine-ambiguous` with all that it may be */
export async function findOneMachine(cloud: Cloud, text: string): Promise<Machine> {
  const machines = await cloud.findMachines(text);
  const [machine, ...others] = machines;
  if (machine === undefined) throw new VedetteError('machine-unknown', { cloud: cloud.name, machine: text });
  if (others.length === 0) return machine;
  const candidates = machines.map(({ id, name, projectId }) => `${name} ${id} of project ${projectId}`).join('; ');
  throw new VedetteError('machine-ambiguous', { machine: text, candidates });
}

export const actorOf = ({ person }: Pick<ContainmentDependencies, 'person'>, { userName, projectName }: CloudIdentity): Actor => ({
  person: person(),
  cloudUser: userName,
  ...(projectName !== undefined && { cloudProject: projectName }),
});

/** What carrying out needs, on an open journal. */
export function settleContext(cloud: Cloud, state: StateDirectory, { now, sleep }: ContainmentDependencies): SettleContext {
  return { cloud, journal: new Journal(state.journal, now), sleep };
}
