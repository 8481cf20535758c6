// D50: findings about one machine that together tell an attack.
import type { EpochMicros } from '../../../base/units.ts';
import type { Finding, Peer } from '../../../model/finding.ts';
import { type DetectionHost, defineDetector } from '../../detector.ts';
import { BoundedMap } from '../../stats/bounded-map.ts';
import { type Family, type Fusion, fuse, weightFor } from './fusion.ts';

const maxMachines = 20_000;
/** Findings kept a machine; the gravest chain is complete long before. */
const maxMembers = 200;

type Tune = Readonly<Record<'hours' | 'declarePercent', number>>;

const words: Readonly<Record<Family, string>> = {
  entry: 'attack on it',
  callback: 'call-back',
  tools: 'tools fetched',
  control: 'remote control',
  action: 'attacks on others',
};

export const attackSequence = defineDetector({
  id: 'D50-attack-sequence',
  title: 'Attack sequence',
  attack: ['T1190', 'T1059', 'T1105'],
  reads: [],
  finds: 'A machine about which findings of several kinds agree: attacked, called back, fetched tools, obeyed, attacked others.',
  misses: ['Steps that no detector saw.'],
  benign: ['As of the findings that it joins: see each.'],
  investigate: ['Read the member findings in order, then the conn rows of the subject in the hour before the first of them.'],
  sources: ['Noisy-or over families of evidence with an order bonus', 'https://attack.mitre.org/'],
  tunables: {
    hours: { default: 72, unit: 'hours', min: 1, max: 720, why: 'Intruders sleep over a break-in, rarely longer.' },
    declarePercent: {
      default: 85,
      unit: 'percent',
      min: 50,
      max: 99,
      why: 'Two independent kinds of evidence reach it, one of them hardly.',
    },
  },
  start(tune: Tune, host) {
    /** Detectors by identifiers of their findings; what these say last is looked up at the end. */
    const machines = new BoundedMap<string, Map<string, string>>(maxMachines);
    const add = (address: string, context: string | undefined, finding: Finding): void => {
      if (weightFor(finding, address) === undefined) return;
      const members = machines.ensure(`${context ?? ''}|${address}`, () => new Map());
      if (members.size < maxMembers) members.set(finding.id, finding.detector);
    };
    return {
      finding(finding) {
        add(finding.subject.address, finding.subject.context, finding);
        for (const { address } of finding.peers) add(address, finding.subject.context, finding);
      },
      finish() {
        for (const [key, members] of machines.entries()) {
          const cut = key.indexOf('|');
          const address = key.slice(cut + 1);
          const findings = [...members]
            .flatMap(([id, detector]) => host.finding(detector, id) ?? [])
            .filter((one) => weightFor(one, address) !== undefined);
          if (findings.length > 0) judge(host, address, key.slice(0, cut), findings, tune);
        }
      },
    };
  },
});

/** Members within the window that ends with the newest, in time order. */
function withinWindow(members: readonly Finding[], hours: number): readonly Finding[] {
  const last = Math.max(...members.map(({ lastSeen }) => lastSeen));
  return members
    .filter(({ firstSeen }) => last - firstSeen <= hours * 3600e6)
    .sort((a, b) => a.firstSeen - b.firstSeen || (a.id < b.id ? -1 : 1));
}

/**
 * Declares at the given probability with two families of which one is more than being attacked, or on proof.
 * A machine that is only attacked is never called compromised; one that only attacks has its own findings for that.
 */
function judge(host: DetectionHost, address: string, context: string, all: readonly Finding[], tune: Tune): void {
  const members = withinWindow(all, tune.hours);
  const fusion = fuse(members, address);
  const own = fusion.families.filter((family) => family !== 'entry');
  if (own.length === 0 || fusion.families.length < 2 || !host.isOurs(address)) return;
  const certain = fusion.deterministic || fusion.probability * 100 >= tune.declarePercent;
  // Attacks on others have detectors of their own; without sign of a hand behind them they are no sequence.
  if (!certain || own.every((family) => family === 'action')) return;
  raiseSequence(host, address, context, members, fusion, tune);
}

/** What was seen of the break-in. */
function verdictOf({ families }: Fusion): string {
  const called = families.includes('callback') || families.includes('control');
  if (families.includes('entry')) return called ? 'attempt and call-back' : 'attempt, then tools';
  return called ? 'call-back without seen attempt' : 'no attempt and no call-back seen';
}

/** The other ends of the members, each once. */
function otherEnds(members: readonly Finding[], address: string): Peer[] {
  const peers = new Map<string, Peer>();
  for (const { subject, peers: ends } of members) {
    for (const peer of [{ address: subject.address }, ...ends]) {
      const key = `${peer.address}|${'port' in peer ? peer.port : ''}`;
      if (peer.address !== address && !peers.has(key)) peers.set(key, peer);
    }
  }
  return [...peers.values()];
}

function raiseSequence(
  host: DetectionHost,
  address: string,
  context: string,
  members: readonly Finding[],
  fusion: Fusion,
  tune: Tune,
): void {
  const [first] = members;
  if (first === undefined) return;
  const steps = fusion.families.map((family) => words[family]).join(' → ');
  host.raise({
    key: 'sequence',
    severity: 'critical',
    confidence: Math.round(fusion.probability * 1000) / 1000,
    subject: { address, ...(context !== '' && { context }) },
    peers: otherEnds(members, address),
    firstSeen: first.firstSeen,
    lastSeen: Math.max(...members.map(({ lastSeen }) => lastSeen)) as EpochMicros,
    count: members.length,
    summary: `${address} is compromised with probability ${(fusion.probability * 100).toFixed(0)} %: ${steps}${fusion.ordered ? ', in the order of an attack' : ''} (${members.length} findings)`,
    attack: [...new Set(members.flatMap(({ attack }) => attack))].sort(),
    evidence: {
      probability: Math.round(fusion.probability * 1000) / 1000,
      families: [...fusion.families],
      verdict: verdictOf(fusion),
      inOrder: fusion.ordered,
      deterministic: fusion.deterministic,
      members: members
        .slice(0, 100)
        .map(({ id, detector, severity, confidence, summary }) => ({ id, detector, severity, confidence, summary })),
      thresholds: { ...tune },
    },
    records: [...new Set(members.flatMap(({ records }) => records))],
  });
}
