// What the security groups of a port let in at a time, with the rule and to whom.
import { type Cidr, inCidr, parseAddress, parseCidr } from '../base/ip.ts';
import type { EpochMicros } from '../base/units.ts';
import type { Exposure, ExposureRule } from '../model/attribution.ts';
import type { Port, SecurityGroup, SecurityRule } from '../model/inventory.ts';
import type { AsOf } from './as-of.ts';

/** A question: could `remote` reach this port of the machine? */
export interface ExposureQuery {
  readonly portId: string;
  readonly at: EpochMicros;
  readonly protocol?: string;
  readonly port?: number;
  readonly remote?: string;
}

const maxMembers = 10;
const protocolNames: Readonly<Record<string, string>> = {
  '6': 'tcp',
  '17': 'udp',
  '1': 'icmp',
  '58': 'ipv6-icmp',
  '132': 'sctp',
  icmpv6: 'ipv6-icmp',
};
const portProtocols: ReadonlySet<string> = new Set(['tcp', 'udp', 'sctp']);
const nameOf = (protocol: string): string => protocolNames[protocol.toLowerCase()] ?? protocol.toLowerCase();

function lets(rule: SecurityRule, { protocol, port }: ExposureQuery, version: 4 | 6 | undefined): boolean {
  if (rule.direction !== 'toVm' || (version !== undefined && rule.ipVersion !== version)) return false;
  if (rule.protocol === undefined) return true;
  if (protocol !== undefined && nameOf(rule.protocol) !== nameOf(protocol)) return false;
  // A port without a protocol is one of TCP or UDP.
  if (port !== undefined && protocol === undefined && !portProtocols.has(nameOf(rule.protocol))) return false;
  return port === undefined || rule.from === undefined || (port >= rule.from && port <= (rule.to ?? rule.from));
}

/** `tcp 80 from 0.0.0.0/0 (group web)` */
function ruleText({ protocol, from, to }: SecurityRule, whom: string, group: string): string {
  const ports = from === undefined ? '' : ` ${from === to || to === undefined ? from : `${from}-${to}`}`;
  return `${protocol ?? 'everything'}${ports} from ${whom} (group ${group})`;
}

/** Members of a group: addresses of ports that have it, with how many there are. */
function membersOf(asOf: AsOf, groupId: string, at: EpochMicros): readonly string[] {
  const addresses: string[] = [];
  for (const { value, from, to } of asOf.history.versions('ports')) {
    const isHeld = asOf.coverage.isTimeless || (from <= at && (to === undefined || to > at));
    if (isHeld && value.securityGroupIds.includes(groupId)) addresses.push(...value.fixed.map(({ address }) => address));
  }
  return addresses.sort();
}

const isIn = (range: Cidr | undefined, address: string): boolean => {
  const words = parseAddress(address);
  return range !== undefined && words !== undefined && inCidr(range, ...words);
};

/** To whom a rule opens: as text, and whether an address is one of them. */
function whomOf(asOf: AsOf, rule: SecurityRule, at: EpochMicros): { readonly text: string; readonly has: (address: string) => boolean } {
  if (rule.remoteGroupId === undefined) {
    const cidr = rule.remoteCidr ?? (rule.ipVersion === 4 ? '0.0.0.0/0' : '::/0');
    const range = parseCidr(cidr);
    return { text: cidr, has: (address) => isIn(range, address) };
  }
  const members = membersOf(asOf, rule.remoteGroupId, at);
  const shown = `${members.slice(0, maxMembers).join(', ')}${members.length > maxMembers ? ', …' : ''}`;
  const name = asOf.name('securityGroups', rule.remoteGroupId, at);
  return {
    text: `members of ${name} (${members.length}${members.length === 0 ? '' : `: ${shown}`})`,
    has: (address) => members.includes(address),
  };
}

/** Rules of one port that let something in; expanded and compared with the remote end. */
function rulesOf(asOf: AsOf, port: Port, query: ExposureQuery): ExposureRule[] {
  const { remote, at } = query;
  const version = remote === undefined ? undefined : remote.includes(':') ? 6 : 4;
  const ruleOf = (group: SecurityGroup, rule: SecurityRule): ExposureRule => {
    const whom = whomOf(asOf, rule, at);
    const groupName = group.name || group.id;
    const applies = remote === undefined || whom.has(remote);
    return { ruleId: rule.id, groupId: group.id, groupName, text: ruleText(rule, whom.text, groupName), applies };
  };
  return port.securityGroupIds
    .flatMap((id) => asOf.item('securityGroups', id, at) ?? [])
    .flatMap((group) => group.rules.filter((rule) => lets(rule, query, version)).map((rule) => ruleOf(group, rule)));
}

/** The answer for one port of a machine; undefined when the port was never read. */
export function exposureOf(asOf: AsOf, query: ExposureQuery): Exposure | undefined {
  const port = asOf.port(query.portId, query.at)?.value;
  // Groups change more often than addresses do: the version of that time, not only of the span.
  const exact = asOf.item('ports', query.portId, query.at) ?? port;
  if (exact === undefined) return undefined;
  const target = {
    portId: exact.id,
    ...(query.protocol !== undefined && { protocol: query.protocol }),
    ...(query.port !== undefined && { port: query.port }),
  };
  if (!exact.portSecurity) return { ...target, verdict: 'unenforced', rules: [] };
  const known = exact.securityGroupIds.filter((id) => asOf.item('securityGroups', id, query.at) !== undefined);
  const hasGroups = asOf.coverage.completeSpan('securityGroups') !== undefined || known.length > 0;
  if (!hasGroups || known.length < exact.securityGroupIds.length)
    return { ...target, verdict: 'unknown', rules: rulesOf(asOf, exact, query) };
  const rules = rulesOf(asOf, exact, query);
  return { ...target, verdict: rules.some(({ applies }) => applies) ? 'open' : 'closed', rules };
}
