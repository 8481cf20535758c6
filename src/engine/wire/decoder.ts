// From a captured frame to IP packets: link layers, tags, IP, fragments and tunnels, with the network context of each packet.
//
// Zeek's rules are kept: carriers in UDP (VXLAN, Geneve, GTPv1, Teredo, AYIYA) are flows of their own and named by the server's
// port, Teredo and AYIYA also by content; GRE and IP in IP have no flow. Ours go further in four points: tunnels nest 8 deep (Zeek: 4),
// packets that a snap length cut are followed as far as they go, contexts keep tenants apart, and copies of packets count once.
import { Bytes } from '../../base/bytes.ts';
import type { CapturePoint, PacketBatch } from '../../model/packet-batch.ts';
import type { RecordSink } from '../../model/records/index.ts';
import { ContextKind, Contexts, type UnitedListener } from '../contexts/contexts.ts';
import { Directions } from '../contexts/directions.ts';
import { readArp } from './arp.ts';
import type { CarrierFlow } from './carrier.ts';
import { Cursor } from './cursor.ts';
import { Duplicates } from './duplicates.ts';
import { readEthernet, readVlan } from './ethernet.ts';
import { GreHeader } from './gre.ts';
import { readIgmp } from './igmp.ts';
import { IpProtocol, IpReader } from './ip.ts';
import { LinkType } from './link-layers.ts';
import { readFirstHeader, readLinkHeader } from './links.ts';
import { Next } from './next.ts';
import { Packet } from './packet.ts';
import { PairJudge } from './pair-judge.ts';
import { Reassembly } from './reassembly.ts';
import { type WireEvents, WireReport } from './report.ts';
import { StrayFragments } from './stray-fragments.ts';
import { SavedSurroundings, Surroundings } from './surroundings.ts';
import { Tunnels } from './tunnels.ts';
import { UdpCarriers } from './udp-carriers.ts';
import { enterSubframe } from './wifi.ts';

export interface DecoderOptions {
  readonly events: WireEvents;
  /** Takes the arp and tunnel rows. */
  readonly sink?: RecordSink;
  /** Told when two network contexts turned out to be one: flows of `from` are to be found under `to` from now on. */
  readonly onUnited?: UnitedListener;
  /** UDP ports of VXLAN. Default 4789. */
  readonly vxlanPorts?: readonly number[];
  /** UDP ports of Geneve. Default 6081. */
  readonly genevePorts?: readonly number[];
  /** Whether the first batch is looked through for a capture that holds everything twice. Default true. */
  readonly looksAhead?: boolean;
}

/** Packets of the first batch that are looked through. */
const mostAhead = 2048;
/** Until then every packet is followed as if there were several contexts, since the second one may come any time. */
const settledFrames = 4096;
/** Later, while there is one context, every sixteenth is: enough to know a conversation that goes on at another capture point. */
const sampleMask = 15;
/** Headers below IP that one frame may have; a frame with more is nonsense. */
const maxHeaders = 64;
/** Tunnels around a packet: AWS's Geneve around VXLAN needs two, a mirror of an overlay three. */
const maxTunnels = 8;

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
  readonly tunnels: Tunnels;
  readonly duplicates: Duplicates;
  readonly #sink: RecordSink | undefined;
  readonly #looksAhead: boolean;
  readonly #cursor = new Cursor();
  readonly #ip: IpReader;
  readonly #gre = new GreHeader();
  readonly #carriers: UdpCarriers;
  readonly #reassembly: Reassembly;
  readonly #stray: StrayFragments;
  readonly #directions: Directions;
  readonly #around: Surroundings;
  /** Fragments are in this frame, so buffers of the reassembly are in use. */
  #hasAssembled = false;
  /** The last packet was a copy; see `wasDuplicate`. */
  #isCopy = false;
  /** What is left of a Wi-Fi aggregate; `#restAt` is -1 when nothing is. */
  #restAt = -1;
  readonly #rest = new Cursor();
  readonly #restAround = new SavedSurroundings();

  constructor(options: DecoderOptions) {
    this.packet = new Packet(new Bytes(new Uint8Array(0)));
    this.contexts = new Contexts(options.onUnited);
    this.report = new WireReport(this.packet, options.events);
    this.tunnels = new Tunnels(options.sink);
    this.duplicates = new Duplicates(this.contexts);
    this.#sink = options.sink;
    this.#looksAhead = options.looksAhead ?? true;
    this.#ip = new IpReader(this.packet, this.report);
    this.#carriers = new UdpCarriers(options.vxlanPorts ?? [4789], options.genevePorts ?? [6081], this.report);
    this.#stray = new StrayFragments(options.sink, (context) => this.contexts.text(context));
    this.#reassembly = new Reassembly(this.report, (datagram) => this.#stray.add(datagram));
    this.#directions = new Directions(this.contexts);
    this.#around = new Surroundings(this.packet, this.contexts, this.tunnels, this.report);
  }

  /** The capture is over: writes what is left of fragments. */
  finish(): void {
    this.#reassembly.finish();
    this.#stray.finish();
  }

  /** The last `decode` or `next` was false because `packet`, which is filled, is a copy of a packet handed out before. */
  get wasDuplicate(): boolean {
    return this.#isCopy;
  }

  /** Decodes entry `index` of a batch. @returns whether `packet` holds an IP packet */
  decode(batch: PacketBatch, index: number, point: CapturePoint): boolean {
    const { packet, report } = this;
    const cursor = this.#cursor;
    if (report.counters.frames === 0) this.#judgeAhead(batch, index, point);
    report.counters.frames++;
    report.addressed = false;
    packet.at = batch.times[index] ?? 0;
    packet.number = batch.numbers[index] ?? 0;
    packet.point = batch.points[index] ?? 0;
    packet.wireLength = batch.wire[index] ?? 0;
    packet.sourceMacHigh = -1;
    packet.targetMacHigh = -1;
    packet.vlan = -1;
    packet.innerVlan = -1;
    if (this.#hasAssembled) this.#reclaim();
    cursor.set(batch.bytes, batch.starts[index] ?? 0, batch.captured[index] ?? 0, packet.wireLength);
    this.#around.begin(packet.point, point);
    this.#restAt = -1;
    const isEthernet = point.linkType === LinkType.ethernet;
    const first = isEthernet ? readEthernet(cursor, packet, report) : readFirstHeader(point.linkType, cursor, packet, report);
    return this.#run(first) || (this.#restAt >= 0 && this.#nextSubframe());
  }

  /** Two mirrors on one path are recognised before their first packet is counted, as far as a batch looks ahead. */
  #judgeAhead(batch: PacketBatch, first: number, point: CapturePoint): void {
    const last = Math.min(batch.count, first + mostAhead);
    if (!this.#looksAhead || last - first < 2) return;
    const judge = new PairJudge();
    const scout = new Decoder({ events: { weird: () => {} }, looksAhead: false });
    for (let i = first; i < last; i++) {
      if (batch.points[i] !== batch.points[first]) continue;
      if (scout.decode(batch, i, point) || scout.wasDuplicate) judge.note(scout.packet);
    }
    this.duplicates.pairing = judge.allComeTwice();
  }

  #reclaim(): void {
    this.#reassembly.reclaim();
    this.#hasAssembled = false;
  }

  /** Follows headers until an IP packet is complete or the frame ends. */
  #run(first: number): boolean {
    let next = first;
    for (let headers = 0; next > Next.packet && headers < maxHeaders; headers++) {
      next = next === Next.ipv4 || next === Next.ipv6 || next === Next.ip ? this.#readIp() : this.#readLink(next);
    }
    this.#isCopy = false;
    return next === Next.packet && this.#complete();
  }

  /** Settles the packet's context and whether it is a copy. */
  #complete(): boolean {
    const { packet } = this;
    const { frames } = this.report.counters;
    this.duplicates.followsAll = this.contexts.count > 1 || frames < settledFrames;
    if (this.duplicates.followsAll || (frames & sampleMask) === 0) this.#directions.watch(packet, this.#around.ends);
    if (this.duplicates.isCopy(packet, this.#around.path)) {
      this.report.counters.duplicates++;
      this.#isCopy = true;
      return false;
    }
    this.report.counters.packets++;
    if (packet.tunnelDepth > 0) this.tunnels.discover(packet);
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
      case Next.arp:
      case Next.rarp:
        return readArp(cursor, packet, report, this.#sink, this.contexts.text(packet.context));
      case Next.ethernet:
        this.#around.beginEthernet();
        return readEthernet(cursor, packet, report);
      case Next.wifiAggregate:
        return this.#enterAggregate();
      default:
        return readLinkHeader(next, cursor, packet, report);
    }
  }

  #readVlan(): number {
    const { packet } = this;
    const next = readVlan(this.#cursor, packet, this.report);
    if (next === Next.stop) return next;
    const isInner = packet.innerVlan >= 0;
    this.#around.enterVlan(isInner, isInner ? packet.innerVlan : packet.vlan);
    return next;
  }

  #readIp(): number {
    const ip = this.#ip;
    if (ip.read(this.#cursor) !== Next.packet) return Next.stop;
    if (ip.isFragment) return this.#readFragment();
    return this.#readProtocol();
  }

  #readFragment(): number {
    const { packet, report } = this;
    if (packet.missing > 0) {
      report.weird('incompletely_captured_fragment', 'IP');
      packet.fragment = true;
      // The first fragment has the ports; what it lacks is told by `missing`.
      return this.#ip.fragmentOffset === 0 ? this.#readProtocol() : Next.stop;
    }
    const whole = this.#reassembly.add(packet, this.#ip);
    if (whole === undefined) return Next.stop;
    this.#hasAssembled = true;
    this.#cursor.set(whole.bytes, 0, whole.length, whole.length);
    if (this.#ip.read(this.#cursor) !== Next.packet || this.#ip.isFragment) return Next.stop;
    return this.#readProtocol();
  }

  #readProtocol(): number {
    const { packet, report } = this;
    const { lastHeader } = this.#ip;
    if (lastHeader === IpProtocol.esp || lastHeader === IpProtocol.mobility) {
      report.counters.encryptedIp++;
      return Next.stop;
    }
    switch (packet.protocol) {
      case IpProtocol.tcp:
      case IpProtocol.udp:
        return Next.packet;
      case IpProtocol.ipv4:
      case IpProtocol.ipv6:
        return this.#enterIpInIp();
      case IpProtocol.gre:
        return this.#enterGre();
      case IpProtocol.igmp:
        return readIgmp(packet, report);
      case IpProtocol.noNext:
        if (packet.ipVersion !== 6) return Next.packet;
        return this.#around.innermost === 'TEREDO' ? Next.stop : report.malformed('ipv6_no_next', 'IP');
      default:
        return Next.packet;
    }
  }

  /** Puts the cursor on the payload of the packet in hand. @returns whether a tunnel may begin there */
  #mayEnter(skip: number): boolean {
    const { packet } = this;
    if (packet.tunnelDepth >= maxTunnels) {
      this.report.counters.tunnelsTooDeep++;
      this.report.weird('exceeded_tunnel_max_depth', 'IPTUNNEL');
      return false;
    }
    const cursor = this.#cursor;
    cursor.bytes = packet.bytes;
    cursor.view = packet.bytes.view;
    cursor.at = Math.min(packet.l4Start + skip, packet.end);
    cursor.end = packet.end;
    cursor.wireEnd = packet.end + packet.missing;
    return true;
  }

  #enterIpInIp(): number {
    if (!this.#mayEnter(0)) return Next.stop;
    const { packet, report } = this;
    const c = this.#cursor;
    const version = packet.protocol === IpProtocol.ipv4 ? 4 : 6;
    if (!c.has(version === 4 ? 20 : 40)) return report.malformed('truncated_inner_IP', 'IPTUNNEL');
    if (c.view.getUint8(c.at) >> 4 !== version) return report.malformed('invalid_inner_IP_version', 'IPTUNNEL');
    const length = version === 4 ? c.view.getUint16(c.at + 2) : 40 + c.view.getUint16(c.at + 4);
    if (c.at + length > c.wireEnd) return report.malformed('truncated_inner_IP', 'IPTUNNEL');
    if (c.at + length < c.wireEnd) return report.malformed('inner_IP_payload_length_mismatch', 'IPTUNNEL');
    this.#around.enterPair('IP', version === 4);
    return Next.ip;
  }

  #enterGre(): number {
    if (!this.#mayEnter(0)) return Next.stop;
    const next = this.#gre.read(this.#cursor, this.report);
    if (next === Next.stop) return next;
    const { hasKey, key, spanId } = this.#gre;
    if (spanId >= 0) this.#around.enterNumberedPair('GRE', ContextKind.erspan, spanId);
    else if (hasKey) this.#around.enterNumberedPair('GRE', ContextKind.gre, key);
    else this.#around.enterPair('GRE', true);
    return next;
  }

  #enterAggregate(): number {
    const c = this.#cursor;
    this.#rest.set(c.bytes, c.at, c.end - c.at, c.end - c.at);
    this.#restAt = c.at;
    this.#around.save(this.#restAround);
    return this.#enterSubframe();
  }

  #enterSubframe(): number {
    const c = this.#cursor;
    const rest = this.#rest;
    c.set(rest.bytes, this.#restAt, rest.end - this.#restAt, rest.end - this.#restAt);
    const after = enterSubframe(c, this.report);
    this.#restAt = after >= 0 && after < rest.end ? after : -1;
    return after < 0 ? Next.stop : Next.llc;
  }

  /** Goes on with an aggregate's next subframes until one holds a packet. */
  #nextSubframe(): boolean {
    while (this.#restAt >= 0) {
      this.#around.restore(this.#restAround);
      if (this.#run(this.#enterSubframe())) return true;
    }
    return false;
  }

  /**
   * Looks for a further IP packet in the frame: inside the packet just handed out when its flow is a UDP tunnel.
   * Changes `packet`, so whoever needs it must have finished with it.
   * @param flow the flow that `packet` was counted in; null when it is in none
   * @param fromClient direction of `packet` in that flow
   */
  next(flow: CarrierFlow | null, fromClient: boolean): boolean {
    if (flow !== null && this.packet.protocol === IpProtocol.udp && this.#descend(flow, fromClient)) return true;
    return this.#restAt >= 0 && this.#nextSubframe();
  }

  #descend(flow: CarrierFlow, fromClient: boolean): boolean {
    const carriers = this.#carriers;
    const kind = carriers.kindOf(flow.serverPort, this.packet);
    if (kind === 0 || !this.#mayEnter(8)) return false;
    const next = carriers.read(kind, this.#cursor, flow, fromClient, this.#around.innermost);
    if (next === Next.stop) return false;
    this.#around.enterFlow(flow, fromClient, carriers.typeOf(kind), carriers.spaceOf(kind), carriers.id);
    return this.#run(next);
  }
}
