// An action as the journal tells it: how far it came, what it made, how to go on.
import type { Cloud } from '../cloud/cloud.ts';
import type { JournalEntry, JournalLine, Phase } from './journal-entry.ts';
import type { Verification } from './verification.ts';

type Planned = Extract<JournalEntry, { readonly entry: 'planned' }>;
type Settled = Extract<JournalEntry, { readonly entry: 'settled' }>;

/** `applying` and `releasing` are half-way: going on, interrupted, or failed. */
export type ActionStatus = 'applying' | 'applied' | 'releasing' | 'released';

export interface ActionRecord {
  readonly id: string;
  readonly plan: Planned;
  readonly plannedAt: string;
  readonly status: ActionStatus;
  /** Changes with a call that was announced, by `apply:0`, `undo:2`, … */
  readonly announced: ReadonlySet<string>;
  readonly settled: ReadonlyMap<string, Settled>;
  /** Ids that calls gave back, by number of the change. */
  readonly made: ReadonlyMap<number, string>;
  readonly evidence?: Extract<JournalEntry, { readonly entry: 'evidence' }>;
  readonly verification?: Verification;
  /** When its first call was announced, and when the last one forwards. */
  readonly firstCallAt?: string;
  readonly lastCallAt?: string;
  /** The last failure; undefined when steps followed. */
  readonly failure?: string;
  /** What a person should know of how it went. */
  readonly notes: readonly string[];
}

/** Key of a change in `announced` and `settled`. */
export const changeKey = (phase: Phase, change: number): string => `${phase}:${change}`;

type Draft = { -readonly [K in keyof ActionRecord]: ActionRecord[K] } & {
  announced: Set<string>;
  settled: Map<string, Settled>;
  made: Map<number, string>;
};

function noteCall(record: Draft, { phase, change }: Extract<JournalEntry, { readonly entry: 'calling' }>, at: string): void {
  record.announced.add(changeKey(phase, change));
  delete record.failure;
  if (phase === 'undo') return;
  record.firstCallAt ??= at;
  record.lastCallAt = at;
}

function noteSettled(record: Draft, step: Settled): void {
  record.settled.set(changeKey(step.phase, step.change), step);
  delete record.failure;
  if (step.id !== undefined) record.made.set(step.change, step.id);
  if (step.note !== undefined && step.phase === 'apply') record.notes = [...record.notes, step.note];
}

function follow(record: Draft, { step, at }: JournalLine): void {
  switch (step.entry) {
    case 'planned':
      return;
    case 'evidence':
      record.evidence = step;
      return;
    case 'calling':
      noteCall(record, step, at);
      return;
    case 'called':
      if (step.id !== undefined) record.made.set(step.change, step.id);
      return;
    case 'failed':
      record.failure = step.message;
      return;
    case 'settled':
      noteSettled(record, step);
      return;
    case 'applied':
      record.status = 'applied';
      return;
    case 'verified':
      record.verification = step.verification;
      return;
    case 'releasing':
      record.status = 'releasing';
      return;
    case 'released':
      record.status = 'released';
      record.notes = step.notes;
      return;
  }
}

/** All actions of a journal, oldest first. */
export function actionRecords(lines: readonly JournalLine[]): readonly ActionRecord[] {
  const records = new Map<string, Draft>();
  for (const line of lines) {
    const { step, at } = line;
    if (step.entry === 'planned') {
      const started = { id: step.action, plan: step, plannedAt: at, status: 'applying' as const, notes: [] };
      records.set(step.action, { ...started, announced: new Set(), settled: new Map(), made: new Map() });
    }
    const record = records.get(step.action);
    if (record !== undefined) follow(record, line);
  }
  return [...records.values()];
}

/** Whether an action holds, or may hold in part, on this machine of this cloud. */
export const isOpenOn = ({ plan, status }: ActionRecord, cloud: Pick<Cloud, 'name'>, machineId: string): boolean =>
  status !== 'released' && plan.cloud === cloud.name && plan.machine.id === machineId;
