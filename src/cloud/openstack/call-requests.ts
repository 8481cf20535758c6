// Calls that change the cloud → requests of OpenStack's APIs. Pure.
import type { CloudCall } from '../cloud.ts';
import { type ApiRequest, path } from './api.ts';
import { given, type JsonObject } from './json.ts';
import { atLeastVersion, microversionOf } from './microversions.ts';
import { ruleRequest } from './network-mapping.ts';

/** What a request depends on besides the call. */
export interface CallContext {
  readonly microversion: string | undefined;
  /** Whom a new rule's group belongs to. An administrator's rule would else be the administrator's. */
  readonly ruleProjectId?: string;
}

type UpdatePort = Extract<CloudCall, { call: 'update-port' }>;

function portRequest({ portId, set, ifRevision }: UpdatePort): ApiRequest {
  const port: JsonObject = {
    ...given('security_groups', set.securityGroupIds),
    ...given(
      'allowed_address_pairs',
      set.allowedPairs?.map(({ address, mac }) => ({ ip_address: address, ...given('mac_address', mac) })),
    ),
    ...given('port_security_enabled', set.portSecurity),
    ...given('admin_state_up', set.adminUp),
  };
  const guarded = ifRevision !== undefined;
  return {
    ...{ service: 'network', method: 'PUT', path: path`/ports/${portId}`, what: `port ${portId}`, body: { port } },
    ...(guarded && { headers: { 'if-match': `revision_number=${ifRevision}` } }),
    // Done twice, the guard would refuse the second, though the first was ours.
    ...(guarded && { idempotent: false }),
  };
}

const action = (machineId: string, body: JsonObject): ApiRequest => ({
  ...{ service: 'compute', method: 'POST', path: path`/servers/${machineId}/action`, what: `machine ${machineId}`, body },
});

const network = (method: 'POST' | 'PUT' | 'DELETE', where: string, what: string, body?: JsonObject): ApiRequest => ({
  ...{ service: 'network', method, path: where, what, ...(body !== undefined && { body }) },
});

/** Glance takes changes as a patch (RFC 6902) of a media type of its own. */
const imagePatch = (imageId: string, isProtected: boolean): ApiRequest => ({
  ...{ service: 'image', method: 'PATCH', path: path`/images/${imageId}`, what: `image ${imageId}`, idempotent: true },
  body: [{ op: 'replace', path: '/protected', value: isProtected }],
  headers: { 'content-type': 'application/openstack-images-v2.1-json-patch' },
});

/** The request of a call. */
export function requestOf(call: CloudCall, { microversion, ruleProjectId }: CallContext): ApiRequest {
  switch (call.call) {
    case 'update-port':
      return portRequest(call);
    case 'create-security-group': {
      const { name, description, projectId } = call;
      const group = { name, description, project_id: projectId };
      return network('POST', '/security-groups', `security group ${name}`, { security_group: group });
    }
    case 'delete-security-group':
      return network('DELETE', path`/security-groups/${call.groupId}`, `security group ${call.groupId}`);
    case 'create-security-rule': {
      const rule = { ...ruleRequest(call.rule), ...given('project_id', ruleProjectId) };
      return network('POST', '/security-group-rules', `rule of security group ${call.rule.groupId}`, { security_group_rule: rule });
    }
    case 'delete-security-rule':
      return network('DELETE', path`/security-group-rules/${call.ruleId}`, `security rule ${call.ruleId}`);
    case 'update-floating-address': {
      const { floatingAddressId, portId, fixedAddress } = call;
      const floatingip = { port_id: portId, ...given('fixed_ip_address', fixedAddress) };
      return network('PUT', path`/floatingips/${floatingAddressId}`, `floating address ${floatingAddressId}`, { floatingip });
    }
    case 'pause':
    case 'unpause':
    case 'unlock':
      return action(call.machineId, { [call.call]: null });
    case 'lock': {
      const takesReason = atLeastVersion(microversion, microversionOf.lockReason);
      return action(call.machineId, { lock: takesReason ? { locked_reason: call.reason.slice(0, 255) } : null });
    }
    case 'create-image':
      return action(call.machineId, { createImage: { name: call.name, metadata: call.metadata } });
    case 'protect-image':
      return imagePatch(call.imageId, call.protected);
    case 'delete-image':
      return { service: 'image', method: 'DELETE', path: path`/images/${call.imageId}`, what: `image ${call.imageId}` };
    case 'create-volume-snapshot': {
      // A volume in use needs `force`.
      const snapshot = { volume_id: call.volumeId, name: call.name, metadata: call.metadata, force: true };
      return {
        ...{ service: 'block-storage', method: 'POST', path: '/snapshots', what: `volume ${call.volumeId}`, body: { snapshot } },
      };
    }
  }
}
