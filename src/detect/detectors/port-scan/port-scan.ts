// D02: many ports of one host.

import type { ConnRecord } from '../../../model/records/conn.ts';
import { type DetectionHost, defineDetector } from '../../detector.ts';
import { attemptOf, type Method } from '../../stats/attempt.ts';
import { type Episode, RecentTargets, type TargetsRule } from '../../stats/recent-targets.ts';
import { day, hour } from '../../stats/record-clock.ts';
import { clientSubject, scanFinding, spell } from '../../stats/scan-finding.ts';

/** Pairs of client and server followed at once. */
const maxPairs = 20_000;
/** Pairs that passed a threshold. */
const maxPassed = 5000;
const firstEphemeralPort = 32_768;

/** Methods by their place here are bits of `Pair.methods`. */
const methods: readonly Method[] = ['connect', 'fin', 'icmp-echo', 'null', 'syn', 'udp'];

/** What was tried of one server; windows are made for the second port, since most pairs have one. */
interface Pair {
  /** The only contact so far, or the first. */
  readonly first: { readonly target: string; readonly service: number; readonly uid: string; at: number; failed: boolean };
  windows: { readonly fast: RecentTargets; readonly slow: RecentTargets } | undefined;
  methods: number;
  /** Ports that answered. */
  open: number | Set<number> | undefined;
}

/** A pair that passed a threshold, and the last row of it. */
interface Passed {
  readonly row: ConnRecord;
  readonly pair: Pair;
  readonly episode: Episode;
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
  misses: [
    'Ports tried more slowly than the windows (see D03).',
    'A scan that goes on after a day of silence is another finding.',
    'Scans inside one subnet when the capture point is a router.',
  ],
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
    // What is older than the longer window no longer counts.
    const pairs = host.newEndsMap<Pair>(maxPairs, { afterSeconds: Math.max(tune.minutes, tune.slowMinutes) * 60 + hour });
    const active = host.newEndsMap<Passed>(maxPassed, {
      afterSeconds: day + Math.max(tune.minutes, tune.slowMinutes) * 60,
      spare: 100,
      onForget: (passed) => raisePortScan(host, passed, tune),
    });
    const failedShare = tune.failedPercent / 100;
    const fastRule: TargetsRule = { windowMicros: tune.minutes * 60e6, threshold: tune.ports, failedShare };
    const slowRule: TargetsRule = { windowMicros: tune.slowMinutes * 60e6, threshold: tune.slowPorts, failedShare };
    /** @returns the episode while a threshold is passed */
    const contact = (pair: Pair, row: ConnRecord, service: number, failed: boolean): Episode | undefined => {
      if (pair.windows === undefined) {
        if (isRepeated(pair, row, service, failed)) return undefined;
        const { target, at, failed: firstFailed, uid } = pair.first;
        pair.windows = { fast: new RecentTargets(fastRule), slow: new RecentTargets(slowRule) };
        pair.windows.fast.add(target, at, firstFailed, uid);
        pair.windows.slow.add(target, at, firstFailed, uid);
      }
      return note(pair.windows, row, failed);
    };
    return {
      conn(row, ends) {
        const attempt = attemptOf(row);
        if (attempt === undefined || attempt.method === 'icmp-echo' || isReturnTraffic(row) || ends.isServerMulticast) return;
        const { client, server, service } = ends;
        const failed = attempt.outcome !== 'answered';
        const pair =
          pairs.get(client, server) ?? pairs.set(active.peek(client, server)?.pair ?? newPair(row, service, failed), client, server);
        pair.methods |= 1 << methods.indexOf(attempt.method);
        if (attempt.outcome === 'probe' || !failed) noteOpen(pair, row['id.resp_p']);
        const episode = contact(pair, row, service, failed);
        if (episode === undefined) return;
        const passed = active.set({ row, pair, episode }, client, server);
        if (episode.grew) raisePortScan(host, passed, tune);
      },
      finish() {
        for (const passed of active.values()) raisePortScan(host, passed, tune);
      },
    };
  },
});

const targetOf = (row: ConnRecord): string => `${row.proto}/${row['id.resp_p']}`;

const newPair = (row: ConnRecord, service: number, failed: boolean): Pair => ({
  first: { target: targetOf(row), service, uid: row.uid, at: row.ts, failed },
  windows: undefined,
  methods: 0,
  open: undefined,
});

/** The port that was tried first is tried again: one that succeeded once is no failure. */
function isRepeated({ first }: Pair, row: ConnRecord, service: number, failed: boolean): boolean {
  if (first.service !== service) return false;
  first.at = Math.max(first.at, row.ts);
  first.failed &&= failed;
  return true;
}

function noteOpen(pair: Pair, port: number): void {
  if (pair.open === undefined || pair.open === port) pair.open = port;
  else if (typeof pair.open === 'number') pair.open = new Set([pair.open, port]);
  else pair.open.add(port);
}

/** Counts in both windows. @returns the episode that knows more while one of them is passed: a slow scan may go on fast */
function note({ fast, slow }: NonNullable<Pair['windows']>, row: ConnRecord, failed: boolean): Episode | undefined {
  const target = targetOf(row);
  const inFast = fast.add(target, row.ts, failed, row.uid);
  const inSlow = slow.add(target, row.ts, failed, row.uid);
  if (inFast === undefined && inSlow === undefined) return undefined;
  return (slow.episode?.contacts ?? 0) >= (fast.episode?.contacts ?? 0) ? slow.episode : fast.episode;
}

function raisePortScan(
  host: DetectionHost,
  { row, pair, episode }: Passed,
  tune: Readonly<Record<'ports' | 'minutes' | 'slowPorts' | 'slowMinutes' | 'failedPercent' | 'highPorts', number>>,
): void {
  const [client, server] = [row['id.orig_h'], row['id.resp_h']];
  const openPorts = [...(typeof pair.open === 'number' ? [pair.open] : (pair.open ?? []))].sort((a, b) => a - b).slice(0, 100);
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
        methods: methods.filter((_, i) => (pair.methods & (1 << i)) !== 0),
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
