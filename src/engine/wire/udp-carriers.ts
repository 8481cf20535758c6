// Which UDP flows are tunnels, and what their datagrams hold: ports first, content for the two that Zeek finds by content.
import { ContextKind } from '../contexts/contexts.ts';
import { CarrierBit, type CarrierFlow } from './carrier.ts';
import { Cursor } from './cursor.ts';
import { Next } from './next.ts';
import type { Packet } from './packet.ts';
import type { WireReport } from './report.ts';
import type { TunnelType } from './tunnels.ts';
import { looksLikeAyiya, looksLikeTeredo, TunnelHeader, Verdict } from './udp-tunnels.ts';

/** Kinds of carriers; 0 is none. */
const CarrierKind = { none: 0, vxlan: 1, geneve: 2, gtp: 3, teredo: 4, ayiya: 5 } as const;

const services = ['', 'vxlan', 'geneve', 'gtpv1', 'teredo', 'ayiya'] as const;
const types: readonly TunnelType[] = ['IP', 'VXLAN', 'GENEVE', 'GTPv1', 'TEREDO', 'AYIYA'];

const tooShort = ['', '', '', 'Truncated GTPv1', 'Truncated Teredo or invalid inner IP version'] as const;
const tooLong = ['', '', '', 'GTPv1 payload length', 'Teredo payload length'] as const;

/** Zeek confirms Teredo when both sides spoke it. */
const bothValid = CarrierBit.validFromClient | CarrierBit.validFromServer;
const noNext = 59;
const udpHeaderBytes = 8;
const ipv6HeaderBytes = 40;

/** Reads what UDP flows carry, with what Zeek says of the flow: confirmed, or rejected for good. */
export class UdpCarriers {
  readonly #byPort = new Map<number, number>([
    [2152, CarrierKind.gtp],
    [2123, CarrierKind.gtp],
    [3544, CarrierKind.teredo],
    [5072, CarrierKind.ayiya],
  ]);
  readonly #header = new TunnelHeader();
  /** Looks ahead without moving anyone. */
  readonly #probe = new Cursor();
  readonly #report: WireReport;

  constructor(vxlanPorts: readonly number[], genevePorts: readonly number[], report: WireReport) {
    for (const port of vxlanPorts) this.#byPort.set(port, CarrierKind.vxlan);
    for (const port of genevePorts) this.#byPort.set(port, CarrierKind.geneve);
    this.#report = report;
  }

  /** VNI of the last header read. */
  get id(): number {
    return this.#header.id;
  }

  typeOf(kind: number): TunnelType {
    return types[kind] ?? 'IP';
  }

  /** Which identifier separates address spaces; undefined for tunnels that separate none. */
  spaceOf(kind: number): ContextKind | undefined {
    if (kind === CarrierKind.vxlan) return ContextKind.vxlan;
    return kind === CarrierKind.geneve ? ContextKind.geneve : undefined;
  }

  /** Which tunnel a datagram of a flow to this server port may be. */
  kindOf(serverPort: number, packet: Packet): number {
    const kind = this.#byPort.get(serverPort);
    if (kind !== undefined) return kind;
    const probe = this.#probe;
    const at = packet.l4Start + udpHeaderBytes;
    if (packet.end - at < 3) return CarrierKind.none;
    probe.set(packet.bytes, at, packet.end - at, 0);
    if (looksLikeAyiya(probe)) return CarrierKind.ayiya;
    return looksLikeTeredo(probe) ? CarrierKind.teredo : CarrierKind.none;
  }

  /** Moves the cursor, which stands on the datagram's payload, to what is inside. @returns what that is, `Next.stop` for nothing */
  read(kind: number, c: Cursor, flow: CarrierFlow, fromClient: boolean, around: TunnelType | undefined): number {
    // GTP is the only one that Zeek goes on trying.
    if ((flow.carrierState & CarrierBit.violated) !== 0 && kind !== CarrierKind.gtp) return Next.stop;
    if (kind === CarrierKind.gtp && around === 'GTPv1') return this.#reject(flow, 'GTP-in-GTP');
    const verdict = this.#readHeader(kind, c);
    if (verdict === Verdict.violation) return this.#reject(flow, this.#header.reason);
    if (verdict === Verdict.ignored) {
      if (kind === CarrierKind.geneve) this.#report.weird('geneve_invalid_version', 'GENEVE', this.#header.reason);
      return Next.stop;
    }
    if (kind === CarrierKind.teredo || kind === CarrierKind.gtp) return this.#readInnerIp(kind, c, flow, fromClient);
    this.#confirm(flow, kind);
    if (verdict === Verdict.inside) return this.#header.next;
    flow.weird(`${services[kind]}_empty_packet`);
    return Next.stop;
  }

  #readHeader(kind: number, c: Cursor): number {
    switch (kind) {
      case CarrierKind.vxlan:
        return this.#header.readVxlan(c);
      case CarrierKind.geneve:
        return this.#header.readGeneve(c);
      case CarrierKind.gtp:
        return this.#header.readGtp(c);
      case CarrierKind.teredo:
        return this.#header.readTeredo(c);
      default:
        return this.#header.readAyiya(c);
    }
  }

  /** These two must hold exactly one IP packet; what a snap length cut is given the benefit of the doubt. */
  #readInnerIp(kind: number, c: Cursor, flow: CarrierFlow, fromClient: boolean): number {
    const length = innerLength(c);
    const there = c.wireEnd - c.at;
    if (length > there) return this.#reject(flow, tooShort[kind] ?? '');
    if (length < there && !this.#isBubble(kind, c, length, flow)) return this.#reject(flow, tooLong[kind] ?? '');
    if (kind === CarrierKind.gtp) this.#confirm(flow, kind);
    else {
      flow.carrierState |= fromClient ? CarrierBit.validFromClient : CarrierBit.validFromServer;
      if ((flow.carrierState & bothValid) === bothValid) this.#confirm(flow, kind);
    }
    return this.#header.next;
  }

  /** Teredo bubbles are bare IPv6 headers; some have bytes behind. RFC 4380 §2.8 */
  #isBubble(kind: number, c: Cursor, length: number, flow: CarrierFlow): boolean {
    if (kind !== CarrierKind.teredo || length !== ipv6HeaderBytes || c.view.getUint8(c.at + 6) !== noNext) return false;
    flow.weird('Teredo_bubble_with_payload');
    return true;
  }

  #confirm(flow: CarrierFlow, kind: number): void {
    if ((flow.carrierState & (CarrierBit.confirmed | CarrierBit.violated)) !== 0) return;
    flow.carrierState |= CarrierBit.confirmed;
    flow.confirm(services[kind] ?? '');
  }

  #reject(flow: CarrierFlow, reason: string): number {
    if ((flow.carrierState & CarrierBit.violated) === 0) {
      flow.carrierState |= CarrierBit.violated;
      flow.reject(reason);
    }
    return Next.stop;
  }
}

/** Length that the IP header at the cursor claims; more than can be when even that is cut. */
function innerLength(c: Cursor): number {
  if (c.view.getUint8(c.at) >> 4 === 4) return c.view.getUint16(c.at + 2);
  return c.has(ipv6HeaderBytes) ? ipv6HeaderBytes + c.view.getUint16(c.at + 4) : 0x20000;
}
