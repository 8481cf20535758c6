// How each kind of target is read, and how it is brought to where it shall be.
import type { Cloud, CloudCall } from '../../cloud/cloud.ts';
import type { NextCall, Observation, State, Target } from '../change.ts';
import { nextGroupCall, observeGroup } from './group.ts';
import { nextLockCall, nextPowerCall, observeMachine } from './machine.ts';
import { nextPortCall, observePort } from './port.ts';
import { nextImageCall, nextVolumeSnapshotCall, observeImage, observeVolumeSnapshot } from './snapshot.ts';

const nextCalls: Readonly<Record<Target['kind'], NextCall>> = {
  port: nextPortCall,
  group: nextGroupCall,
  power: nextPowerCall,
  lock: nextLockCall,
  image: nextImageCall,
  'volume-snapshot': nextVolumeSnapshotCall,
};

/** Reads a target. @param id of what was made for it before, where that is known */
export async function observe(cloud: Cloud, target: Target, id?: string): Promise<Observation> {
  switch (target.kind) {
    case 'port':
      return observePort(cloud, target);
    case 'group':
      return observeGroup(cloud, target);
    case 'power':
    case 'lock':
      return observeMachine(cloud, target);
    case 'image':
      return observeImage(cloud, target, id);
    case 'volume-snapshot':
      return observeVolumeSnapshot(id);
  }
}

/** The next call towards the goal; undefined when there is nothing to do but wait. */
export const nextCall = (target: Target, seen: Observation, goal: State): CloudCall | undefined =>
  nextCalls[target.kind](target, seen, goal);

/** Whether any state may be met on the way: these are made in several steps. */
export const takesSteps = ({ kind }: Target): boolean => kind === 'group' || kind === 'image';
