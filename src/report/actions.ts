// What to do, ordered by what it is worth: what an attacker cannot easily change comes first.
import { atLeast } from '../model/finding.ts';
import { endpointOf, type Indicator } from './indicators.ts';
import type { Investigation } from './investigation.ts';
import type { Messages } from './messages/en.ts';
import { hasAttackerPeers, isHarm, isInboundAttack, isToolFetch } from './roles.ts';
import { type Accused, nameOf } from './verdict.ts';

export type ActionWorth = keyof Messages['actions']['values'];

/** One recommendation. */
export interface Advice {
  readonly action: string;
  readonly worth: ActionWorth;
  readonly why: string;
}

const maxNamed = 5;
const listed = (names: readonly string[]): string =>
  names.length <= maxNamed ? names.join(', ') : `${names.slice(0, maxNamed).join(', ')} +${names.length - maxNamed}`;
const distinct = (texts: readonly (string | undefined)[]): string[] => [
  ...new Set(texts.filter((text): text is string => text !== undefined)),
];

/** The recommendations for these findings, the most valuable first. */
export function adviceFor(
  investigation: Investigation,
  guilty: readonly Accused[],
  indicators: readonly Indicator[],
  { actions: m }: Messages,
): Advice[] {
  const all = investigation.findings.map(({ finding }) => finding);
  const advice: Advice[] = [];
  const who = listed(guilty.map(nameOf));
  const grave = guilty.flatMap(({ findings }) => findings);
  const held = guilty.filter(({ findings }) => findings.some(hasAttackerPeers));
  if (guilty.length > 0) advice.push({ action: m.contain(who), worth: 'urgent', why: m.containWhy });
  // The detector of the attack knows the endpoint best; without it (the request was not seen as an attack) others may.
  const attacks = distinct(all.filter(isInboundAttack).map(endpointOf));
  const endpoints = attacks.length > 0 ? attacks : distinct(all.filter(hasAttackerPeers).map(endpointOf));
  if (endpoints.length > 0) advice.push({ action: m.endpoint(listed(endpoints)), worth: 'high', why: m.endpointWhy });
  if (held.length > 0) {
    const names = listed(held.map(nameOf));
    advice.push(
      { action: m.secrets(names), worth: 'high', why: m.secretsWhy },
      { action: m.rebuild(names), worth: 'high', why: m.rebuildWhy },
    );
  }
  if (guilty.length > 0) advice.push({ action: m.egress(who), worth: 'high', why: m.egressWhy });
  const fetched = all.filter((finding) => isToolFetch(finding) && atLeast(finding.severity, 'medium'));
  if (fetched.length > 0) advice.push({ action: m.tools(fetched.length), worth: 'medium', why: m.toolsWhy });
  const harmful = guilty.filter(({ findings }) => findings.some(isHarm));
  if (harmful.length > 0) advice.push({ action: m.scan(listed(harmful.map(nameOf))), worth: 'medium', why: m.scanWhy });
  if (grave.length > 0) advice.push({ action: m.keep, worth: 'medium', why: m.keepWhy });
  advice.push(...blocks(indicators, m));
  if (guilty.length === 0) {
    if (all.length === 0) advice.push({ action: m.nothing, worth: 'low', why: m.nothingWhy });
    else advice.unshift({ action: m.watch, worth: 'medium', why: m.watchWhy });
  }
  return advice;
}

/** Blocking comes last: cheap to do and cheap to evade. */
function blocks(indicators: readonly Indicator[], m: Messages['actions']): Advice[] {
  const of = (kind: Indicator['kind']): string[] => distinct(indicators.filter((one) => one.kind === kind).map(({ value }) => value));
  const domains = of('domain');
  const addresses = of('address');
  return [
    ...(domains.length > 0 ? [{ action: m.domain(listed(domains)), worth: 'low' as const, why: m.domainWhy }] : []),
    ...(addresses.length > 0 ? [{ action: m.address(listed(addresses)), worth: 'low' as const, why: m.addressWhy }] : []),
  ];
}
