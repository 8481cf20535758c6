// D02: many ports of one host.

import type { ConnRecord } from '../../../model/records/conn.ts';
import { type DetectionHost, defineDetector } from '../../detector.ts';
import { attemptOf, type Method } from '../../stats/attempt.ts';
import { BoundedMap } from '../../stats/bounded-map.ts';
import { type Episode, RecentTargets } from '../../stats/recent-targets.ts';
import { clientSubject, scanFinding, spell } from '../../stats/scan-finding.ts';

/** Pairs of client and server followed at once. */
const maxPairs = 50_000;
const firstEphemeralPort = 32_768;

interface Pair {
  readonly fast: RecentTargets;
  readonly slow: RecentTargets;
  readonly methods: Set<Method>;
  readonly open: Set<number>;
}

/** Return traffic of a server that lost its state looks like a walk over client ports: many ephemeral ports from one low port. */
const isReturnTraffic = (row: ConnRecord): boolean =>
  row.proto !== 'icmp' && row['id.orig_p'] < 1024 && row['id.resp_p'] >= firstEphemeralPort;

export const portScan = defineDetector({
  id: 'D02-port-scan',
  title: 'Port scan',
  attack: ['T1046'],
  reads: ['conn'],
  finds: 'A client that tries many ports of one host, most of them without success.',
  misses: ['Ports tried more slowly than the windows (see D03).', 'Scans inside one subnet when the capture point is a router.'],
  benign: ['An authorised vulnerability scanner or exposure check.', 'Monitoring that probes many services of one host.'],
  investigate: ['Read conn rows of the subject in the hour after lastSeen for connections to the ports that answered.'],
  sources: ['https://attack.mitre.org/techniques/T1046/', 'Jung, Paxson, Berger, Balakrishnan 2004, doi 10.1109/SECPRI.2004.1301325'],
  tunables: {
    ports: { default: 15, unit: 'distinct ports', min: 3, max: 65_535, why: 'The 15 ports a host of the former Zeek scan policy.' },
    minutes: { default: 5, unit: 'minutes', min: 1, max: 1440, why: 'Window of the former Zeek scan policy.' },
    slowPorts: { default: 60, unit: 'distinct ports', min: 3, max: 65_535, why: 'Four times the fast count over twelve times its window.' },
    slowMinutes: { default: 60, unit: 'minutes', min: 1, max: 10_080, why: 'A slowed scan (nmap -T2) stays inside an hour.' },
    failedPercent: {
      default: 70,
      unit: 'percent without success',
      min: 1,
      max: 100,
      why: 'Ordinary clients of one host succeed more often than not.',
    },
    highPorts: { default: 60, unit: 'distinct ports', min: 3, max: 65_535, why: 'Beyond what a misconfigured client tries.' },
  },
  start(tune, host) {
    const pairs = new BoundedMap<string, Pair>(maxPairs);
    const active = new BoundedMap<string, () => void>(maxPairs);
    const share = tune.failedPercent / 100;
    const newPair = (): Pair => ({
      fast: new RecentTargets(tune.minutes * 60e6, tune.ports, share),
      slow: new RecentTargets(tune.slowMinutes * 60e6, tune.slowPorts, share),
      methods: new Set(),
      open: new Set(),
    });
    return {
      conn(row) {
        const attempt = attemptOf(row);
        if (attempt === undefined || attempt.method === 'icmp-echo' || isReturnTraffic(row)) return;
        if (host.isMulticast(row['id.resp_h'])) return;
        const key = `${row.context ?? ''}|${row['id.orig_h']}|${row['id.resp_h']}`;
        const pair = pairs.ensure(key, newPair);
        pair.methods.add(attempt.method);
        if (attempt.outcome === 'probe' || attempt.outcome === 'answered') pair.open.add(row['id.resp_p']);
        const episode = note(pair, row, attempt.outcome !== 'answered');
        if (episode === undefined) return;
        const raise = (): void => raisePortScan(host, row, pair, episode, tune);
        active.set(key, raise);
        if (episode.grew) raise();
      },
      finish() {
        for (const raise of active.values()) raise();
      },
    };
  },
});

/** Counts in both windows. @returns the episode that knows more while one of them is passed: a slow scan may go on fast */
function note({ fast, slow }: Pair, row: ConnRecord, failed: boolean): Episode | undefined {
  const target = `${row.proto}/${row['id.resp_p']}`;
  const inFast = fast.add(target, row.ts, failed, row.uid);
  const inSlow = slow.add(target, row.ts, failed, row.uid);
  if (inFast === undefined && inSlow === undefined) return undefined;
  return (slow.episode?.contacts ?? 0) >= (fast.episode?.contacts ?? 0) ? slow.episode : fast.episode;
}

function raisePortScan(
  host: DetectionHost,
  row: ConnRecord,
  pair: Pair,
  episode: Episode,
  tune: Readonly<Record<'ports' | 'minutes' | 'slowPorts' | 'slowMinutes' | 'failedPercent' | 'highPorts', number>>,
): void {
  const [client, server] = [row['id.orig_h'], row['id.resp_h']];
  const openPorts = [...pair.open].sort((a, b) => a - b).slice(0, 100);
  const seconds = (episode.lastAt - episode.firstAt) / 1e6;
  host.raise(
    scanFinding({
      key: server,
      subject: clientSubject(row),
      ours: host.isOurs(client),
      known: host.knownAs(client),
      highAt: tune.highPorts,
      episode,
      peers: [{ address: server }],
      summary: `${client} tried ${episode.targets.size} ports of ${server} in ${spell(seconds)}; ${Math.round(episode.failedShare * 100)} % without success${openPorts.length > 0 ? `, ${openPorts.length} answered` : ''}`,
      evidence: {
        methods: [...pair.methods].sort(),
        samplePorts: episode.targets.sample(30),
        answeringPorts: openPorts,
        thresholds: {
          ports: tune.ports,
          minutes: tune.minutes,
          slowPorts: tune.slowPorts,
          slowMinutes: tune.slowMinutes,
          failedPercent: tune.failedPercent,
        },
      },
    }),
  );
}
