// D13: many SYN packets to few targets without finishing the handshake.
import type { ConnRecord } from '../../../model/records/conn.ts';
import { defineDetector } from '../../detector.ts';
import type { EndsMap } from '../../ends/ends-map.ts';
import type { RowEnds } from '../../ends/row-ends.ts';
import { type FloodKind, FloodWatch } from '../../stats/flood-watch.ts';
import { hour } from '../../stats/record-clock.ts';

/** SYN packets of a row whose client never finished the handshake; 0 for completed ones. A tool's kernel resets what it did not open itself. */
const halfOpenSyns = ({ history = '', orig_pkts }: ConnRecord): number =>
  history.includes('A') ? 0 : history.includes('R') ? 1 : orig_pkts;

export const synFlood = defineDetector({
  id: 'D13-syn-flood',
  title: 'SYN flood',
  attack: ['T1498.001'],
  reads: ['conn'],
  finds: 'A machine that sends one target hundreds of SYN packets a second and finishes next to none of the handshakes.',
  misses: ['Floods with changing forged sources are seen as spoofed sources (D18).', 'A flood that began and ended outside the capture.'],
  benign: ['A load generator.', 'A dead backend behind a balancer that is retried without pause.'],
  investigate: ['Compare orig_pkts and resp_pkts of the subject to the same peer in conn over the hour before firstSeen.'],
  sources: ['Wang, Zhang, Shin 2002, Detecting SYN flooding attacks', 'https://attack.mitre.org/techniques/T1498/001/'],
  tunables: {
    seconds: { default: 20, unit: 'seconds', min: 1, max: 300, why: 'Interval of the CUSUM detector of Wang et al.' },
    highPerSecond: { default: 500, unit: 'SYN a second', min: 10, max: 1_000_000, why: 'Far above what a client opens to one target.' },
    mediumPerSecond: { default: 100, unit: 'SYN a second', min: 10, max: 1_000_000, why: 'Above impatient retries.' },
    minPackets: { default: 1500, unit: 'SYN', min: 50, max: 10_000_000, why: 'More than a scan of the usual 1000 ports.' },
    completedPercent: { default: 10, unit: 'percent finished handshakes', min: 0, max: 50, why: 'Half-open ratio of 0.9.' },
  },
  start(tune, host) {
    const watch = new FloodWatch(host, {
      windowSeconds: tune.seconds,
      highPerSecond: tune.highPerSecond,
      highBitsPerSecond: 0,
      mediumPerSecond: tune.mediumPerSecond,
      minPackets: tune.minPackets,
      maxReplyShare: tune.completedPercent / 100,
    });
    // A port scan also leaves handshakes unfinished, but spreads over ports: one port must carry most of a flood.
    const ports = host.newEndsMap<number | Set<number>>(maxPairs, { afterSeconds: hour });
    return {
      conn(row, ends) {
        if (row.carrier === true || row.proto !== 'tcp' || row.orig_pkts === 0 || row.history?.includes('S') !== true) return;
        const port = row['id.resp_p'];
        if (isSpread(ports, ends, port)) return;
        const packets = halfOpenSyns(row);
        watch.add(
          watch.of(ends, row, kind),
          row,
          port,
          row.duration ?? 0,
          packets,
          packets === 0 ? 0 : row.orig_ip_bytes,
          packets === 0 ? 1 : 0,
        );
      },
      finish: () => watch.finish(),
    };
  },
});

/** Ports of a pair from which on it is a scan of ports, not a flood. */
const scanPorts = 256;
const maxPairs = 20_000;
const kind: FloodKind = { what: 'SYN packets without handshake', number: 0 };

function isSpread(ports: EndsMap<number | Set<number>>, { client, server }: RowEnds, port: number): boolean {
  let seen = ports.get(client, server);
  if (seen === undefined) {
    ports.set(port, client, server);
    return false;
  }
  if (typeof seen === 'number') {
    if (seen === port) return false;
    // A set only for pairs with several ports: most have one.
    seen = new Set([seen]);
    ports.set(seen, client, server);
  }
  if (seen.size < scanPorts) seen.add(port);
  return seen.size >= scanPorts;
}
