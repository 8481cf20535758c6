// D18: packets that leave with a source address that is not ours.
import type { EpochMicros } from '../../../base/units.ts';
import type { Severity } from '../../../model/finding.ts';
import type { ConnRecord } from '../../../model/records/conn.ts';
import { type DetectionHost, type DetectionSender, defineDetector } from '../../detector.ts';
import type { RowEnds } from '../../ends/row-ends.ts';
import { DistinctCount } from '../../stats/distinct-count.ts';
import { day } from '../../stats/record-clock.ts';
import { TrafficSeconds } from '../../stats/traffic-seconds.ts';

const maxSenders = 20_000;
/** Senders under foreign addresses. */
const maxForgers = 5000;
const windowSeconds = 10;

type Tune = Readonly<Record<'perSecond' | 'minPackets' | 'highSources', number>>;

/** Everything one hardware address sent under foreign names. */
interface Sender {
  /** Empty where the capture has none. */
  readonly hardware: string;
  readonly context: string | undefined;
  readonly traffic: TrafficSeconds;
  readonly sources: DistinctCount;
  readonly targets: DistinctCount;
}

export const spoofedSource = defineDetector({
  id: 'D18-spoofed-source',
  title: 'Forged source addresses',
  attack: ['T1498'],
  reads: ['conn'],
  finds: 'A machine that keeps sending packets from one foreign address to another: traffic that no network of ours has reason to carry.',
  misses: [
    'Which addresses are ours is known from private ranges, --local and --inventory only; allowed pairs from --inventory.',
    'Without hardware addresses in the capture the sender cannot be named.',
    'Forged addresses that are ours too.',
  ],
  benign: ['Nested virtualisation or containers with routed addresses.', 'A router or gateway whose networks were not given with --local.'],
  investigate: ['Look up the hardware address of the sender and read its conn rows with addresses of ours in the hour around firstSeen.'],
  sources: ['RFC 2827 (BCP 38)', 'https://attack.mitre.org/techniques/T1498/'],
  tunables: {
    perSecond: { default: 10, unit: 'packets a second', min: 1, max: 1_000_000, why: 'Sustained, not a stray packet.' },
    minPackets: { default: 200, unit: 'packets', min: 5, max: 10_000_000, why: 'Leaves out leaks during reconfiguration.' },
    highSources: { default: 50, unit: 'distinct sources', min: 2, max: 1_000_000, why: 'Random sources, not one forgotten address.' },
  },
  start(tune: Tune, host) {
    const judgeSender = (sender: Sender): void => {
      const hardware = host.endOf(sender.hardware, sender.context);
      if ((gateways.peek(hardware) ?? 0) * 10 <= sender.traffic.flows) raiseSpoofed(host, owners.peek(hardware), sender, tune);
    };
    const senders = host.newEndsMap<Sender>(maxForgers, { afterSeconds: day, spare: 100, onForget: judgeSender });
    /** Address of ours that a hardware address used: names the machine behind forged packets. */
    const owners = host.newEndsMap<string>(maxSenders);
    /** Hardware addresses that carry ordinary two-way traffic of foreign addresses: gateways. */
    const gateways = host.newEndsMap<number>(maxSenders);
    return {
      conn(row, ends) {
        if (row.carrier === true || row.orig_pkts === 0) return;
        const { owner, what } = judge(host, row, ends);
        const hardware = ends.other(row.orig_l2_addr ?? '');
        if (owner !== undefined && row.orig_l2_addr !== undefined) owners.set(owner, hardware);
        if (what === 'carried') gateways.set((gateways.peek(hardware) ?? 0) + 1, hardware);
        else if (what === 'forged') note(senders.get(hardware) ?? senders.set(newSender(row), hardware), row);
      },
      finish() {
        for (const sender of senders.values()) judgeSender(sender);
      },
    };
  },
});

/** Whether the source is forged, or carried for somebody else; and which address the sender has, as far as the row tells. */
interface Judgement {
  readonly owner?: string | undefined;
  readonly what?: 'forged' | 'carried';
}
const carried: Judgement = { what: 'carried' };
const forged: Judgement = { what: 'forged' };
const unsuspicious: Judgement = {};

function judge(host: DetectionHost, row: ConnRecord, ends: RowEnds): Judgement {
  const card = row.orig_l2_addr === undefined ? undefined : host.inventory?.sender(row.orig_l2_addr, row.context, row.ts);
  // The inventory knows the card: what it may not send is forged, whoever's address it is.
  if (card !== undefined) return { owner: card.address, ...(isForeignTo(host, card, row) && forged) };
  if (ends.isClientOurs) return { owner: row['id.orig_h'] };
  if (row.resp_pkts > 0) return carried;
  return isForged(ends) ? forged : unsuspicious;
}

/** From one foreign address to another. */
const isForged = (ends: RowEnds): boolean => ends.isClientPublic && !ends.isServerOurs && !ends.isServerMulticast;

/** Not permitted, and no address that a machine uses before it has one of its own, or towards a group. */
const isForeignTo = (host: DetectionHost, sender: DetectionSender, row: ConnRecord): boolean =>
  !sender.permits(row['id.orig_h']) &&
  (host.isPublic(row['id.orig_h']) || host.isOurs(row['id.orig_h'])) &&
  !/^(?:fe80:|169\.254\.)/.test(row['id.orig_h']) &&
  !host.isMulticast(row['id.resp_h']);

function note({ traffic, sources, targets }: Sender, row: ConnRecord): void {
  traffic.add(row.ts, row.duration ?? 0, row.orig_pkts, row.orig_ip_bytes, 0, row.uid);
  sources.add(row['id.orig_h']);
  targets.add(row['id.resp_h']);
}

const newSender = (row: ConnRecord): Sender => ({
  hardware: row.orig_l2_addr ?? '',
  context: row.context,
  traffic: new TrafficSeconds(),
  sources: new DistinctCount(256),
  targets: new DistinctCount(256),
});

const severityOf = (known: string | undefined, isMany: boolean): Severity => (known !== undefined ? 'info' : isMany ? 'high' : 'medium');
const suffix = (known: string | undefined): string => (known === undefined ? '' : ` (known: ${known})`);

function raiseSpoofed(host: DetectionHost, owner: string | undefined, sender: Sender, tune: Tune): void {
  const { hardware: mac, traffic, sources, targets, context } = sender;
  const peak = traffic.peak(windowSeconds);
  if (peak === undefined || traffic.packets < tune.minPackets || peak.packets / peak.seconds < tune.perSecond) return;
  // Traffic between two foreign ends on a link where nothing is known to be ours: most likely the ranges were not given.
  const nothingIsOurs = owner === undefined;
  const known = owner === undefined ? undefined : host.knownAs(owner);
  const hardware = mac === '' ? undefined : mac;
  host.raise({
    key: `spoof|${mac}`,
    severity: nothingIsOurs ? 'low' : severityOf(known, sources.size >= tune.highSources),
    confidence: nothingIsOurs ? 0.3 : 0.85,
    subject: { address: owner ?? hardware ?? sources.sample(1)[0] ?? '0.0.0.0', ...(context !== undefined && { context }) },
    peers: targets.sample(50).map((address) => ({ address })),
    firstSeen: traffic.firstAt as EpochMicros,
    lastSeen: traffic.lastAt as EpochMicros,
    count: Math.round(traffic.packets),
    summary: `${owner ?? hardware ?? 'an unknown sender'} sent ${Math.round(traffic.packets).toLocaleString('en')} packets under ${sources.size} foreign source addresses to ${targets.size} foreign targets; none was answered here${suffix(known)}`,
    evidence: {
      hardwareAddress: hardware ?? null,
      sources: sources.size,
      sampleSources: sources.sample(20),
      targets: targets.size,
      peakPerSecond: Math.round(peak.packets / peak.seconds),
      thresholds: { ...tune },
    },
    records: traffic.uids,
  });
}
