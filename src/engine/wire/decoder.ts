// From a captured frame to IP packets: link layers, tags, IP, fragments and tunnels, with the network context of each packet.

import { Bytes } from '../../base/bytes.ts';
import type { CapturePoint, PacketBatch } from '../../model/packet-batch.ts';
import { ContextKind, Contexts, type UnitedListener } from '../contexts/contexts.ts';
import type { CarrierFlow } from './carrier.ts';
import { Cursor } from './cursor.ts';
import { readBackbone, readEthernet, readLlc, readVlan, readVnTag } from './ethernet.ts';
import { IpProtocol, IpReader } from './ip.ts';
import { LinkType, readLoopback, readMpls, readNflog, readPpp, readPppFraming, readPppoe, readSll, readSll2 } from './link-layers.ts';
import { Next } from './next.ts';
import { Packet } from './packet.ts';
import { type WireEvents, WireReport } from './report.ts';
import { readRadiotap, readWifi } from './wifi.ts';

export interface DecoderOptions {
  readonly events: WireEvents;
  /** Told when two network contexts turned out to be one: flows of `from` are to be found under `to` from now on. */
  readonly onUnited?: UnitedListener;
}

/** Headers below IP that one frame may have; a frame with more is nonsense. */
const maxLinkHeaders = 64;

/**
 * Fills one reused `Packet` per IP packet. For each frame:
 *
 *     for (let more = decoder.decode(batch, i, point); more; more = decoder.next(flow, flow.fromClient)) {
 *       flow = table.take(decoder.packet);
 *     }
 *
 * `decode` gives the outermost IP packet that is a flow of its own; `next` looks into it when the flow is a UDP tunnel.
 */
export class Decoder {
  readonly packet: Packet;
  readonly contexts: Contexts;
  readonly report: WireReport;
  readonly #cursor = new Cursor();
  readonly #ip: IpReader;
  /** Context of the innermost carrier, without the VLAN tags inside it. */
  #space = 0;

  constructor(options: DecoderOptions) {
    this.packet = new Packet(new Bytes(new Uint8Array(0)));
    this.contexts = new Contexts(options.onUnited);
    this.report = new WireReport(this.packet, options.events);
    this.#ip = new IpReader(this.packet, this.report);
  }

  /** Decodes entry `index` of a batch. @returns whether `packet` holds an IP packet */
  decode(batch: PacketBatch, index: number, point: CapturePoint): boolean {
    const { packet } = this;
    const cursor = this.#cursor;
    this.report.counters.frames++;
    this.report.addressed = false;
    packet.at = batch.times[index] ?? 0;
    packet.number = batch.numbers[index] ?? 0;
    packet.point = batch.points[index] ?? 0;
    packet.wireLength = batch.wire[index] ?? 0;
    packet.sourceMacHigh = -1;
    packet.targetMacHigh = -1;
    packet.vlan = -1;
    packet.innerVlan = -1;
    if (packet.tunnelDepth > 0) {
      packet.tunnelDepth = 0;
      packet.parents.length = 0;
    }
    cursor.set(batch.bytes, batch.starts[index] ?? 0, batch.captured[index] ?? 0, packet.wireLength);
    this.#space = this.contexts.point(packet.point, point);
    packet.context = this.#space;
    return this.#run(point.linkType === LinkType.ethernet ? readEthernet(cursor, packet, this.report) : this.#firstHeader(point.linkType));
  }

  #firstHeader(linkType: number): number {
    const cursor = this.#cursor;
    const { packet, report } = this;
    switch (linkType) {
      case LinkType.null:
      case LinkType.loop:
        return readLoopback(cursor, report);
      case LinkType.linuxSll:
        return readSll(cursor, packet, report);
      case LinkType.linuxSll2:
        return readSll2(cursor, packet, report);
      case LinkType.nflog:
        return readNflog(cursor, report);
      case LinkType.ppp:
      case LinkType.pppSerial:
        return readPppFraming(cursor, report);
      case LinkType.pppEther:
        return readPppoe(cursor, report);
      case LinkType.wifi:
        return Next.wifi;
      case LinkType.wifiRadiotap:
        return readRadiotap(cursor, report);
      case LinkType.raw:
      case LinkType.rawBsd:
      case LinkType.rawOpenBsd:
      case LinkType.ipv4:
      case LinkType.ipv6:
        return Next.ip;
      default:
        report.counters.unknownLinkType++;
        return Next.stop;
    }
  }

  /** Follows headers until an IP packet is complete or the frame ends. */
  #run(first: number): boolean {
    let next = first;
    for (let headers = 0; next > Next.packet && headers < maxLinkHeaders; headers++) {
      next = next === Next.ipv4 || next === Next.ipv6 || next === Next.ip ? this.#readIp() : this.#readLink(next);
    }
    if (next !== Next.packet) return false;
    this.report.counters.packets++;
    return true;
  }

  #readLink(next: number): number {
    const cursor = this.#cursor;
    const { packet, report } = this;
    switch (next) {
      case Next.vlan:
      case Next.serviceVlan:
      case Next.oldVlan:
        return this.#readVlan();
      case Next.ethernet:
        packet.context = this.#space;
        return readEthernet(cursor, packet, report);
      case Next.llc:
        return readLlc(cursor, report);
      case Next.mpls:
      case Next.mplsMulticast:
        return readMpls(cursor, report);
      case Next.pppoeSession:
        return readPppoe(cursor, report);
      case Next.ppp:
        return readPpp(cursor, report);
      case Next.vnTag:
        return readVnTag(cursor, report);
      case Next.backbone:
        return readBackbone(cursor, report);
      case Next.wifi:
        return readWifi(cursor, packet, report);
      default:
        report.counters.unknownEtherType++;
        return Next.stop;
    }
  }

  /** A tag is a space of its own; id 0 only carries a priority. */
  #readVlan(): number {
    const { packet } = this;
    const next = readVlan(this.#cursor, packet, this.report);
    if (next === Next.stop) return next;
    const inner = packet.innerVlan >= 0;
    const id = inner ? packet.innerVlan : packet.vlan;
    if (id !== 0) packet.context = this.contexts.child(packet.context, inner ? ContextKind.innerVlan : ContextKind.vlan, id);
    return next;
  }

  #readIp(): number {
    const next = this.#ip.read(this.#cursor);
    if (next !== Next.packet) return next;
    if (this.#ip.isFragment) {
      this.packet.fragment = true;
      return this.#ip.fragmentOffset === 0 ? Next.packet : Next.stop;
    }
    if (this.#ip.lastHeader === IpProtocol.esp || this.#ip.lastHeader === IpProtocol.mobility) {
      this.report.counters.encryptedIp++;
      return Next.stop;
    }
    return Next.packet;
  }

  /**
   * Looks for a further IP packet in the frame: inside the packet just handed out when its flow is a UDP tunnel.
   * Changes `packet`, so whoever needs it must have finished with it.
   * @param flow the flow that `packet` was counted in; null when it is in none
   * @param fromClient direction of `packet` in that flow
   */
  next(_flow: CarrierFlow | null, _fromClient: boolean): boolean {
    return false;
  }
}
