// The jobs of containment, by the name of their command.
import {
  type IsolateMode,
  type IsolateParameters,
  isolateMachine,
  isolateModes,
} from '../../response/actions/isolate-machine/isolate-machine.ts';
import { lockMachine } from '../../response/actions/lock-machine/lock-machine.ts';
import { type SnapshotParameters, snapshotMachine } from '../../response/actions/snapshot-machine/snapshot-machine.ts';
import { type ActRequest, type ActResult, act, type PlannedAction } from './act.ts';
import {
  listActions,
  type ResumeRequest,
  resumeAction,
  type ShownAction,
  showAction,
  type VerifiedJournal,
  verifyJournal,
} from './actions.ts';
import type { ContainmentDependencies, ContainmentPlace } from './dependencies.ts';
import { type ReleaseRequest, type ReleaseResult, release } from './release.ts';
import { type ContainmentStatus, containmentStatus, type StatusRequest, type WatchRequest, watchContainment } from './status.ts';

export type { ActionRecord } from '../../response/action-record.ts';
export type { WireReport } from '../../response/wire/wire-report.ts';
export type { WireRequest } from './watch-wire.ts';
export type {
  ActRequest,
  ActResult,
  ContainmentDependencies,
  ContainmentPlace,
  ContainmentStatus,
  IsolateMode,
  IsolateParameters,
  PlannedAction,
  ReleaseRequest,
  ReleaseResult,
  SnapshotParameters,
  VerifiedJournal,
};
export { isolateModes };

type StatePlace = Pick<ContainmentPlace, 'stateDirectory'>;

/** Everything about containment that the command line can do. */
export interface ContainmentJobs {
  readonly isolate: (request: ActRequest<IsolateParameters>) => Promise<ActResult>;
  readonly lock: (request: ActRequest<Record<never, never>>) => Promise<ActResult>;
  readonly snapshot: (request: ActRequest<SnapshotParameters>) => Promise<ActResult>;
  readonly release: (request: ReleaseRequest) => Promise<ReleaseResult>;
  readonly status: (request: StatusRequest) => Promise<readonly ContainmentStatus[]>;
  readonly watch: (request: WatchRequest) => Promise<void>;
  readonly list: (place: StatePlace) => readonly ShownAction['record'][];
  readonly show: (request: StatePlace & { readonly id: string }) => ShownAction;
  readonly verify: (place: StatePlace) => VerifiedJournal;
  readonly resume: (request: ResumeRequest) => Promise<ShownAction['record']>;
}

/** The jobs, wired to these parts of the outside. */
export const containmentJobs = (dependencies: ContainmentDependencies): ContainmentJobs => ({
  isolate: (request) => act(isolateMachine, request, dependencies),
  lock: (request) => act(lockMachine, request, dependencies),
  snapshot: (request) => act(snapshotMachine, request, dependencies),
  release: (request) => release(request, dependencies),
  status: (request) => containmentStatus(request, dependencies),
  watch: (request) => watchContainment(request, dependencies),
  list: (place) => listActions(place, dependencies),
  show: (request) => showAction(request, dependencies),
  verify: (place) => verifyJournal(place, dependencies),
  resume: (request) => resumeAction(request, dependencies),
});
