// D16: DNS queries at flood rates, towards one server or against one zone.
import { hashText } from '../../../base/text-hash.ts';
import type { DnsRecord } from '../../../model/records/dns.ts';
import { defineDetector } from '../../detector.ts';
import { BoundedMap } from '../../stats/bounded-map.ts';
import { FloodStream } from '../../stats/flood-stream.ts';
import { type FloodKind, FloodWatch } from '../../stats/flood-watch.ts';
import { hour } from '../../stats/record-clock.ts';

const maxZones = 20_000;
/** Servers that a client asks for names of one zone. */
const maxServers = 64;
/** Names remembered, so that one that is asked for again is not new; ordinary names stay, random ones pass through. */
const maxNames = 65_536;
const secondsInWindow = 20;

/** The last two labels: near enough to the registered domain for counting names below it. */
const zoneOf = (query: string): string => query.split('.').slice(-2).join('.');

export const dnsFlood = defineDetector({
  id: 'D16-dns-flood',
  title: 'DNS flood',
  attack: ['T1498.002', 'T1499.002'],
  reads: ['dns'],
  finds: 'A machine that sends DNS queries at flood rates to one server, or for ever new names of one zone.',
  misses: ['DNS over TLS or HTTPS.', 'Queries with forged sources are seen as spoofed sources (D18).'],
  benign: ['A resolver or mail filter.', 'A load test of a name server.'],
  investigate: ['List the dns rows of the subject in the minute after firstSeen: one zone with random names attacks its servers.'],
  sources: ['https://attack.mitre.org/techniques/T1498/002/'],
  tunables: {
    perSecond: {
      default: 1000,
      unit: 'queries a second',
      min: 10,
      max: 1_000_000,
      why: 'Beyond any client; busy resolvers stay below it.',
    },
    namesPerSecond: {
      default: 200,
      unit: 'new names of a zone a second',
      min: 5,
      max: 1_000_000,
      why: 'Random names of one zone serve no client.',
    },
    minQueries: { default: 2000, unit: 'queries', min: 50, max: 10_000_000, why: 'Two seconds at the rate.' },
  },
  start(tune, host) {
    const ruleAt = (perSecond: number) => ({
      windowSeconds: secondsInWindow,
      highPerSecond: perSecond,
      highBitsPerSecond: 0,
      mediumPerSecond: perSecond / 2,
      minPackets: tune.minQueries,
      maxReplyShare: Number.POSITIVE_INFINITY,
    });
    const servers = new FloodWatch(host, ruleAt(tune.perSecond));
    const zoneRule = ruleAt(tune.namesPerSecond);
    const judge = ({ streams }: Zone): void => {
      const all = streams instanceof Only ? [streams.stream] : (streams?.values() ?? []);
      for (const stream of all) stream.judge(host, zoneRule);
    };
    const zones = host.newTextMap<Zone>(maxZones, { afterSeconds: hour, spare: 500, onForget: judge });
    /** By client and hash of the name: two names with one hash are one too few, among thousands. */
    const names = host.newEndsMap<true>(maxNames, { afterSeconds: hour });
    return {
      dns(row, ends) {
        if (ends.isServerMulticast) return;
        servers.add(servers.of(ends, row, queries), row, row['id.resp_p'], 0, 1, 0, repliesOf(row));
        if (row.query === undefined || !row.query.includes('.') || row.query.endsWith('.arpa')) return;
        const { client } = ends;
        const name = hashText(row.query) | 0;
        if (names.get(client, 0, name) !== undefined) return;
        names.set(true, client, 0, name);
        const zone = zoneOf(row.query);
        const stream = streamOf(
          zones.ensure(`${row.context ?? ''}|${row['id.orig_h']}|${zone}`, () => ({ zone, streams: undefined })),
          row,
          tune.minQueries,
        );
        if (stream.add(row, row['id.resp_p'], 0, 1, 0, repliesOf(row))) stream.judge(host, zoneRule);
      },
      finish() {
        servers.finish();
        for (const zone of zones.values()) judge(zone);
      },
    };
  },
});

const repliesOf = (row: DnsRecord): number => (row.rcode === undefined ? 0 : 1);
const queries: FloodKind = { what: 'DNS queries', number: 0 };

/** The only server that was asked so far. */
class Only {
  readonly server: string;
  readonly stream: FloodStream;
  constructor(server: string, stream: FloodStream) {
    this.server = server;
    this.stream = stream;
  }
}

/** New names of a zone that one client asked for, by server; a map is made for the second. */
interface Zone {
  readonly zone: string;
  streams: Only | BoundedMap<string, FloodStream> | undefined;
}

function streamOf(zone: Zone, row: DnsRecord, minQueries: number): FloodStream {
  const server = row['id.resp_h'];
  const { streams } = zone;
  if (streams instanceof Only) {
    if (streams.server === server) return streams.stream;
    zone.streams = new BoundedMap(maxServers);
    zone.streams.set(streams.server, streams.stream);
  } else if (streams !== undefined) {
    const known = streams.get(server);
    if (known !== undefined) return known;
  }
  const made = new FloodStream(row, minQueries, `queries for new names of ${zone.zone}`);
  if (zone.streams === undefined) zone.streams = new Only(server, made);
  else (zone.streams as BoundedMap<string, FloodStream>).set(server, made);
  return made;
}
