// What may be open, where, why and until when.
import { type Cidr, inCidr, parseAddress } from '../base/ip.ts';
import type { Acceptance, ExposureOwner, Ruling, Transport } from '../model/exposure.ts';
import { type RiskClass, standardRiskClasses } from './risk-classes.ts';

/** Ports that the policy allows somewhere. What is absent does not narrow. */
export interface AllowRule {
  readonly tcp: readonly number[];
  readonly udp: readonly number[];
  /** Name or id. */
  readonly project?: string;
  readonly machine?: string;
  /** Of the machine or of its project. */
  readonly tag?: string;
  readonly address?: Cidr;
  readonly reason: string;
  /** ISO 8601 date; allowed on that day, no longer on the next. */
  readonly expires?: string;
}

export interface Policy {
  /** File that it comes from, or `standard`. */
  readonly source: string;
  /** TCP ports that every machine may show. */
  readonly standardPorts: readonly number[];
  readonly allow: readonly AllowRule[];
  readonly riskClasses: readonly RiskClass[];
  /** Never scanned: those who opted out, with the reason. */
  readonly exclude: readonly { readonly address: string; readonly reason: string }[];
  /** Mail addresses of projects, by name or id. */
  readonly contacts: Readonly<Record<string, readonly string[]>>;
}

export const standardPorts: readonly number[] = [22, 80, 443];

/** What holds when there is no file. */
export const standardPolicy: Policy = {
  source: 'standard',
  standardPorts,
  allow: [],
  riskClasses: standardRiskClasses,
  exclude: [],
  contacts: {},
};

export interface RuledPort {
  readonly ruling: Ruling;
  readonly rulingReason?: string;
  readonly expires?: string;
}

interface Subject {
  readonly address: string;
  readonly protocol: Transport;
  readonly port: number;
  readonly owner: ExposureOwner;
}

const isPast = (expires: string | undefined, now: Date): boolean =>
  expires !== undefined && expires < now.toISOString().slice(0, expires.length);

function isAllowedBy(rule: AllowRule, { address, protocol, port, owner }: Subject): boolean {
  if (!rule[protocol].includes(port)) return false;
  const words = parseAddress(address);
  return (
    (rule.project === undefined || rule.project === owner.project || rule.project === owner.projectId) &&
    (rule.machine === undefined || (owner.kind === 'machine' && (rule.machine === owner.name || rule.machine === owner.id))) &&
    (rule.tag === undefined || owner.tags.includes(rule.tag)) &&
    (rule.address === undefined || (words !== undefined && inCidr(rule.address, ...words)))
  );
}

/** A person's word counts for one owner; where nobody is known, for the address. */
const isAccepted = (one: Acceptance, { protocol, port, owner }: Subject): boolean =>
  one.withdrawn === undefined && one.protocol === protocol && one.port === port && one.ownerKey === owner.key;

/**
 * The ruling on one open port. Of several that apply, one that still holds wins; of past ones the latest is told. Standard ports are
 * for machines and load balancers: an address that nobody holds, or a router's, has no business with any port.
 */
export function ruleOn(subject: Subject, policy: Policy, acceptances: readonly Acceptance[], now: Date): RuledPort {
  const { protocol, port, owner } = subject;
  const mayServe = owner.verdict !== 'unowned' && (owner.kind === undefined || owner.kind === 'machine' || owner.kind === 'load-balancer');
  const applying = [
    ...policy.allow
      .filter((rule) => isAllowedBy(rule, subject))
      .map(({ reason, expires }) => ({ ruling: 'allowed' as const, reason, expires })),
    ...acceptances
      .filter((one) => isAccepted(one, subject))
      .map(({ reason, by, expires }) => ({ ruling: 'accepted' as const, reason: `${reason} (${by})`, expires })),
  ];
  const holding = applying.find(({ expires }) => !isPast(expires, now));
  if (holding !== undefined) return ruled(holding.ruling, holding);
  if (protocol === 'tcp' && policy.standardPorts.includes(port) && mayServe) return { ruling: 'standard' };
  const [past] = applying.toSorted((a, b) => ((a.expires ?? '') < (b.expires ?? '') ? 1 : -1));
  return past === undefined ? { ruling: 'open' } : ruled('expired', past);
}

const ruled = (ruling: Ruling, { reason, expires }: { readonly reason: string; readonly expires: string | undefined }): RuledPort => ({
  ruling,
  rulingReason: reason,
  ...(expires !== undefined && { expires }),
});
