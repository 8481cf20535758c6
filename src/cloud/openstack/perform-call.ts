// Carries calls out, to their end: OpenStack answers many before they are done.
import { VedetteError } from '../../base/errors.ts';
import type { Image } from '../../model/inventory.ts';
import type { CallResult, CloudCall } from '../cloud.ts';
import type { CloudRuntime } from '../runtime.ts';
import { type ApiAnswer, type ApiRequest, type OpenStackApi, path } from './api.ts';
import { isRefusal } from './api-errors.ts';
import { requestOf } from './call-requests.ts';
import { imageOf } from './identity-mapping.ts';
import { asObject, given, type JsonObject, optionalText, text } from './json.ts';
import { portOf } from './network-mapping.ts';

/** How long what OpenStack does in its own time may take: a disk of a terabyte is copied, a machine is paused. */
const longestMs = { image: 3_600_000, snapshot: 3_600_000, machine: 120_000 } as const;

/** Pauses between looks, growing. */
const pollMs = { first: 200, longest: 5_000 } as const;

/** The request of a call, with what has to be asked for it. */
export async function buildRequest(api: OpenStackApi, call: CloudCall): Promise<ApiRequest> {
  const isNova = ['pause', 'unpause', 'lock', 'unlock', 'create-image'].includes(call.call);
  const microversion = isNova ? await api.microversion() : undefined;
  if (call.call !== 'create-security-rule') return requestOf(call, { microversion });
  const { groupId } = call.rule;
  const body = await api.get('network', path`/security-groups/${groupId}`, `security group ${groupId}`, { fields: 'project_id' });
  return requestOf(call, { microversion, ...given('ruleProjectId', optionalText(asObject(body['security_group']), 'project_id')) });
}

/** The request of a call of a plan: a group that the plan makes has no project to be asked for yet. */
export async function describeRequest(api: OpenStackApi, call: CloudCall): Promise<ApiRequest> {
  try {
    return await buildRequest(api, call);
  } catch (error) {
    if (call.call !== 'create-security-rule' || !(error instanceof VedetteError) || error.code !== 'cloud-unknown-item') throw error;
    return requestOf(call, { microversion: undefined });
  }
}

/** Looks until `look` gives something. @throws {VedetteError} `cloud-failed` when it takes longer than `limitMs` */
async function until<T>(
  api: OpenStackApi,
  runtime: CloudRuntime,
  { what, limitMs }: { what: string; limitMs: number },
  look: () => Promise<T | undefined>,
): Promise<T> {
  const startedAt = runtime.nowMs();
  for (let pause: number = pollMs.first; ; pause = Math.min(pollMs.longest, pause * 1.5)) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (runtime.nowMs() - startedAt > limitMs) throw api.malformed(what, `it is not done after ${Math.round(limitMs / 1000)} s`);
    await runtime.sleep(pause);
  }
}

/** An image as it is now. When a snapshot fails, Nova removes its image again. */
async function growingImage(api: OpenStackApi, imageId: string): Promise<Image> {
  const what = `image ${imageId}`;
  try {
    const image = imageOf(await api.get('image', path`/images/${imageId}`, what));
    if (!['killed', 'deleted', 'pending_delete'].includes(image.status)) return image;
    throw api.malformed(what, `its status is ${image.status}`);
  } catch (error) {
    throw isRefusal(error, 'cloud-unknown-item') ? api.malformed(what, 'it was removed while it was made') : error;
  }
}

async function untilImage(api: OpenStackApi, runtime: CloudRuntime, imageId: string): Promise<Image> {
  return until(api, runtime, { what: `image ${imageId}`, limitMs: longestMs.image }, async () => {
    const image = await growingImage(api, imageId);
    return image.status === 'active' ? image : undefined;
  });
}

/** Waits until Nova does nothing more to a machine, and it is in the status that is wanted, if one is. */
async function untilIdle(api: OpenStackApi, runtime: CloudRuntime, machineId: string, wanted?: string): Promise<true> {
  const what = `machine ${machineId}`;
  return until(api, runtime, { what, limitMs: longestMs.machine }, async () => {
    const server = asObject((await api.get('compute', path`/servers/${machineId}`, what))['server']);
    const status = text(server, 'status');
    if (wanted !== undefined && status === 'ERROR') throw api.malformed(what, 'its status is ERROR');
    const isIdle = optionalText(server, 'OS-EXT-STS:task_state') === undefined;
    return isIdle && (wanted === undefined || status === wanted) ? true : undefined;
  });
}

async function untilSnapshot(api: OpenStackApi, runtime: CloudRuntime, snapshotId: string): Promise<true> {
  const what = `volume snapshot ${snapshotId}`;
  return until(api, runtime, { what, limitMs: longestMs.snapshot }, async () => {
    const status = text(asObject((await api.get('block-storage', path`/snapshots/${snapshotId}`, what))['snapshot']), 'status');
    if (status.startsWith('error')) throw api.malformed(what, `its status is ${status}`);
    return status === 'available' ? true : undefined;
  });
}

/** The id of a new image: in the body since 2.45, in the Location header before. */
function newImageId(api: OpenStackApi, answer: ApiAnswer, what: string): string {
  const id = optionalText(answer.body, 'image_id') ?? answer.headers['location']?.split('/').at(-1);
  if (id === undefined) throw api.malformed(what, 'the answer names no image', answer.requestId);
  return id;
}

/** The key of what was made in an answer. */
const madeIn: Partial<Record<CloudCall['call'], string>> = {
  'create-security-group': 'security_group',
  'create-security-rule': 'security_group_rule',
  'create-volume-snapshot': 'snapshot',
};

/** What comes after the answer. */
async function finish(
  api: OpenStackApi,
  runtime: CloudRuntime,
  call: CloudCall,
  answer: ApiAnswer,
): Promise<Omit<CallResult, 'requestId'>> {
  const key = madeIn[call.call];
  const made: JsonObject = key === undefined ? {} : asObject(answer.body[key]);
  switch (call.call) {
    case 'update-port':
      return { port: portOf(asObject(answer.body['port'])) };
    case 'pause':
      await untilIdle(api, runtime, call.machineId, 'PAUSED');
      return {};
    case 'unpause':
      await untilIdle(api, runtime, call.machineId, 'ACTIVE');
      return {};
    case 'create-image': {
      const id = newImageId(api, answer, `image ${call.name}`);
      const image = await untilImage(api, runtime, id);
      // Until then Nova refuses the next action.
      await untilIdle(api, runtime, call.machineId);
      return { id, image };
    }
    case 'create-volume-snapshot':
      await untilSnapshot(api, runtime, text(made, 'id'));
      return { id: text(made, 'id') };
    default:
      return given('id', optionalText(made, 'id'));
  }
}

/** Deleting what an earlier attempt of the same request has deleted is done. */
async function send(api: OpenStackApi, request: ApiRequest): Promise<ApiAnswer> {
  try {
    return await api.call(request);
  } catch (error) {
    const repeated = error instanceof VedetteError && Number(error.details['attempts']) > 1;
    if (request.method !== 'DELETE' || !repeated || !isRefusal(error, 'cloud-unknown-item')) throw error;
    return { body: {}, headers: {}, requestId: undefined, attempts: Number(error.details['attempts']) };
  }
}

/** Carries one call out. @throws {VedetteError} see cloud.ts */
export async function performCall(api: OpenStackApi, runtime: CloudRuntime, call: CloudCall): Promise<CallResult> {
  const answer = await send(api, await buildRequest(api, call));
  return { ...(await finish(api, runtime, call, answer)), ...given('requestId', answer.requestId) };
}
