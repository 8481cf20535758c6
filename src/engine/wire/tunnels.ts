// The tunnels around the packet in hand, and tunnel.log: which carriers were found to hold packets.
import { formatIpv4, formatIpv6 } from '../../base/ip.ts';
import { epochMicros } from '../../base/units.ts';
import type { RecordSink } from '../../model/records/index.ts';
import { IdHash } from '../flow/uid.ts';
import type { CarrierFlow } from './carrier.ts';
import type { Packet } from './packet.ts';

/** Name of a tunnel in tunnel.log. */
export type TunnelType = 'IP' | 'GRE' | 'VXLAN' | 'GENEVE' | 'GTPv1' | 'TEREDO' | 'AYIYA';

/** Carrier flows remembered at a time; the longest known goes first. */
const maxTunnels = 65_536;

/** A carrier: a UDP flow, or a pair of addresses that exchange GRE or IP in IP. */
interface Tunnel {
  readonly uid: string;
  readonly type: TunnelType;
  readonly clientAddress: string;
  readonly clientPort: number;
  readonly serverAddress: string;
  readonly serverPort: number;
  /** Its DISCOVER row was written. */
  found: boolean;
}

/**
 * Keeps carriers and writes their rows as Zeek does: DISCOVER with the first packet inside, CLOSE when the carrier's flow ends,
 * which the flow table tells through `close`. GRE and IP in IP have no flow: they get a uid here, and no CLOSE.
 */
export class Tunnels {
  readonly #sink: RecordSink | undefined;
  readonly #byUid = new Map<string, Tunnel>();
  /** By number of the address pair. */
  readonly #byPair: (Tunnel | undefined)[] = [];
  readonly #hash = new IdHash();
  /** Those around the packet in hand, outermost first; as many as `packet.tunnelDepth` says. */
  readonly #around: Tunnel[] = [];

  constructor(sink: RecordSink | undefined) {
    this.#sink = sink;
  }

  /** Carrier flows in memory. */
  get size(): number {
    return this.#byUid.size;
  }

  /** A new frame: nothing is around it yet. Cuts back to `depth` where several packets share their outer tunnels. */
  leave(packet: Packet, depth: number): void {
    packet.tunnelDepth = depth;
  }

  /** The packet in hand, a UDP datagram of `flow`, carries another. */
  enterFlow(packet: Packet, flow: CarrierFlow, fromClient: boolean, type: TunnelType): void {
    const { uid } = flow;
    let tunnel = this.#byUid.get(uid);
    if (tunnel === undefined) {
      tunnel = newTunnel(uid, type, packet, fromClient, true);
      if (this.#byUid.size >= maxTunnels) dropFirst(this.#byUid);
      this.#byUid.set(uid, tunnel);
    }
    this.#enter(packet, tunnel);
  }

  /** The packet in hand is GRE or IP in IP. @param pair number of its addresses, -1 when they got none */
  enterPair(packet: Packet, pair: number, type: TunnelType): void {
    let tunnel = pair < 0 ? undefined : this.#byPair[pair];
    if (tunnel === undefined) {
      tunnel = newTunnel(this.#uid(packet), type, packet, true, false);
      if (pair >= 0) this.#byPair[pair] = tunnel;
      else tunnel.found = true;
    }
    this.#enter(packet, tunnel);
  }

  #enter(packet: Packet, tunnel: Tunnel): void {
    // Emptying an array gives its memory away, so both are overwritten.
    packet.parents[packet.tunnelDepth] = tunnel.uid;
    this.#around[packet.tunnelDepth] = tunnel;
    packet.tunnelDepth++;
  }

  #uid(packet: Packet): string {
    const hash = this.#hash;
    hash.reset(packet.context);
    hash.add(packet.s0 ^ packet.d0);
    hash.add(packet.s1 ^ packet.d1);
    hash.add(packet.s2);
    hash.add(packet.s3);
    hash.add(packet.d2);
    hash.add(packet.d3);
    hash.addTime(packet.at);
    return hash.text('C');
  }

  /** A packet inside all of these is complete. */
  discover(packet: Packet): void {
    for (let depth = 0; depth < packet.tunnelDepth; depth++) {
      const tunnel = this.#around[depth];
      if (tunnel === undefined || tunnel.found) continue;
      tunnel.found = true;
      this.#emit(tunnel, 'DISCOVER', packet.at);
    }
  }

  /** A carrier flow ended. @param at microseconds since the epoch */
  close(uid: string, at: number): void {
    const tunnel = this.#byUid.get(uid);
    if (tunnel === undefined) return;
    this.#byUid.delete(uid);
    if (tunnel.found) this.#emit(tunnel, 'CLOSE', at);
  }

  #emit(tunnel: Tunnel, action: 'DISCOVER' | 'CLOSE', at: number): void {
    this.#sink?.emit('tunnel', {
      ts: epochMicros(at),
      uid: tunnel.uid,
      'id.orig_h': tunnel.clientAddress,
      'id.orig_p': tunnel.clientPort,
      'id.resp_h': tunnel.serverAddress,
      'id.resp_p': tunnel.serverPort,
      tunnel_type: `Tunnel::${tunnel.type}`,
      action: `Tunnel::${action}`,
      context: undefined,
    });
  }
}

function newTunnel(uid: string, type: TunnelType, packet: Packet, fromClient: boolean, hasPorts: boolean): Tunnel {
  const source = addressText(packet.s0, packet.s1, packet.s2, packet.s3);
  const target = addressText(packet.d0, packet.d1, packet.d2, packet.d3);
  const { view } = packet.bytes;
  const sourcePort = hasPorts ? view.getUint16(packet.l4Start) : 0;
  const targetPort = hasPorts ? view.getUint16(packet.l4Start + 2) : 0;
  return {
    uid,
    type,
    clientAddress: fromClient ? source : target,
    clientPort: fromClient ? sourcePort : targetPort,
    serverAddress: fromClient ? target : source,
    serverPort: fromClient ? targetPort : sourcePort,
    found: false,
  };
}

/** Text of an address in the packet's four words. */
export const addressText = (w0: number, w1: number, w2: number, w3: number): string =>
  w0 === 0 && w1 === 0 && w2 === 0xffff ? formatIpv4(w3) : formatIpv6(w0, w1, w2, w3);

function dropFirst<V>(map: Map<string, V>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}
