// A planned change of one thing in the cloud: what is looked at, how it is, how it shall be. Calls follow from the difference between
// what is there and what shall be, so that a change can be begun again after any interruption, and undone by asking for `before`.
import type { CloudCall } from '../cloud/cloud.ts';

/** A thing in the cloud that can be looked at and changed. */
export type Target =
  | { readonly kind: 'port'; readonly id: string }
  | { readonly kind: 'group'; readonly name: string; readonly projectId: string; readonly description: string }
  | { readonly kind: 'power'; readonly machineId: string }
  /** The reason is what the cloud shows to those whom the lock stops; old ones keep none. */
  | { readonly kind: 'lock'; readonly machineId: string; readonly reason: string }
  | {
      readonly kind: 'image';
      readonly machineId: string;
      readonly name: string;
      readonly metadata: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'volume-snapshot';
      readonly volumeId: string;
      readonly name: string;
      readonly metadata: Readonly<Record<string, string>>;
    };

/** What a field holds; lists are sets, kept sorted. */
export type Value = string | boolean | readonly string[];

/** A thing as it is, by field; null when it does not exist. */
export type State = Readonly<Record<string, Value>> | null;

export interface Change {
  readonly target: Target;
  readonly before: State;
  readonly after: State;
  /** `restore` what was · `remove` what was made, unless somebody else uses it by now · `keep` it. */
  readonly undo: 'restore' | 'remove' | 'keep';
}

/** A thing as it was just read. */
export interface Observation {
  readonly state: State;
  /** The provider's id, for things that are looked up by name. */
  readonly id?: string;
  readonly revision?: number;
  /** What a person wants to know of it besides, such as a checksum. */
  readonly note?: string;
  /** Ids of rules, by their text in the state. */
  readonly ruleIds?: ReadonlyMap<string, string>;
}

/** The next call on the way from what is there to the goal; undefined when there is nothing to do but wait. */
export type NextCall = (target: Target, seen: Observation, goal: State) => CloudCall | undefined;

/** Name of a target, for people. */
export function targetName(target: Target): string {
  switch (target.kind) {
    case 'port':
      return `port ${target.id}`;
    case 'group':
      return `security group ${target.name}`;
    case 'power':
      return `power state of ${target.machineId}`;
    case 'lock':
      return `lock of ${target.machineId}`;
    case 'image':
      return `image ${target.name}`;
    case 'volume-snapshot':
      return `snapshot of volume ${target.volumeId}`;
  }
}

/** A value for people and for comparing. */
export const valueText = (value: Value | undefined): string =>
  value === undefined ? 'nothing' : typeof value === 'object' ? `[${value.join(', ')}]` : String(value);

export const sameValue = (a: Value | undefined, b: Value | undefined): boolean => valueText(a) === valueText(b);

/** Whether two states are equal in all fields. */
export function sameState(a: State, b: State): boolean {
  if (a === null || b === null) return a === b;
  return Object.keys({ ...a, ...b }).every((field) => sameValue(a[field], b[field]));
}

/** Whether each field is as in one or the other of two states: something between them. */
export function isBetween(seen: State, from: State, to: State): boolean {
  if (seen === null || from === null || to === null) return seen === from || seen === to;
  return Object.keys(seen).every((field) => sameValue(seen[field], from[field]) || sameValue(seen[field], to[field]));
}

/** Where two states differ, one short sentence a field: `securityGroups is [a], expected [b]`. */
export function differences(seen: State, expected: State): readonly string[] {
  if (seen === null) return expected === null ? [] : ['it does not exist'];
  if (expected === null) return ['it exists'];
  return Object.keys({ ...seen, ...expected })
    .filter((field) => !sameValue(seen[field], expected[field]))
    .map((field) => `${field} is ${valueText(seen[field])}, expected ${valueText(expected[field])}`);
}
