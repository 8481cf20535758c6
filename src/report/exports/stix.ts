// iocs.stix.json: a STIX 2.1 bundle: who says so (identity), what to look for (indicators), what was seen (observed data).
// Every identifier is a UUID version 5 and every time is the capture's, so the same input gives the same bundle.
import { parseAddress } from '../../base/ip.ts';
import { epochMicros, formatInstant } from '../../base/units.ts';
import { uuid5 } from '../../base/uuid.ts';
import { visible } from '../../base/visible.ts';
import type { Finding } from '../../model/finding.ts';
import type { Indicator } from '../indicators.ts';

/** Namespace of identifiers of cyber-observable objects, STIX 2.1 §2.9. */
const observableNamespace = '00abedb4-aa42-466c-9c01-fed23315a9b7';
/** Our own, for everything else: version 5 of "vedette" in the observable namespace. */
const ownNamespace = uuid5(observableNamespace, 'vedette');

type StixObject = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string };

const ownId = (type: string, name: string): string => `${type}--${uuid5(ownNamespace, `${type}|${name}`)}`;

/** A time to milliseconds, which every consumer reads. */
const time = (micros: number): string => `${formatInstant(epochMicros(micros)).slice(0, 23)}Z`;

/** A string literal of the pattern language, STIX 2.1 §9.3. */
const literal = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const isIpv6 = (address: string): boolean => address.includes(':');

/** The pattern of an indicator; undefined for what is not a sign of an attacker, or has no word in STIX. */
function patternOf({ kind, value, port }: Indicator): string | undefined {
  switch (kind) {
    case 'address': {
      const type = isIpv6(value) ? 'ipv6-addr' : 'ipv4-addr';
      if (port === undefined) return `[${type}:value = ${literal(value)}]`;
      return `[network-traffic:dst_ref.type = '${type}' AND network-traffic:dst_ref.value = ${literal(value)} AND network-traffic:dst_port = ${port}]`;
    }
    case 'domain':
      return `[domain-name:value = ${literal(value)}]`;
    case 'url':
      return `[url:value = ${literal(value)}]`;
    case 'sha256':
      return `[file:hashes.'SHA-256' = ${literal(value)}]`;
    case 'user-agent':
      return `[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' = ${literal(value)}]`;
    case 'ja4':
    case 'endpoint':
      return undefined;
  }
}

/** Indicator objects, STIX 2.1 §4.7. */
function indicatorObject(one: Indicator, identity: string): StixObject | undefined {
  const pattern = patternOf(one);
  if (pattern === undefined) return undefined;
  const title = one.findings[0]?.title ?? '';
  return {
    type: 'indicator',
    spec_version: '2.1',
    id: ownId('indicator', pattern),
    created_by_ref: identity,
    created: time(one.firstSeen),
    modified: time(one.firstSeen),
    name: visible(`${title}: ${one.value}`, 200),
    description: `Pyramid of pain: ${one.worth}. Findings: ${one.findings.map(({ id }) => id).join(', ')}`,
    indicator_types: ['malicious-activity'],
    pattern,
    pattern_type: 'stix',
    valid_from: time(one.firstSeen),
    confidence: Math.round(one.confidence * 100),
    labels: [`pyramid-of-pain:${one.worth}`],
  };
}

const addressObject = (address: string): StixObject => {
  const type = isIpv6(address) ? 'ipv6-addr' : 'ipv4-addr';
  return { type, spec_version: '2.1', id: `${type}--${uuid5(observableNamespace, JSON.stringify({ value: address }))}`, value: address };
};

const maxPeers = 20;

/** What a finding saw: the addresses of its ends, STIX 2.1 §4.14. */
function observed(finding: Finding, identity: string): StixObject[] {
  const addresses = [finding.subject.address, ...finding.peers.slice(0, maxPeers).map(({ address }) => address)];
  const ends = [...new Set(addresses)].filter((address) => parseAddress(address) !== undefined).map(addressObject);
  if (ends.length === 0) return [];
  const data: StixObject = {
    type: 'observed-data',
    spec_version: '2.1',
    id: ownId('observed-data', finding.id),
    created_by_ref: identity,
    created: time(finding.lastSeen),
    modified: time(finding.lastSeen),
    first_observed: time(finding.firstSeen),
    last_observed: time(finding.lastSeen),
    // STIX allows 1 to 999,999,999.
    number_observed: Math.min(Math.max(Math.round(finding.count), 1), 999_999_999),
    object_refs: ends.map(({ id }) => id),
    confidence: Math.round(finding.confidence * 100),
    labels: [finding.detector, `severity:${finding.severity}`],
  };
  return [...ends, data];
}

/** The whole file. `findings` are those that indicators come from. */
export function stixBundle(indicators: readonly Indicator[], findings: readonly Finding[], at: number): string {
  const identity: StixObject = {
    type: 'identity',
    spec_version: '2.1',
    id: ownId('identity', 'vedette'),
    created: '2026-01-01T00:00:00.000Z',
    modified: '2026-01-01T00:00:00.000Z',
    name: 'Vedette',
    description: 'Analysis of network traffic of cloud machines',
    identity_class: 'system',
  };
  const named = new Set(indicators.flatMap((one) => one.findings.map(({ id }) => id)));
  const objects = new Map<string, StixObject>([[identity.id, identity]]);
  for (const one of indicators) {
    const object = indicatorObject(one, identity.id);
    if (object !== undefined) objects.set(object.id, object);
  }
  for (const finding of findings) {
    if (named.has(finding.id)) for (const object of observed(finding, identity.id)) objects.set(object.id, object);
  }
  const all = [...objects.values()];
  const name = `${at}|${all.map(({ id }) => id).join(' ')}`;
  return `${JSON.stringify({ type: 'bundle', id: ownId('bundle', name), objects: all }, undefined, 2)}\n`;
}
