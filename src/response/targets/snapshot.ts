// Images of machines, and snapshots of volumes. An image is found again by its name, which carries the id of the action.
import { VedetteError } from '../../base/errors.ts';
import type { Cloud } from '../../cloud/cloud.ts';
import type { Image } from '../../model/inventory.ts';
import type { NextCall, Observation, Target } from '../change.ts';
import { unlessUnknown } from './unless-unknown.ts';

type ImageTarget = Extract<Target, { readonly kind: 'image' }>;

async function findImage(cloud: Cloud, name: string): Promise<Image | undefined> {
  for await (const event of cloud.readInventory(['images'])) {
    // A list with holes says nothing about what it does not show; asking for an image again would make a second one.
    if (event.event === 'gap' && event.gap.reason !== 'own-project') {
      throw new VedetteError('cloud-failed', { cloud: cloud.name, what: 'reading images', reason: event.gap.detail, request: '-' });
    }
    if (event.event !== 'page' || event.kind !== 'images') continue;
    const found = event.items.find((image) => image.name === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** An image that is whole and cannot be deleted. */
export const keptImage = { status: 'active', protected: true } as const;

export async function observeImage(cloud: Cloud, { name }: ImageTarget, id: string | undefined): Promise<Observation> {
  const image = id === undefined ? await findImage(cloud, name) : await unlessUnknown(cloud.image(id));
  if (image === undefined) return { state: null };
  // The provider's states on the way to `active` differ (queued, saving, uploading); it is the same to us.
  const state = { status: image.status.toLowerCase(), protected: image.protected };
  const note = `image ${image.id} in project ${image.projectId ?? '?'}, checksum ${image.checksum ?? 'not stated by the provider'}`;
  return { state, id: image.id, note };
}

export const nextImageCall: NextCall = (target, { state, id = '' }, goal) => {
  if (target.kind !== 'image') return undefined;
  if (goal === null) {
    if (state === null) return undefined;
    return state['protected'] === true ? { call: 'protect-image', imageId: id, protected: false } : { call: 'delete-image', imageId: id };
  }
  const { machineId, name, metadata } = target;
  if (state === null) return { call: 'create-image', machineId, name, metadata };
  return state['status'] === 'active' && state['protected'] !== true ? { call: 'protect-image', imageId: id, protected: true } : undefined;
};

/** A volume snapshot is known only by the id that making it gave back. */
export const observeVolumeSnapshot = (id: string | undefined): Observation =>
  id === undefined ? { state: null } : { state: { made: true }, id };

export const nextVolumeSnapshotCall: NextCall = (target, { state }, goal) => {
  if (target.kind !== 'volume-snapshot' || state !== null || goal === null) return undefined;
  const { volumeId, name, metadata } = target;
  return { call: 'create-volume-snapshot', volumeId, name, metadata };
};
