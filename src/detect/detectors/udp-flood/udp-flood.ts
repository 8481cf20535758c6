// D14: one-way UDP at rates that no application needs.
import { defineDetector } from '../../detector.ts';
import { type FloodKind, FloodWatch } from '../../stats/flood-watch.ts';

const kind: FloodKind = { what: 'UDP datagrams', number: 0 };

export const udpFlood = defineDetector({
  id: 'D14-udp-flood',
  title: 'UDP flood',
  attack: ['T1498.001'],
  reads: ['conn'],
  finds: 'A machine that pours UDP datagrams onto one target which hardly answers.',
  misses: ['Floods below the rates.', 'Floods at TCP service ports are reported as D15.'],
  benign: ['Media streams, video conferences and VPNs to a peer whose answers take another path.', 'Replication or log shipping over UDP.'],
  investigate: ['Read conn rows between the two ends in the hour before firstSeen: was there an ordinary two-way exchange?'],
  sources: ['https://attack.mitre.org/techniques/T1498/001/'],
  tunables: {
    seconds: { default: 30, unit: 'seconds', min: 1, max: 300, why: 'Shorter bursts are ordinary.' },
    highPerSecond: {
      default: 10_000,
      unit: 'packets a second',
      min: 100,
      max: 10_000_000,
      why: 'Beyond media streams by an order of magnitude.',
    },
    highMegabits: { default: 100, unit: 'Mb/s', min: 1, max: 100_000, why: 'Beyond media streams by an order of magnitude.' },
    mediumPerSecond: { default: 2000, unit: 'packets a second', min: 100, max: 10_000_000, why: 'Twice a high-definition video stream.' },
    minPackets: { default: 10_000, unit: 'packets', min: 100, max: 100_000_000, why: 'A second at the high rate.' },
    replyPercent: { default: 5, unit: 'percent', min: 0, max: 50, why: 'Interactive protocols acknowledge more.' },
  },
  start(tune, host) {
    const watch = new FloodWatch(host, {
      windowSeconds: tune.seconds,
      highPerSecond: tune.highPerSecond,
      highBitsPerSecond: tune.highMegabits * 1e6,
      mediumPerSecond: tune.mediumPerSecond,
      minPackets: tune.minPackets,
      maxReplyShare: tune.replyPercent / 100,
    });
    return {
      conn(row, ends) {
        if (row.carrier === true || row.proto !== 'udp' || ends.isServerMulticast) return;
        watch.add(watch.of(ends, row, kind), row, row['id.resp_p'], row.duration ?? 0, row.orig_pkts, row.orig_ip_bytes, row.resp_pkts);
      },
      finish: () => watch.finish(),
    };
  },
});
