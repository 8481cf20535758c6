// Watches pairs of ends for one-way packet rates: the common part of the flood detectors.
import type { EpochMicros } from '../../base/units.ts';
import { atLeast, type Evidence, type Severity, type Subject } from '../../model/finding.ts';
import type { DetectionHost } from '../detector.ts';
import { BoundedMap } from './bounded-map.ts';
import { type Peak, TrafficSeconds } from './traffic-seconds.ts';

const maxPairs = 50_000;

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

/** One flow's part in a stream. */
export interface FloodFlow {
  readonly subject: Subject;
  readonly target: string;
  readonly port: number;
  readonly at: number;
  readonly seconds: number;
  readonly packets: number;
  readonly bytes: number;
  readonly replies: number;
  readonly uid: string;
}

interface Stream {
  readonly subject: Subject;
  readonly target: string;
  readonly traffic: TrafficSeconds;
  readonly ports: Map<number, number>;
  nextCheck: number;
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

/** Streams from one end to another; raises for those that flood. */
export class FloodWatch {
  readonly #host: DetectionHost;
  readonly #rule: FloodRule;
  readonly #what: string;
  readonly #streams = new BoundedMap<string, Stream>(maxPairs);

  /** `what`: the packets in words, for the summary ("SYN packets without handshake"). */
  constructor(host: DetectionHost, rule: FloodRule, what: string) {
    this.#host = host;
    this.#rule = rule;
    this.#what = what;
  }

  add(flow: FloodFlow): void {
    const { subject, target, port, at, seconds, packets, bytes, replies, uid } = flow;
    const key = `${subject.context ?? ''}|${subject.address}|${target}`;
    const stream = this.#streams.ensure(key, () => ({
      subject,
      target,
      traffic: new TrafficSeconds(),
      ports: new Map(),
      nextCheck: this.#rule.minPackets,
    }));
    stream.traffic.add(at, seconds, packets, bytes, replies, uid);
    if (stream.ports.size < 64 || stream.ports.has(port)) stream.ports.set(port, (stream.ports.get(port) ?? 0) + packets);
    if (stream.traffic.packets < stream.nextCheck) return;
    // Looking for the peak costs a sort of the seconds: only when the stream has doubled.
    stream.nextCheck = stream.traffic.packets * 2;
    this.#judge(stream);
  }

  finish(): void {
    for (const stream of this.#streams.values()) if (stream.traffic.packets >= this.#rule.minPackets) this.#judge(stream);
  }

  /** A burst inside a longer quiet stretch must not be averaged away: half and quarter windows are tried too. */
  #gravest(traffic: TrafficSeconds): { peak: Peak; severity: Severity } | undefined {
    let best: { peak: Peak; severity: Severity } | undefined;
    for (const part of [1, 2, 4]) {
      const peak = traffic.peak(Math.max(1, Math.floor(this.#rule.windowSeconds / part)));
      const severity = peak && judgeFlood(peak, this.#rule);
      if (peak === undefined || severity === undefined) continue;
      if (best === undefined || !atLeast(best.severity, severity)) best = { peak, severity };
    }
    return best;
  }

  #judge(stream: Stream): void {
    const judged = this.#gravest(stream.traffic);
    if (judged === undefined) return;
    const { peak, severity } = judged;
    const { subject, target, traffic } = stream;
    const known = this.#host.knownAs(subject.address);
    const ours = this.#host.isOurs(subject.address);
    const perSecond = Math.round(peak.packets / peak.seconds);
    const ports = [...stream.ports].sort((a, b) => b[1] - a[1]).slice(0, 10);
    this.#host.raise({
      key: `${this.#what}|${target}`,
      severity: known !== undefined ? 'info' : ours ? severity : 'medium',
      confidence: severity === 'high' ? 0.9 : 0.6,
      subject,
      peers: ports.map(([port]) => ({ address: target, port })),
      firstSeen: traffic.firstAt as EpochMicros,
      lastSeen: traffic.lastAt as EpochMicros,
      count: Math.round(traffic.packets),
      summary: `${subject.address} sent ${target} ${perSecond.toLocaleString('en')} ${this.#what} a second over ${peak.seconds} s (${Math.round(traffic.packets).toLocaleString('en')} in all), ${round((100 * peak.replies) / Math.max(1, peak.packets))} % came back${known === undefined ? '' : ` (known: ${known})`}`,
      evidence: {
        peakPerSecond: perSecond,
        peakBitsPerSecond: Math.round((peak.bytes * 8) / peak.seconds),
        peakSeconds: peak.seconds,
        packets: Math.round(traffic.packets),
        bytes: Math.round(traffic.bytes),
        replies: Math.round(traffic.replies),
        flows: traffic.flows,
        ports: ports.map(([port, packets]) => ({ port, packets })),
        thresholds: { ...this.#rule } as { readonly [key: string]: Evidence },
      },
      records: traffic.uids,
    });
  }
}
