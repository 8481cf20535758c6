// D01: one port on many hosts.
import type { ConnRecord } from '../../../model/records/conn.ts';
import { type DetectionHost, defineDetector } from '../../detector.ts';
import { attemptOf } from '../../stats/attempt.ts';
import { BoundedMap } from '../../stats/bounded-map.ts';
import { type Episode, RecentTargets } from '../../stats/recent-targets.ts';
import { clientSubject, scanFinding, spell } from '../../stats/scan-finding.ts';

/** Client and port pairs followed at once. */
const maxSweeps = 50_000;

/** Targets beyond our networks and within, made with the first of each: most clients have one kind. */
interface Sweep {
  outside: RecentTargets | undefined;
  inside: RecentTargets | undefined;
}

export const outboundSweep = defineDetector({
  id: 'D01-outbound-sweep',
  title: 'Sweep of one port over many hosts',
  attack: ['T1046', 'T1595.001'],
  reads: ['conn'],
  finds: 'A client that tries one port on many hosts, most of them without success.',
  misses: ['Sweeps slower than the window (see D03).', 'Hosts of the same subnet when the capture point is a router.'],
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
    const sweeps = new BoundedMap<string, Sweep>(maxSweeps);
    const active = new BoundedMap<string, () => void>(maxSweeps);
    const newSweep = (): Sweep => ({ outside: undefined, inside: undefined });
    const newTargets = (hosts: number): RecentTargets => new RecentTargets(tune.minutes * 60e6, hosts, tune.failedPercent / 100);
    return {
      conn(row) {
        const attempt = attemptOf(row);
        if (attempt === undefined || attempt.method === 'icmp-echo' || host.isMulticast(row['id.resp_h'])) return;
        const key = `${row.context ?? ''}|${row['id.orig_h']}|${row.proto}/${row['id.resp_p']}`;
        const sweep = sweeps.ensure(key, newSweep);
        const isInside = host.isOurs(row['id.resp_h']);
        if (isInside) sweep.inside ??= newTargets(tune.ownHosts);
        else sweep.outside ??= newTargets(tune.publicHosts);
        const targets = isInside ? sweep.inside : sweep.outside;
        const episode = targets?.add(row['id.resp_h'], row.ts, attempt.outcome !== 'answered', row.uid);
        if (episode === undefined) return;
        const raise = (): void => raiseSweep(host, row, episode, isInside, tune);
        active.set(`${key}|${isInside}`, raise);
        if (episode.grew) raise();
      },
      finish() {
        for (const raise of active.values()) raise();
      },
    };
  },
});

function raiseSweep(
  host: DetectionHost,
  row: ConnRecord,
  episode: Episode,
  inside: boolean,
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
