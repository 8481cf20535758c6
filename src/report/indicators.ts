// What of the attacker can be looked for elsewhere, with what acting on it costs the attacker (David Bianco's pyramid of pain).
import { parseAddress } from '../base/ip.ts';
import { atLeast, type Finding } from '../model/finding.ts';
import type { Investigation, ProvenFinding } from './investigation.ts';
import { urlOf } from './observe/downloads.ts';
import { attackOf, hasAttackerPeers, isHarm, isInboundAttack, isToolFetch } from './roles.ts';

/** Levels of the pyramid of pain from its top to its base. */
export const worths = ['tough', 'challenging', 'annoying', 'simple', 'easy', 'trivial'] as const;
export type Worth = (typeof worths)[number];

export type IndicatorKind = 'endpoint' | 'url' | 'domain' | 'address' | 'sha256' | 'user-agent' | 'ja4';

export interface Indicator {
  readonly kind: IndicatorKind;
  /** As on the wire, never escaped here. For an endpoint: `/path?parameter=`. */
  readonly value: string;
  /** Service at an address, where one is known. */
  readonly port?: number;
  readonly worth: Worth;
  /** Highest of the findings that name it, 0 to 1. */
  readonly confidence: number;
  /** Microseconds since the epoch. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Ids and titles of the findings that name it. */
  readonly findings: readonly { readonly id: string; readonly title: string }[];
}

const maxIndicators = 1000;

const worthOf: Readonly<Record<IndicatorKind, Worth>> = {
  endpoint: 'tough',
  'user-agent': 'annoying',
  url: 'annoying',
  ja4: 'annoying',
  domain: 'simple',
  address: 'easy',
  sha256: 'trivial',
};

/** User agents that say nothing of who uses them. */
const commonAgent = /^(?:Mozilla\/|Opera\/|curl\/|Wget\/|python-|Go-http-client|Java\/|libwww|okhttp|Debian APT|apt-|yum|dnf|Zeek|$)/i;

type Draft = { -readonly [K in keyof Omit<Indicator, 'findings'>]: Indicator[K] } & { findings: { id: string; title: string }[] };

class Collection {
  readonly #drafts = new Map<string, Draft>();

  add(finding: Finding, kind: IndicatorKind, value: string | undefined, port?: number): void {
    if (value === undefined || value === '') return;
    const key = `${kind}|${value}|${port ?? ''}`;
    const { id, title, confidence, firstSeen, lastSeen } = finding;
    const known = this.#drafts.get(key);
    if (known === undefined) {
      if (this.#drafts.size >= maxIndicators) return;
      const worth = worthOf[kind];
      this.#drafts.set(key, {
        kind,
        value,
        ...(port !== undefined && { port }),
        worth,
        confidence,
        firstSeen,
        lastSeen,
        findings: [{ id, title }],
      });
      return;
    }
    known.confidence = Math.max(known.confidence, confidence);
    known.firstSeen = Math.min(known.firstSeen, firstSeen);
    known.lastSeen = Math.max(known.lastSeen, lastSeen);
    if (!known.findings.some((one) => one.id === id)) known.findings.push({ id, title });
  }

  /** What hurts most first; then the surest, then by value. */
  sorted(): Indicator[] {
    return [...this.#drafts.values()].sort(
      (a, b) => worths.indexOf(a.worth) - worths.indexOf(b.worth) || b.confidence - a.confidence || (a.value < b.value ? -1 : 1),
    );
  }
}

/** Unicast beyond this machine, not of ours, and not vouched for. */
type IsForeign = (address: string) => boolean;

/**
 * Indicators of findings of severity medium and above. Ends of ours, ends that the operator vouches for and the victims of scans
 * and floods are none; the weak endpoint of ours is one, as what to mend and to watch.
 */
export function indicatorsOf({ findings, isOurs, knownAs }: Pick<Investigation, 'findings' | 'isOurs' | 'knownAs'>): Indicator[] {
  const found = new Collection();
  const isForeign: IsForeign = (address) =>
    parseAddress(address) !== undefined &&
    !isOurs(address) &&
    knownAs(address) === undefined &&
    !/^(?:0\.|127\.|255\.|::1?$)/.test(address);
  for (const proven of findings) {
    const { finding } = proven;
    if (!atLeast(finding.severity, 'medium') && !isInboundAttack(finding)) continue;
    if (isForeign(finding.subject.address)) found.add(finding, 'address', finding.subject.address);
    if (isInboundAttack(finding)) addAttack(found, proven);
    if (hasAttackerPeers(finding) && !isHarm(finding)) addPeers(found, proven, isForeign);
  }
  return found.sorted();
}

function addAttack(found: Collection, { finding, rows }: ProvenFinding): void {
  found.add(finding, 'endpoint', endpointOf(finding));
  for (const { row } of rows) addAgent(found, finding, row['user_agent']);
}

function addPeers(found: Collection, proven: ProvenFinding, isForeign: IsForeign): void {
  const { finding } = proven;
  for (const { address, port, name } of finding.peers) {
    if (isForeign(address)) found.add(finding, 'address', address, port);
    if (name !== undefined) addDomain(found, finding, name);
  }
  for (const { log, row } of proven.rows) {
    const server = row['id.resp_h'];
    if (typeof server === 'string' && isForeign(server)) fetches[log]?.(found, finding, row);
  }
}

/** `/path?parameter=`, the weak spot of ours that an attack aimed at. */
export function endpointOf(finding: Finding): string | undefined {
  const { endpoint, parameter } = attackOf(finding);
  if (endpoint === undefined) return undefined;
  return parameter === undefined || endpoint.includes('?') ? endpoint : `${endpoint}?${parameter}=`;
}

function addAgent(found: Collection, finding: Finding, agent: unknown): void {
  if (typeof agent === 'string' && agent.length >= 6 && !commonAgent.test(agent)) found.add(finding, 'user-agent', agent);
}

type AddFetch = (found: Collection, finding: Finding, row: Readonly<Record<string, unknown>>) => void;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const addTls: AddFetch = (found, finding, row) => {
  addDomain(found, finding, text(row['server_name']));
  found.add(finding, 'ja4', text(row['ja4']));
};

/** URLs, digests and fingerprints in the rows of a fetch or a callback, by log. */
const fetches: Partial<Readonly<Record<string, AddFetch>>> = {
  http: (found, finding, row) => {
    found.add(finding, 'url', urlOf(row));
    addDomain(found, finding, text(row['host']));
  },
  files: (found, finding, row) => {
    if (isToolFetch(finding) && row['is_orig'] !== true) found.add(finding, 'sha256', text(row['sha256']));
  },
  ssl: addTls,
  quic: addTls,
};

function addDomain(found: Collection, finding: Finding, host: string): void {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  if (/^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/.test(name) && parseAddress(name) === undefined) found.add(finding, 'domain', name);
}
