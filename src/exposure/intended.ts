// What security groups let in from outside, and the rules that open to everybody where nothing listens.
import { inAny, privateRanges } from '../base/address-class.ts';
import { parseCidr } from '../base/ip.ts';
import type { IntendedView, Transport } from '../model/exposure.ts';
import type { Port, SecurityGroup, SecurityRule } from '../model/inventory.ts';

/** Protocol numbers of the rules that name no protocol by its name. */
const numbers: Readonly<Record<string, string>> = { '6': 'tcp', '17': 'udp' };
/** A range this wide, or wider, of public addresses is everybody. Bits over 128. */
const everybodyBits = { 4: 96 + 8, 6: 16 } as const;

/** Ports and groups of an inventory as of one time. */
export interface Groups {
  group(id: string): SecurityGroup | undefined;
  /** How many addresses are members of a group. */
  memberCount(groupId: string): number;
}

/** Whether a rule opens to everybody. */
export function isToEverybody({ remoteCidr, remoteGroupId, remoteAddressGroupId, ipVersion }: SecurityRule): boolean {
  if (remoteGroupId !== undefined || remoteAddressGroupId !== undefined) return false;
  if (remoteCidr === undefined) return true;
  const range = parseCidr(remoteCidr);
  return range !== undefined && range.bits <= everybodyBits[ipVersion] && (range.bits <= 96 || !inAny(privateRanges, range.words));
}

/** Whether a rule is about the port. */
export function isAboutPort(rule: SecurityRule, protocol: Transport, port: number): boolean {
  if (rule.direction !== 'toVm') return false;
  if (rule.protocol !== undefined && (numbers[rule.protocol] ?? rule.protocol.toLowerCase()) !== protocol) return false;
  return rule.protocol === undefined || rule.from === undefined || (port >= rule.from && port <= (rule.to ?? rule.from));
}

/** `tcp 80-90 from 0.0.0.0/0 (group web)` */
export function ruleText(rule: SecurityRule, groups: Groups): string {
  const { protocol, from, to, remoteCidr, remoteGroupId, remoteAddressGroupId, groupId, ipVersion } = rule;
  const ports = from === undefined ? '' : ` ${to === undefined || to === from ? from : `${from}-${to}`}`;
  const whom =
    remoteGroupId !== undefined
      ? `members of ${groups.group(remoteGroupId)?.name || remoteGroupId} (${groups.memberCount(remoteGroupId)})`
      : (remoteCidr ??
        (remoteAddressGroupId !== undefined ? `address group ${remoteAddressGroupId}` : ipVersion === 4 ? '0.0.0.0/0' : '::/0'));
  return `${protocol ?? 'everything'}${ports} from ${whom} (group ${groups.group(groupId)?.name || groupId})`;
}

/** What the groups of a port intend for one of its ports of TCP or UDP. */
export function intendedView(
  port: Port | undefined,
  groups: Groups,
  about: { readonly protocol: Transport; readonly port: number; readonly ipVersion: 4 | 6 },
): IntendedView {
  if (port === undefined) return { verdict: 'unknown', rules: [] };
  if (!port.portSecurity) return { verdict: 'unenforced', rules: [] };
  const known = port.securityGroupIds.map((id) => groups.group(id));
  const rules = known
    .flatMap((group) => group?.rules ?? [])
    .filter((rule) => rule.ipVersion === about.ipVersion && isAboutPort(rule, about.protocol, about.port));
  const verdict = rules.some(isToEverybody) ? 'open' : known.includes(undefined) ? 'unknown' : rules.length > 0 ? 'restricted' : 'closed';
  return { verdict, rules: rules.map((rule) => ruleText(rule, groups)) };
}
