// What the journal says: one entry a step, enough to finish or undo an action from the journal and the cloud alone. Never secrets.
import type { CloudCall } from '../cloud/cloud.ts';
import type { Change, State } from './change.ts';
import type { EvidenceItem } from './evidence.ts';
import type { Verification } from './verification.ts';

/** Names of the actions; the folders of actions/. */
export type ActionName = 'isolate-machine' | 'lock-machine' | 'snapshot-machine';

/** Who acts: the person at this machine, and whom the cloud takes us for. */
export interface Actor {
  readonly person: string;
  readonly cloudUser: string;
  readonly cloudProject?: string;
}

/** Which way an action is being carried: forwards, or back. */
export type Phase = 'apply' | 'undo';

/** A value given to an action on the command line. */
export type Parameter = string | boolean | readonly string[];

/** One step. `action` is the id of the action. */
export type JournalEntry =
  | {
      readonly entry: 'planned';
      readonly action: string;
      readonly name: ActionName;
      readonly cloud: string;
      readonly machine: { readonly id: string; readonly name: string; readonly projectId: string };
      readonly actor: Actor;
      readonly reason: string;
      readonly parameters: Readonly<Record<string, Parameter>>;
      /** When `release --expired` undoes it; ISO 8601. */
      readonly expiresAt?: string;
      readonly changes: readonly Change[];
      readonly warnings: readonly string[];
    }
  | {
      readonly entry: 'evidence';
      readonly action: string;
      readonly items: readonly EvidenceItem[];
      readonly gaps: readonly string[];
    }
  | {
      readonly entry: 'calling';
      readonly action: string;
      readonly phase: Phase;
      readonly change: number;
      readonly seen: State;
      readonly revision?: number;
      readonly call: CloudCall;
    }
  | {
      readonly entry: 'called';
      readonly action: string;
      readonly phase: Phase;
      readonly change: number;
      readonly id?: string;
      readonly requestId?: string;
    }
  | {
      readonly entry: 'failed';
      readonly action: string;
      readonly phase: Phase;
      readonly change: number;
      readonly code: string;
      readonly message: string;
    }
  /** The change is as it shall be. */
  | {
      readonly entry: 'settled';
      readonly action: string;
      readonly phase: Phase;
      readonly change: number;
      readonly state: State;
      readonly id?: string;
      readonly revision?: number;
      readonly note?: string;
    }
  | { readonly entry: 'applied'; readonly action: string }
  | { readonly entry: 'verified'; readonly action: string; readonly verification: Verification }
  | {
      readonly entry: 'releasing';
      readonly action: string;
      readonly actor: Actor;
      readonly reason: string;
      readonly force: boolean;
    }
  | { readonly entry: 'released'; readonly action: string; readonly notes: readonly string[] };

/** An entry as it stands in the journal: numbered, dated, and bound to the one before it. */
export interface JournalLine {
  /** From 1, without gaps. */
  readonly number: number;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly previous: string;
  readonly step: JournalEntry;
  /** SHA-256 of the line without this field. */
  readonly hash: string;
}
