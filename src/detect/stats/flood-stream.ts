// What one end sends another, judged by its one-way packet rates: the common part of the flood detectors.
import type { EpochMicros } from '../../base/units.ts';
import { atLeast, type Evidence, type FindingDraft, type Severity } from '../../model/finding.ts';
import type { DetectionHost } from '../detector.ts';
import { type Peak, TrafficSeconds } from './traffic-seconds.ts';

/** From which rates on a one-way stream is a flood. All must hold within one window. */
export interface FloodRule {
  readonly windowSeconds: number;
  /** Packets a second for a high finding. */
  readonly highPerSecond: number;
  /** Bits a second that make it high at fewer packets; 0 switches this off. */
  readonly highBitsPerSecond: number;
  /** Packets a second for a medium finding. */
  readonly mediumPerSecond: number;
  /** Fewer packets than this are no flood at any rate. */
  readonly minPackets: number;
  /** Most packets that may come back, as a share. */
  readonly maxReplyShare: number;
}

/** The ends of a flow, and when it began. */
export interface FloodRow {
  readonly ts: number;
  readonly 'id.orig_h': string;
  readonly 'id.resp_h': string;
  readonly context?: string | undefined;
  readonly uid?: string | undefined;
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** How grave the busiest stretch is; undefined when it is no flood. */
export function judgeFlood(peak: Peak, rule: FloodRule): Severity | undefined {
  if (peak.packets < rule.minPackets || peak.replies > peak.packets * rule.maxReplyShare) return undefined;
  const perSecond = peak.packets / peak.seconds;
  const bits = (peak.bytes * 8) / peak.seconds;
  if (perSecond >= rule.highPerSecond || (rule.highBitsPerSecond > 0 && bits >= rule.highBitsPerSecond)) return 'high';
  return perSecond >= rule.mediumPerSecond ? 'medium' : undefined;
}

/** Ports told apart in a stream. */
const maxPorts = 64;

/** What one end sent another. */
export class FloodStream {
  readonly traffic = new TrafficSeconds();
  readonly #client: string;
  readonly #target: string;
  readonly #context: string | undefined;
  readonly #what: string;
  /** The only port so far, then packets by port. */
  #ports: number | Map<number, number> | undefined;
  #nextCheck: number;

  /** @param what the packets in words */
  constructor(row: FloodRow, minPackets: number, what: string) {
    this.#client = row['id.orig_h'];
    this.#target = row['id.resp_h'];
    this.#context = row.context;
    this.#what = what;
    this.#nextCheck = minPackets;
  }

  /** Adds a flow. @returns whether it is time to judge the stream: looking for the peak costs a sort of the seconds */
  add(row: FloodRow, port: number, seconds: number, packets: number, bytes: number, replies: number): boolean {
    this.#notePort(port, packets);
    this.traffic.add(row.ts, seconds, packets, bytes, replies, row.uid ?? '');
    if (this.traffic.packets < this.#nextCheck) return false;
    this.#nextCheck = this.traffic.packets * 2;
    return true;
  }

  /** Raises when it is a flood. */
  judge(host: DetectionHost, rule: FloodRule): void {
    const judged = this.traffic.packets < rule.minPackets ? undefined : gravest(this.traffic, rule);
    if (judged !== undefined) host.raise(this.#draft(host, rule, judged));
  }

  /** Packets of a single port are those of the traffic. */
  #notePort(port: number, packets: number): void {
    if (this.#ports === undefined || this.#ports === port) {
      this.#ports = port;
      return;
    }
    if (typeof this.#ports === 'number') this.#ports = new Map([[this.#ports, this.traffic.packets]]);
    const known = this.#ports.get(port);
    if (known !== undefined || this.#ports.size < maxPorts) this.#ports.set(port, (known ?? 0) + packets);
  }

  /** The busiest ports and their packets. */
  #busiest(): readonly (readonly [port: number, packets: number])[] {
    const ports = this.#ports;
    if (ports === undefined) return [];
    return typeof ports === 'number' ? [[ports, this.traffic.packets]] : [...ports].sort((a, b) => b[1] - a[1]).slice(0, 10);
  }

  #draft(host: DetectionHost, rule: FloodRule, { peak, severity }: Judged): FindingDraft {
    const [client, target, context, what, traffic] = [this.#client, this.#target, this.#context, this.#what, this.traffic];
    const known = host.knownAs(client);
    const perSecond = Math.round(peak.packets / peak.seconds);
    const ports = this.#busiest();
    return {
      key: `${what}|${target}`,
      severity: known !== undefined ? 'info' : host.isOurs(client) ? severity : 'medium',
      confidence: severity === 'high' ? 0.9 : 0.6,
      subject: { address: client, ...(context !== undefined && { context }) },
      peers: ports.map(([port]) => ({ address: target, port })),
      firstSeen: traffic.firstAt as EpochMicros,
      lastSeen: traffic.lastAt as EpochMicros,
      count: Math.round(traffic.packets),
      summary: `${client} sent ${target} ${perSecond.toLocaleString('en')} ${what} a second over ${peak.seconds} s (${Math.round(traffic.packets).toLocaleString('en')} in all), ${round((100 * peak.replies) / Math.max(1, peak.packets))} % came back${known === undefined ? '' : ` (known: ${known})`}`,
      evidence: {
        peakPerSecond: perSecond,
        peakBitsPerSecond: Math.round((peak.bytes * 8) / peak.seconds),
        peakSeconds: peak.seconds,
        packets: Math.round(traffic.packets),
        bytes: Math.round(traffic.bytes),
        replies: Math.round(traffic.replies),
        flows: traffic.flows,
        ports: ports.map(([port, packets]) => ({ port, packets })),
        thresholds: { ...rule } as { readonly [key: string]: Evidence },
      },
      records: traffic.uids,
    };
  }
}

interface Judged {
  readonly peak: Peak;
  readonly severity: Severity;
}

/** A burst inside a longer quiet stretch must not be averaged away: half and quarter windows are tried too. */
function gravest(traffic: TrafficSeconds, rule: FloodRule): Judged | undefined {
  let best: Judged | undefined;
  for (const part of [1, 2, 4]) {
    const peak = traffic.peak(Math.max(1, Math.floor(rule.windowSeconds / part)));
    const severity = peak && judgeFlood(peak, rule);
    if (peak === undefined || severity === undefined) continue;
    if (best === undefined || !atLeast(best.severity, severity)) best = { peak, severity };
  }
  return best;
}
