// Security groups by name and project, with exactly the rules that are wanted. A new group is never empty (Neutron fills it with rules
// that let everything out), so every group is read again and rid of what it should not hold.
import { VedetteError } from '../../base/errors.ts';
import { formatCidr, parseCidr } from '../../base/ip.ts';
import type { Cloud } from '../../cloud/cloud.ts';
import type { SecurityRule } from '../../model/inventory.ts';
import type { NextCall, Observation, State, Target } from '../change.ts';

type GroupTarget = Extract<Target, { readonly kind: 'group' }>;

/** A rule without its place. */
export type RuleShape = Omit<SecurityRule, 'id' | 'groupId'>;

const protocolNames: Readonly<Record<string, string>> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'ipv6-icmp', icmpv6: 'ipv6-icmp' };

/** `10.0.0.5` and `10.0.0.5/32` are the same to Neutron, and so are any and `0.0.0.0/0`. */
function cidrText(cidr: string): string | undefined {
  const range = parseCidr(cidr);
  if (range === undefined) return cidr;
  const text = formatCidr(range);
  if (text === '0.0.0.0/0' || text === '::/0') return undefined;
  return text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`;
}

/** A rule in one spelling, so that equal rules are equal texts; JSON, read back by `ruleOf`. */
export function ruleText(rule: RuleShape): string {
  const protocol = rule.protocol?.toLowerCase();
  const remoteCidr = rule.remoteCidr === undefined ? undefined : cidrText(rule.remoteCidr);
  return JSON.stringify({
    direction: rule.direction,
    ipVersion: rule.ipVersion,
    protocol: protocol === undefined || protocol === 'any' ? undefined : (protocolNames[protocol] ?? protocol),
    from: rule.from,
    to: rule.to,
    remoteCidr,
    remoteGroupId: rule.remoteGroupId,
    remoteAddressGroupId: rule.remoteAddressGroupId,
  });
}

const ruleOf = (text: string): RuleShape => JSON.parse(text) as RuleShape;

/** A group that holds these rules. */
export const groupState = (rules: readonly RuleShape[]): State & object => ({ rules: [...new Set(rules.map(ruleText))].toSorted() });

/** @throws {VedetteError} `containment-refused` when the name is held twice: which of them the ports have cannot be told */
export async function observeGroup(cloud: Cloud, { name, projectId }: GroupTarget): Promise<Observation> {
  const [group, ...others] = await cloud.findSecurityGroups(name, projectId);
  if (group === undefined) return { state: null };
  if (others.length > 0) {
    const problem = `project ${projectId} has ${others.length + 1} security groups named ${name}`;
    throw new VedetteError('containment-refused', { machine: cloud.name, problem, advice: 'delete or rename those that are not in use' });
  }
  return {
    state: groupState(group.rules),
    id: group.id,
    ruleIds: new Map(group.rules.map((rule) => [ruleText(rule), rule.id])),
  };
}

const rulesOf = (state: State): readonly string[] => (Array.isArray(state?.['rules']) ? state['rules'].map(String) : []);

/** One call at a time: make it, take out, put in, or remove it. */
export const nextGroupCall: NextCall = (target, { state, id = '', ruleIds }, goal) => {
  if (target.kind !== 'group') return undefined;
  if (goal === null) return state === null ? undefined : { call: 'delete-security-group', groupId: id };
  if (state === null) {
    const { name, description, projectId } = target;
    return { call: 'create-security-group', name, description, projectId };
  }
  const [have, want] = [rulesOf(state), rulesOf(goal)];
  const surplus = have.find((text) => !want.includes(text));
  if (surplus !== undefined) return { call: 'delete-security-rule', ruleId: ruleIds?.get(surplus) ?? '' };
  const missing = want.find((text) => !have.includes(text));
  return missing === undefined ? undefined : { call: 'create-security-rule', rule: { ...ruleOf(missing), groupId: id } };
};
