// The contract of an action: what it is, what it needs, and how it plans. Carrying out, verifying and undoing are the same for all of
// them (executor.ts), since a plan is nothing but changes.
import type { Cloud, CloudIdentity, MachineState } from '../cloud/cloud.ts';
import type { Change } from './change.ts';
import type { ActionName, Parameter } from './journal-entry.ts';

/** A right that an action needs, in the provider's words. */
export interface Permission {
  readonly service: 'compute' | 'network' | 'image' | 'volume';
  readonly right: string;
  /** Only for some parameters: which. */
  readonly when?: string;
}

/** What planning may ask. */
export interface PlanContext {
  readonly cloud: Cloud;
  readonly identity: CloudIdentity;
  readonly state: MachineState;
  /** Id of the action that is planned. */
  readonly action: string;
  readonly reason: string;
}

export interface Plan {
  /** In the order of carrying out. */
  readonly changes: readonly Change[];
  /** What a person should know before saying yes. */
  readonly warnings: readonly string[];
}

export interface Action<P extends Readonly<Record<string, Parameter>>> {
  readonly name: ActionName;
  /** What it does, one sentence. */
  readonly title: string;
  readonly permissions: readonly Permission[];
  readonly reversible: boolean;
  /** What of the evidence ends with it; when there is any, evidence is kept first. */
  readonly ends: readonly string[];
  /** Reads only. @throws {VedetteError} `containment-refused` where it would not do what it says */
  plan(context: PlanContext, parameters: P): Promise<Plan>;
}
