// Nova's JSON → our model. Pure. https://docs.openstack.org/api-ref/compute/
import type { Keypair, Machine } from '../../model/inventory.ts';
import type { MachineEvent } from '../cloud.ts';
import { asObject, flag, given, type JsonObject, objects, optionalText, text, textMap, texts } from './json.ts';

const optionalFlag = (from: JsonObject, key: string): boolean | undefined =>
  typeof from[key] === 'boolean' ? flag(from, key, false) : undefined;

/** A server of `/servers/detail` or `/servers/{id}`. A machine booted from a volume has no image: Nova says `""`. */
export function machineOf(server: JsonObject): Machine {
  const flavor = asObject(server['flavor']);
  const volumes = objects(server['os-extended-volumes:volumes_attached']).map((volume) => text(volume, 'id'));
  return {
    id: text(server, 'id'),
    name: text(server, 'name'),
    projectId: text(server, 'tenant_id'),
    ...given('userId', optionalText(server, 'user_id')),
    ...given('host', optionalText(server, 'OS-EXT-SRV-ATTR:host')),
    status: text(server, 'status').toUpperCase(),
    ...given('imageId', optionalText(asObject(server['image']), 'id')),
    ...given('keypair', optionalText(server, 'key_name')),
    // The name since microversion 2.47, an id before.
    ...given('flavor', optionalText(flavor, 'original_name') ?? optionalText(flavor, 'id')),
    ...given('createdAt', optionalText(server, 'created')),
    ...given('locked', optionalFlag(server, 'locked')),
    ...given('lockedReason', optionalText(server, 'locked_reason')),
    tags: texts(server['tags']),
    metadata: textMap(server['metadata']),
    ...(volumes.length > 0 && { volumeIds: volumes }),
  };
}

/** Whether Nova could say only that the server exists: its cell does not answer (2.69), or the reader may see no more. */
export const isPartialServer = (server: JsonObject): boolean => server['name'] === undefined;

/** An item of `/os-keypairs`. Names are unique per user only. */
export function keypairOf(item: JsonObject, ownerId: string): Keypair {
  const keypair = asObject(item['keypair']);
  const userId = optionalText(keypair, 'user_id') ?? ownerId;
  const name = text(keypair, 'name');
  return { id: `${userId}/${name}`, name, userId, ...given('fingerprint', optionalText(keypair, 'fingerprint')) };
}

/** An item of `/servers/{id}/os-instance-actions`. */
export function machineEventOf(action: JsonObject): MachineEvent {
  return {
    action: text(action, 'action'),
    at: text(action, 'start_time'),
    ...given('userId', optionalText(action, 'user_id')),
    ...given('projectId', optionalText(action, 'project_id')),
    ...given('requestId', optionalText(action, 'request_id')),
    ...given('message', optionalText(action, 'message')),
  };
}
