// D01: one port on many hosts.
import type { ConnRecord } from '../../../model/records/conn.ts';
import { type DetectionHost, defineDetector } from '../../detector.ts';
import type { RowEnds } from '../../ends/row-ends.ts';
import { attemptOf } from '../../stats/attempt.ts';
import { type Episode, RecentTargets, type TargetsRule } from '../../stats/recent-targets.ts';
import { day, hour } from '../../stats/record-clock.ts';
import { clientSubject, scanFinding, spell } from '../../stats/scan-finding.ts';

/** Client and port pairs followed at once. */
const maxSweeps = 20_000;
/** Sweeps that passed the threshold. */
const maxPassed = 5000;

/** Added to the service in keys of sweeps within our networks. */
const insideMark = 1 << 24;

/** Targets beyond our networks and within, made with the first of each: most clients have one kind. */
interface Sweep {
  outside: RecentTargets | undefined;
  inside: RecentTargets | undefined;
}

/** A sweep that passed the threshold, and the last row of it. */
interface Passed {
  readonly row: ConnRecord;
  readonly episode: Episode;
  readonly isInside: boolean;
}

export const outboundSweep = defineDetector({
  id: 'D01-outbound-sweep',
  title: 'Sweep of one port over many hosts',
  attack: ['T1046', 'T1595.001'],
  reads: ['conn'],
  finds: 'A client that tries one port on many hosts, most of them without success.',
  misses: [
    'Sweeps slower than the window (see D03).',
    'A sweep that goes on after a day of silence is another finding.',
    'Hosts of the same subnet when the capture point is a router.',
  ],
  benign: ['Uptime monitoring, crawlers and mail servers with many dead targets.', 'Peer-to-peer software with stale peer lists.'],
  investigate: ['Read conn rows of the subject in the hour after lastSeen for sessions with hosts that answered.'],
  sources: ['https://attack.mitre.org/techniques/T1595/001/', 'https://attack.mitre.org/techniques/T1046/'],
  tunables: {
    publicHosts: {
      default: 100,
      unit: 'distinct hosts',
      min: 5,
      max: 1_000_000,
      why: 'Above the fan-out of ordinary clients with dead targets.',
    },
    ownHosts: {
      default: 30,
      unit: 'distinct hosts',
      min: 5,
      max: 1_000_000,
      why: 'Inside, few machines legitimately try so many of their neighbours.',
    },
    minutes: { default: 10, unit: 'minutes', min: 1, max: 1440, why: 'Long enough for a slowed sweep, short enough for a live alert.' },
    failedPercent: { default: 60, unit: 'percent without success', min: 1, max: 100, why: 'Separates sweeping from crawling.' },
  },
  start(tune, host) {
    // What is older than the window no longer counts.
    const sweeps = host.newEndsMap<Sweep>(maxSweeps, { afterSeconds: tune.minutes * 60 + hour });
    const active = host.newEndsMap<Passed>(maxPassed, {
      afterSeconds: day + tune.minutes * 60,
      spare: 100,
      onForget: (passed) => raiseSweep(host, passed, tune),
    });
    const ruleFor = (threshold: number): TargetsRule => ({
      windowMicros: tune.minutes * 60e6,
      threshold,
      failedShare: tune.failedPercent / 100,
    });
    const [ownRule, publicRule] = [ruleFor(tune.ownHosts), ruleFor(tune.publicHosts)];
    const targetsOf = (sweep: Sweep, isInside: boolean, { client, service }: RowEnds): RecentTargets => {
      if (isInside) {
        sweep.inside ??= new RecentTargets(ownRule, active.peek(client, 0, service + insideMark)?.episode);
        return sweep.inside;
      }
      sweep.outside ??= new RecentTargets(publicRule, active.peek(client, 0, service)?.episode);
      return sweep.outside;
    };
    return {
      conn(row, ends) {
        const attempt = attemptOf(row);
        if (attempt === undefined || attempt.method === 'icmp-echo' || ends.isServerMulticast) return;
        const { client, service, isServerOurs: isInside } = ends;
        const sweep = sweeps.get(client, 0, service) ?? sweeps.set({ outside: undefined, inside: undefined }, client, 0, service);
        const episode = targetsOf(sweep, isInside, ends).add(row['id.resp_h'], row.ts, attempt.outcome !== 'answered', row.uid);
        if (episode === undefined) return;
        const passed = active.set({ row, episode, isInside }, client, 0, service + (isInside ? insideMark : 0));
        if (episode.grew) raiseSweep(host, passed, tune);
      },
      finish() {
        for (const passed of active.values()) raiseSweep(host, passed, tune);
      },
    };
  },
});

function raiseSweep(
  host: DetectionHost,
  { row, episode, isInside: inside }: Passed,
  tune: Readonly<Record<'publicHosts' | 'ownHosts' | 'minutes' | 'failedPercent', number>>,
): void {
  const client = row['id.orig_h'];
  const port = row['id.resp_p'];
  const sample = episode.targets.sample(50);
  host.raise(
    scanFinding({
      key: `${row.proto}/${port}/${inside ? 'ours' : 'outside'}`,
      subject: clientSubject(row),
      ours: host.isOurs(client),
      known: host.knownAs(client),
      highAt: inside ? tune.ownHosts : tune.publicHosts,
      episode,
      peers: sample.map((address) => ({ address, port })),
      summary: `${client} tried ${row.proto}/${port} on ${episode.targets.size} hosts in ${spell((episode.lastAt - episode.firstAt) / 1e6)}; ${Math.round(episode.failedShare * 100)} % without success`,
      evidence: {
        port,
        protocol: row.proto,
        targetsAreOurs: inside,
        sampleTargets: sample,
        thresholds: { publicHosts: tune.publicHosts, ownHosts: tune.ownHosts, minutes: tune.minutes, failedPercent: tune.failedPercent },
      },
    }),
  );
}
