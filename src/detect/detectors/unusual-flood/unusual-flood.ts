// D15: floods with ICMP, with protocols that hardly anybody uses, with UDP at TCP service ports, and with stray fragments.
import type { ConnRecord } from '../../../model/records/conn.ts';
import { defineDetector } from '../../detector.ts';
import { type FloodKind, FloodWatch } from '../../stats/flood-watch.ts';

/** Protocols with a flood detector of their own or with tunnels inside: TCP, UDP, ESP, AH, GRE, SCTP (IANA protocol numbers). */
const ordinaryProtocols = new Set([6, 17, 47, 50, 51, 132]);
/** Ports at which UDP makes no sense; 443 is QUIC. */
const tcpOnlyPorts = new Set([22, 23, 25, 80, 110, 143]);

/** Why a row belongs here; undefined when it does not. */
function oddity(row: ConnRecord): string | undefined {
  if (row.proto === 'icmp') return 'ICMP';
  if (row.proto === 'udp') return tcpOnlyPorts.has(row['id.resp_p']) ? `UDP at TCP port ${row['id.resp_p']}` : undefined;
  return row.proto === 'tcp' || ordinaryProtocols.has(row.ip_proto) ? undefined : `IP protocol ${row.ip_proto}`;
}

export const unusualFlood = defineDetector({
  id: 'D15-unusual-flood',
  title: 'Flood with an unusual protocol',
  attack: ['T1498.001'],
  reads: ['conn', 'fragments'],
  finds:
    'A machine that sends one target a high rate of ICMP, of a rare IP protocol, of UDP at a TCP service port, or of fragments that never make a datagram.',
  misses: ['Floods below the rates.'],
  benign: ['A flood ping as a load test.', 'IPsec or overlay protocols that are not on the list of ordinary ones.'],
  investigate: ['Read conn rows between the two ends in the hour before firstSeen: was there an ordinary two-way exchange?'],
  sources: ['https://attack.mitre.org/techniques/T1498/001/', 'IANA protocol numbers'],
  tunables: {
    seconds: { default: 30, unit: 'seconds', min: 1, max: 300, why: 'Shorter bursts are ordinary.' },
    highPerSecond: { default: 1000, unit: 'packets a second', min: 10, max: 10_000_000, why: 'These protocols carry no bulk data.' },
    mediumPerSecond: {
      default: 200,
      unit: 'packets a second',
      min: 10,
      max: 10_000_000,
      why: 'Twice the rate of a flood ping over a slow path.',
    },
    minPackets: { default: 2000, unit: 'packets', min: 50, max: 100_000_000, why: 'Two seconds at the high rate.' },
  },
  start(tune, host) {
    // An echo flood is answered packet by packet: replies do not make it harmless.
    const rule = {
      windowSeconds: tune.seconds,
      highPerSecond: tune.highPerSecond,
      highBitsPerSecond: 0,
      mediumPerSecond: tune.mediumPerSecond,
      minPackets: tune.minPackets,
      maxReplyShare: 1.05,
    };
    const watch = new FloodWatch(host, rule);
    /** A few hundred: protocols, and ports of a list. */
    const kinds = new Map<string, FloodKind>();
    const kindOf = (what: string): FloodKind => {
      const present = kinds.get(what);
      if (present !== undefined) return present;
      const created: FloodKind = { what: `packets (${what})`, number: kinds.size };
      kinds.set(what, created);
      return created;
    };
    return {
      conn(row, ends) {
        const what = row.carrier === true ? undefined : oddity(row);
        if (what === undefined || row.orig_pkts === 0) return;
        const port = row.proto === 'icmp' ? 0 : row['id.resp_p'];
        watch.add(watch.of(ends, row, kindOf(what)), row, port, row.duration ?? 0, row.orig_pkts, row.orig_ip_bytes, row.resp_pkts);
      },
      fragments(row, ends) {
        watch.add(watch.of(ends, row, kindOf('IP fragments that never make a datagram')), row, 0, row.duration, row.fragments, 0, 0);
      },
      finish: () => watch.finish(),
    };
  },
});
