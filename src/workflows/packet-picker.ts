// Which packets belong to given connections: by their ends, protocol, time and network context, as their conn rows say.
import { type AddressWords, parseAddress } from '../base/ip.ts';
import type { Packet } from '../engine/wire/packet.ts';
import { sourcePort, targetPort } from '../engine/wire/packet-text.ts';

/** A connection to look packets up for. */
export interface WantedConnection {
  readonly uid: string;
  /** IP protocol number. */
  readonly protocol: number;
  readonly client: AddressWords;
  readonly clientPort: number;
  readonly server: AddressWords;
  readonly serverPort: number;
  /** Microseconds since the epoch, both inclusive. */
  readonly from: number;
  readonly to: number;
  readonly context: string | undefined;
}

const protocols: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, sctp: 132 };
const icmp6 = 58;
/** Microseconds that the clock of a row may be off by rounding. */
const slack = 10;
/** The last acknowledgement of a TCP connection, and resets, come after what Zeek's duration ends with. */
const tcpTail = 2e6;

/** ICMP and ICMPv6 go under one number, as `conn.proto` has one word for both. */
const familyOf = (protocol: number): number => (protocol === icmp6 ? 1 : protocol);
const hasPorts = (protocol: number): boolean => protocol === 6 || protocol === 17 || protocol === 132;

/** The connection that a conn row describes; undefined for a row that does not say enough. */
export function wantedOf(row: Readonly<Record<string, unknown>>): WantedConnection | undefined {
  const client = parseAddress(String(row['id.orig_h'] ?? ''));
  const server = parseAddress(String(row['id.resp_h'] ?? ''));
  if (client === undefined || server === undefined) return undefined;
  const at = Number(row['ts']);
  const tail = row['proto'] === 'tcp' ? tcpTail : slack;
  return {
    uid: String(row['uid'] ?? ''),
    protocol: familyOf(protocols[String(row['proto'])] ?? Number(row['ip_proto'] ?? 0)),
    ...{ client, clientPort: Number(row['id.orig_p']), server, serverPort: Number(row['id.resp_p']) },
    ...{ from: at - slack, to: at + Number(row['duration'] ?? 0) * 1e6 + tail },
    context: typeof row['context'] === 'string' ? row['context'] : undefined,
  };
}

/** The same for both directions, without making text: a first sieve. */
const sieveOf = (a: number, b: number, ports: number): number => ((a ^ b) >>> 0) + ports * 0x1_0000_0000;

const isSame = (words: AddressWords, w0: number, w1: number, w2: number, w3: number): boolean =>
  words[0] === w0 >>> 0 && words[1] === w1 >>> 0 && words[2] === w2 >>> 0 && words[3] === w3 >>> 0;

/** Finds the wanted connections of a packet. */
export class PacketPicker {
  /** Time of the earliest and latest packet that can be wanted. */
  readonly from: number;
  readonly to: number;
  /** Packets that had everything of a wanted connection but not surely its network context. */
  unsure = 0;
  readonly #bySieve = new Map<number, WantedConnection[]>();
  readonly #contextOf: (packet: Packet) => string | undefined;

  constructor(wanted: readonly WantedConnection[], contextOf: (packet: Packet) => string | undefined) {
    this.#contextOf = contextOf;
    this.from = Math.min(...wanted.map(({ from }) => from));
    this.to = Math.max(...wanted.map(({ to }) => to));
    for (const one of wanted) {
      // Fragments have no ports: they are looked up under none.
      const keys = new Set([sieveOf(one.client[3], one.server[3], 0)]);
      if (hasPorts(one.protocol)) keys.add(sieveOf(one.client[3], one.server[3], one.clientPort + one.serverPort));
      for (const key of keys) {
        const list = this.#bySieve.get(key);
        if (list === undefined) this.#bySieve.set(key, [one]);
        else list.push(one);
      }
    }
  }

  /** The wanted connection that a packet belongs to. */
  pick(packet: Packet): WantedConnection | undefined {
    if (packet.at < this.from || packet.at > this.to) return undefined;
    const source = sourcePort(packet);
    const target = targetPort(packet);
    const isPortless = packet.fragment || !hasPorts(packet.protocol);
    const list = this.#bySieve.get(sieveOf(packet.s3, packet.d3, isPortless ? 0 : source + target));
    return list?.find((one) => this.#matches(one, packet, source, target, isPortless));
  }

  #matches(one: WantedConnection, packet: Packet, source: number, target: number, isPortless: boolean): boolean {
    if (packet.at < one.from || packet.at > one.to || one.protocol !== familyOf(packet.protocol)) return false;
    const { s0, s1, s2, s3, d0, d1, d2, d3 } = packet;
    const forth =
      isSame(one.client, s0, s1, s2, s3) &&
      isSame(one.server, d0, d1, d2, d3) &&
      (isPortless || (source === one.clientPort && target === one.serverPort));
    const back =
      isSame(one.server, s0, s1, s2, s3) &&
      isSame(one.client, d0, d1, d2, d3) &&
      (isPortless || (source === one.serverPort && target === one.clientPort));
    if (!forth && !back) return false;
    // Early in a capture a context may not have its final name: only two different names tell tenants apart.
    if (one.context === undefined) return true;
    const context = this.#contextOf(packet);
    if (context === one.context) return true;
    this.unsure++;
    return context === undefined;
  }
}
