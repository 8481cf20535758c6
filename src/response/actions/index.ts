// The actions.
import type { Action } from '../action.ts';
import { isolateMachine } from './isolate-machine/isolate-machine.ts';
import { lockMachine } from './lock-machine/lock-machine.ts';
import { snapshotMachine } from './snapshot-machine/snapshot-machine.ts';

/** What can be said of every action, whatever its parameters. */
export type AnyAction = Omit<Action<never>, 'plan'>;

export const actions: readonly AnyAction[] = [isolateMachine, lockMachine, snapshotMachine];
