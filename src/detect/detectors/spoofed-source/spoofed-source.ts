// D18: packets that leave with a source address that is not ours.
import type { EpochMicros } from '../../../base/units.ts';
import type { Severity } from '../../../model/finding.ts';
import type { ConnRecord } from '../../../model/records/conn.ts';
import { type DetectionHost, type DetectionSender, defineDetector } from '../../detector.ts';
import { BoundedMap } from '../../stats/bounded-map.ts';
import { DistinctCount } from '../../stats/distinct-count.ts';
import { TrafficSeconds } from '../../stats/traffic-seconds.ts';

const maxSenders = 20_000;
const windowSeconds = 10;

type Tune = Readonly<Record<'perSecond' | 'minPackets' | 'highSources', number>>;

/** Everything one hardware address sent under foreign names. */
interface Sender {
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
    const senders = new BoundedMap<string, Sender>(maxSenders);
    /** Address of ours that a hardware address used: names the machine behind forged packets. */
    const owners = new BoundedMap<string, string>(maxSenders);
    /** Hardware addresses that carry ordinary two-way traffic of foreign addresses: gateways. */
    const gateways = new BoundedMap<string, number>(maxSenders);
    return {
      conn(row) {
        if (row.carrier === true || row.orig_pkts === 0) return;
        const keyed = `${row.context ?? ''}|${row.orig_l2_addr ?? ''}`;
        const { owner, what } = judge(host, row);
        if (owner !== undefined && row.orig_l2_addr !== undefined) owners.set(keyed, owner);
        if (what === 'carried') gateways.set(keyed, (gateways.peek(keyed) ?? 0) + 1);
        else if (what === 'forged')
          note(
            senders.ensure(keyed, () => newSender(row.context)),
            row,
          );
      },
      finish() {
        for (const [key, sender] of senders.entries()) {
          if ((gateways.peek(key) ?? 0) * 10 > sender.traffic.flows) continue;
          raiseSpoofed(host, key.slice(key.indexOf('|') + 1), owners.peek(key), sender, tune);
        }
      },
    };
  },
});

/** Whether the source is forged, or carried for somebody else; and which address the sender has, as far as the row tells. */
function judge(host: DetectionHost, row: ConnRecord): { readonly owner?: string | undefined; readonly what?: 'forged' | 'carried' } {
  const source = row['id.orig_h'];
  const sender = row.orig_l2_addr === undefined ? undefined : host.inventory?.sender(row.orig_l2_addr, row.context, row.ts);
  // The inventory knows the card: what it may not send is forged, whoever's address it is.
  if (sender !== undefined) return { owner: sender.address, ...(isForeignTo(host, sender, row) && { what: 'forged' }) };
  if (host.isOurs(source)) return { owner: source };
  if (row.resp_pkts > 0) return { what: 'carried' };
  return isForged(host, row) ? { what: 'forged' } : {};
}

/** From one foreign address to another. */
const isForged = (host: DetectionHost, row: ConnRecord): boolean =>
  host.isPublic(row['id.orig_h']) && !host.isOurs(row['id.resp_h']) && !host.isMulticast(row['id.resp_h']);

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

const newSender = (context: string | undefined): Sender => ({
  context,
  traffic: new TrafficSeconds(),
  sources: new DistinctCount(256),
  targets: new DistinctCount(256),
});

const severityOf = (known: string | undefined, isMany: boolean): Severity => (known !== undefined ? 'info' : isMany ? 'high' : 'medium');
const suffix = (known: string | undefined): string => (known === undefined ? '' : ` (known: ${known})`);

function raiseSpoofed(host: DetectionHost, mac: string, owner: string | undefined, sender: Sender, tune: Tune): void {
  const { traffic, sources, targets, context } = sender;
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
