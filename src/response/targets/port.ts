// Ports: security groups, allowed pairs, port security and admin state, in one call that is refused when the port changed meanwhile.
import type { Cloud } from '../../cloud/cloud.ts';
import type { AllowedPair, Port } from '../../model/inventory.ts';
import type { NextCall, Observation, State, Target } from '../change.ts';
import { unlessUnknown } from './unless-unknown.ts';

type PortTarget = Extract<Target, { readonly kind: 'port' }>;

const pairText = ({ address, mac }: AllowedPair): string => (mac === undefined ? address : `${address} ${mac}`);

function pairOf(text: string): AllowedPair {
  const [address = '', mac] = text.split(' ');
  return { address, ...(mac !== undefined && { mac }) };
}

/** What containment changes of a port. */
export function portState({ securityGroupIds, allowedPairs, portSecurity, adminUp }: Port): State & object {
  return { securityGroups: securityGroupIds.toSorted(), allowedPairs: allowedPairs.map(pairText).toSorted(), portSecurity, adminUp };
}

export async function observePort(cloud: Cloud, { id }: PortTarget): Promise<Observation> {
  const port = await unlessUnknown(cloud.port(id));
  if (port === undefined) return { state: null };
  return { state: portState(port), id, ...(port.revision !== undefined && { revision: port.revision }) };
}

const listOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** Only what differs is set; the switch of port security needs groups and pairs beside it. */
export const nextPortCall: NextCall = (target, { state, revision }, goal) => {
  if (target.kind !== 'port' || state === null || goal === null) return undefined;
  const differs = (field: string): boolean => String(state[field]) !== String(goal[field]);
  const security = differs('portSecurity');
  return {
    call: 'update-port',
    portId: target.id,
    set: {
      ...((security || differs('securityGroups')) && { securityGroupIds: listOf(goal['securityGroups']) }),
      ...((security || differs('allowedPairs')) && { allowedPairs: listOf(goal['allowedPairs']).map(pairOf) }),
      ...(security && { portSecurity: goal['portSecurity'] === true }),
      ...(differs('adminUp') && { adminUp: goal['adminUp'] === true }),
    },
    ...(revision !== undefined && { ifRevision: revision }),
  };
};
