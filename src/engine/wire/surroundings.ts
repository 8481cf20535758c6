// What lies around the header being read: capture point, tags and tunnels, as network context and as path.
import type { CapturePoint } from '../../model/packet-batch.ts';
import { ContextKind, type Contexts } from '../contexts/contexts.ts';
import { AddressPairs } from './address-pairs.ts';
import type { CarrierFlow } from './carrier.ts';
import type { Packet } from './packet.ts';
import type { WireReport } from './report.ts';
import { addressText, type Tunnels, type TunnelType } from './tunnels.ts';

/** Kinds of steps of a path besides the kinds of contexts. */
const endsStep = -1;

const mixPath = (path: number, kind: number, id: number): number =>
  Math.imul(path ^ Math.imul(kind + 2, 0x9e3779b1), 0x85ebca6b) ^ Math.imul(id, 0xc2b2ae35);

/** Keeps the packet's context up to date while headers are read from the outside in. One reused object. */
export class Surroundings {
  readonly #packet: Packet;
  readonly #contexts: Contexts;
  readonly #tunnels: Tunnels;
  readonly #report: WireReport;
  readonly #pairs = new AddressPairs();
  /** Space of the innermost carrier, without the tags inside it. */
  #space = 0;
  /** How the packet came here, whatever contexts were united: capture point, tags, tunnels and their ends, hashed. */
  path = 0;
  /** Number of the innermost carrier's addresses, -1 outside tunnels. */
  ends = -1;
  innermost: TunnelType | undefined = undefined;

  constructor(packet: Packet, contexts: Contexts, tunnels: Tunnels, report: WireReport) {
    this.#packet = packet;
    this.#contexts = contexts;
    this.#tunnels = tunnels;
    this.#report = report;
  }

  /** A frame of a capture point begins. */
  begin(index: number, point: CapturePoint): void {
    const packet = this.#packet;
    if (packet.tunnelDepth > 0) this.#tunnels.leave(packet, 0);
    this.#space = this.#contexts.point(index, point);
    packet.context = this.#space;
    this.path = index;
    this.ends = -1;
    this.innermost = undefined;
  }

  /** An Ethernet frame begins: tags around its carrier say nothing of it. */
  beginEthernet(): void {
    this.#packet.context = this.#space;
  }

  /** A VLAN tag is a space of its own; id 0 only carries a priority. */
  enterVlan(isInner: boolean, id: number): void {
    if (id !== 0) this.#enter(this.#packet.context, isInner ? ContextKind.innerVlan : ContextKind.vlan, id);
  }

  /**
   * The packet in hand is GRE or IP in IP. The tunnel is told by its ends, either way round, where it has no identifier.
   * @param isSpace the tunnel separates addresses; IPv6 in IP carries addresses that are the same everywhere
   */
  enterPair(type: TunnelType, isSpace: boolean): void {
    const packet = this.#packet;
    this.#noteEnds();
    this.#tunnels.enterPair(packet, this.ends, type);
    this.innermost = type;
    if (isSpace && this.ends >= 0) {
      const known = this.#contexts.count;
      const { s0, s1, s2, s3, d0, d1, d2, d3 } = packet;
      this.#enter(packet.context, ContextKind.pair, this.ends);
      if (this.#contexts.count > known) {
        this.#contexts.setLabel(packet.context, `${addressText(s0, s1, s2, s3)}-${addressText(d0, d1, d2, d3)}`);
      }
    }
    this.#space = packet.context;
  }

  /** As `enterPair`, where the header had an identifier. */
  enterNumberedPair(type: TunnelType, kind: ContextKind, id: number): void {
    const around = this.#space;
    this.enterPair(type, false);
    this.#enterNumbered(around, kind, id);
  }

  /** The packet in hand, a UDP datagram of `flow`, carries another. @param kind of identifier; undefined when it separates nothing */
  enterFlow(flow: CarrierFlow, fromClient: boolean, type: TunnelType, kind: ContextKind | undefined, id: number): void {
    const around = this.#space;
    this.#noteEnds();
    this.#tunnels.enterFlow(this.#packet, flow, fromClient, type);
    this.innermost = type;
    this.#space = this.#packet.context;
    if (kind !== undefined) this.#enterNumbered(around, kind, id);
  }

  /** An identifier on the wire is its own address space, whatever VLAN its carrier runs in. */
  #enterNumbered(around: number, kind: ContextKind, id: number): void {
    this.#enter(around, kind, id);
    this.#space = this.#packet.context;
  }

  #enter(around: number, kind: ContextKind, id: number): void {
    this.#packet.context = this.#contexts.child(around, kind, id);
    this.#report.counters.contextsFull = this.#contexts.overflows;
    this.path = mixPath(this.path, kind, id);
  }

  /** Notes the carrier's ends before its addresses are overwritten. */
  #noteEnds(): void {
    this.ends = this.#pairs.intern(this.#packet);
    this.path = mixPath(this.path, endsStep, this.ends);
    this.#report.counters.tunnelled++;
  }

  /** Where several packets follow one header: remembers what is around them. */
  save(into: SavedSurroundings): void {
    into.depth = this.#packet.tunnelDepth;
    into.space = this.#space;
    into.path = this.path;
    into.ends = this.ends;
  }

  restore(from: SavedSurroundings): void {
    this.#tunnels.leave(this.#packet, from.depth);
    this.#space = from.space;
    this.#packet.context = from.space;
    this.path = from.path;
    this.ends = from.ends;
  }
}

/** What `Surroundings.save` keeps. */
export class SavedSurroundings {
  depth = 0;
  space = 0;
  path = 0;
  ends = -1;
}
