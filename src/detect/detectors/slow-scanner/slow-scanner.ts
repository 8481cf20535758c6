// D03: a scanner at any speed, by a sequential test over first contacts.
import type { ConnRecord } from '../../../model/records/conn.ts';
import { type DetectionHost, defineDetector } from '../../detector.ts';
import type { EndsMap } from '../../ends/ends-map.ts';
import type { RowEnds } from '../../ends/row-ends.ts';
import { attemptOf } from '../../stats/attempt.ts';
import { Episode } from '../../stats/recent-targets.ts';
import { hour } from '../../stats/record-clock.ts';
import { clientSubject, scanFinding, spell } from '../../stats/scan-finding.ts';

const maxSources = 20_000;
/** Sources that crossed the bound of the test. */
const maxCrossed = 5000;
/** Targets remembered of all sources, so that only first contacts count. */
const maxTargets = 100_000;
/** Names that resolved to an address explain a failed contact for this long. */
const resolvedMicros = 3600e6;
const maxResolved = 50_000;
const maxFriends = 50_000;

type Tune = Readonly<
  Record<
    'hours' | 'minFailures' | 'successPercentBenign' | 'successPercentScanner' | 'highFailures' | 'highFailedPercent' | 'fleetPausePercent',
    number
  >
>;

/** Where the walk stands for one source; after the bound was crossed only the episode grows. */
interface Walk {
  /** log of the likelihood ratio; 0 is the start, never below it (reverse test: the newest contacts decide). */
  score: number;
  /** Contacts since the score last left 0; undefined while it is 0. */
  run: Episode | undefined;
  crossed: boolean;
}

/** A source that crossed the bound, and its last row. */
interface Crossed {
  readonly walk: Walk;
  readonly row: ConnRecord;
}

export const slowScanner = defineDetector({
  id: 'D03-slow-scanner',
  title: 'Scanner by sequential test, at any speed',
  attack: ['T1046'],
  reads: ['conn', 'dns'],
  finds: 'A client whose first contacts with new host and port pairs fail far more often than those of ordinary clients.',
  misses: [
    'Scans that hit mostly open ports.',
    'Probes further apart than the hours of memory.',
    'Failures towards names that the client resolved are not counted.',
  ],
  benign: ['A dead proxy or backend list that is walked through.', 'Peer-to-peer software with stale peer lists.'],
  investigate: ['Read conn rows of the subject over the 24 hours before lastSeen: is it one port, one host, or a list?'],
  sources: [
    'Jung, Paxson, Berger, Balakrishnan 2004, doi 10.1109/SECPRI.2004.1301325',
    'Schechter, Jung, Berger 2004 (reverse sequential hypothesis test)',
  ],
  tunables: {
    hours: { default: 24, unit: 'hours of memory', min: 1, max: 168, why: 'A day covers one probe every few minutes.' },
    minFailures: {
      default: 25,
      unit: 'failed first contacts',
      min: 4,
      max: 100_000,
      why: 'The bare test flags at 4 failures in a row: too few for machines with dead peers.',
    },
    successPercentBenign: { default: 80, unit: 'percent success', min: 50, max: 99, why: 'theta0 of the paper.' },
    successPercentScanner: { default: 20, unit: 'percent success', min: 1, max: 49, why: 'theta1 of the paper.' },
    highFailures: { default: 150, unit: 'failed first contacts', min: 10, max: 1_000_000, why: 'Beyond stale lists; a person must look.' },
    highFailedPercent: {
      default: 90,
      unit: 'percent without success',
      min: 20,
      max: 100,
      why: 'Peer-to-peer software finds one live peer in ten of its stale list; scanners fewer.',
    },
    fleetPausePercent: {
      default: 30,
      unit: 'percent of sources',
      min: 5,
      max: 100,
      why: 'When so many of ours fail at once the network is at fault.',
    },
  },
  start(tune: Tune, host) {
    const failStep = Math.log((1 - tune.successPercentScanner / 100) / (1 - tune.successPercentBenign / 100));
    const passStep = Math.log(tune.successPercentScanner / tune.successPercentBenign);
    // Upper bound ln(PD / PF) with PD 0.99 and PF 0.01.
    const bound = Math.log(99);
    const memory = tune.hours * hour;
    const walks = host.newEndsMap<Walk>(maxSources, { afterSeconds: memory });
    /** Targets of each source, by its service. */
    const seen = host.newEndsMap<true>(maxTargets, { afterSeconds: memory });
    const resolved = host.newEndsMap<number>(maxResolved, { afterSeconds: 2 * hour });
    const friends = host.newEndsMap<true>(maxFriends, { afterSeconds: memory });
    const active = host.newEndsMap<Crossed>(maxCrossed, {
      afterSeconds: memory,
      spare: 100,
      onForget: (crossed) => raiseCrossed(crossed),
    });
    /** Already named by the detector of sweeps or port scans, which tells more. */
    const named = host.newEndsMap<true>(maxCrossed);
    const raiseCrossed = ({ walk, row }: Crossed): void => {
      if (walk.run !== undefined && !networkIsAtFault(walks, active.size, tune)) raise(walk.run, row);
    };
    const raise = (run: Episode, row: ConnRecord): void => {
      if (named.peek(host.endOf(row['id.orig_h'], row.context)) === undefined) raiseScanner(host, run, row, tune);
    };
    /** A failed contact with a name that was resolved, or with who came to us first, says nothing. */
    const isExplained = (row: ConnRecord, { client, server }: RowEnds): boolean => {
      const at = resolved.get(client, server);
      return (at !== undefined && Math.abs(row.ts - at) <= resolvedMicros) || friends.peek(server, client) === true;
    };
    const isFirst = ({ client, server, service }: RowEnds): boolean => {
      if (seen.get(client, server, service) === true) return false;
      return seen.set(true, client, server, service);
    };
    const walkOf = (client: number): Walk =>
      walks.get(client) ?? walks.set(active.peek(client)?.walk ?? { score: 0, run: undefined, crossed: false }, client);
    const contact = (row: ConnRecord, ends: RowEnds, failed: boolean): void => {
      const { client } = ends;
      const walk = walkOf(client);
      if (!isFirst(ends)) return;
      if (failed && isExplained(row, ends)) return;
      const run = step(walk, row, failed, failed ? failStep : passStep, tune);
      if (run === undefined) return;
      walk.crossed ||= walk.score >= bound && run.failed >= tune.minFailures;
      if (!walk.crossed) return;
      active.set({ walk, row }, client);
      if (run.grew && !networkIsAtFault(walks, active.size, tune)) raise(run, row);
    };
    return {
      dns(row, ends) {
        for (const answer of row.answers ?? []) resolved.set(row.ts, ends.client, ends.other(answer));
      },
      conn(row, ends) {
        const attempt = attemptOf(row);
        if (attempt === undefined || attempt.method === 'icmp-echo' || ends.isServerMulticast) return;
        const answered = attempt.outcome === 'answered';
        if (answered) friends.set(true, ends.client, ends.server);
        contact(row, ends, !answered);
      },
      finding({ detector, subject }) {
        if (detector.startsWith('D01') || detector.startsWith('D02')) named.set(true, host.endOf(subject.address, subject.context));
      },
      finish() {
        if (networkIsAtFault(walks, active.size, tune)) return;
        for (const { walk, row } of active.values()) if (walk.run !== undefined) raise(walk.run, row);
      },
    };
  },
});

/** @returns the contacts that the score is made of; undefined when it is 0 and nothing is left of them */
function step(walk: Walk, row: ConnRecord, failed: boolean, by: number, tune: Tune): Episode | undefined {
  const forgotten = walk.run !== undefined && row.ts - walk.run.lastAt > tune.hours * 3600e6;
  walk.score = Math.min(1e6, Math.max(0, (forgotten ? 0 : walk.score) + by));
  if (!walk.crossed && (walk.score === 0 || forgotten)) walk.run = undefined;
  if (!walk.crossed && walk.score === 0) return undefined;
  walk.run ??= new Episode();
  walk.run.add(`${row['id.resp_h']} ${row.proto}/${row['id.resp_p']}`, row.ts, failed, row.uid);
  return walk.run;
}

/** More than a few sources, and a large share of them crossed: an outage makes everybody look like a scanner. */
const networkIsAtFault = (walks: EndsMap<Walk>, crossed: number, tune: Tune): boolean =>
  crossed >= 10 && crossed * 100 > walks.size * tune.fleetPausePercent;

function raiseScanner(host: DetectionHost, run: Episode, row: ConnRecord, tune: Tune): void {
  const client = row['id.orig_h'];
  const sample = run.targets.sample(50);
  host.raise(
    scanFinding({
      key: 'walk',
      subject: clientSubject(row),
      ours: host.isOurs(client),
      known: host.knownAs(client),
      highAt: tune.highFailures,
      highFailedShare: tune.highFailedPercent / 100,
      episode: run,
      peers: [...new Set(sample.map((target) => target.split(' ')[0] ?? ''))].map((address) => ({ address })),
      summary: `${client} made ${run.targets.size} first contacts in ${spell((run.lastAt - run.firstAt) / 1e6)}, ${Math.round(run.failedShare * 100)} % without success; ordinary clients fail at ${100 - tune.successPercentBenign} %`,
      evidence: { sampleTargets: sample, thresholds: { ...tune } },
    }),
  );
}
