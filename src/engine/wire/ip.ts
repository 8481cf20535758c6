// IPv4 (RFC 791) and IPv6 with its extension headers (RFC 8200), checked as Zeek checks them; checksums are ignored.
import type { Cursor } from './cursor.ts';
import { Next } from './next.ts';
import type { Packet } from './packet.ts';
import { readIpv4Ends, readIpv6Ends } from './packet-ends.ts';
import type { WireReport } from './report.ts';

/** Numbers of the IP protocol registry that the decoder itself acts on. */
export const IpProtocol = {
  hopByHop: 0,
  igmp: 2,
  ipv4: 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  routing: 43,
  fragment: 44,
  gre: 47,
  esp: 50,
  ah: 51,
  noNext: 59,
  destination: 60,
  mobility: 135,
} as const;

const ipv4HeaderBytes = 20;
const ipv6HeaderBytes = 40;
/** Longest chain of extension headers that is followed; real ones have at most six. */
const maxExtensionHeaders = 16;

/** Whether another header of the chain follows. ESP and mobility end the chain, so they count as headers too. */
const isExtension = (protocol: number): boolean =>
  protocol === IpProtocol.hopByHop ||
  protocol === IpProtocol.routing ||
  protocol === IpProtocol.destination ||
  protocol === IpProtocol.fragment ||
  protocol === IpProtocol.ah ||
  protocol === IpProtocol.esp ||
  protocol === IpProtocol.mobility;

/** What follows these is encrypted or not for us. */
const endsChain = (protocol: number): boolean => protocol === IpProtocol.esp || protocol === IpProtocol.mobility;

/** Reads IP headers into the packet. Its own fields tell of fragments, valid after a `read` that gave `Next.packet`. */
export class IpReader {
  readonly #packet: Packet;
  readonly #report: WireReport;
  /** The packet is one fragment of a datagram. */
  isFragment = false;
  /** Bytes before this fragment in the datagram's payload. */
  fragmentOffset = 0;
  moreFragments = false;
  dontFragment = false;
  /** Identification, 16 bits (IPv4) or 32 (IPv6). */
  fragmentId = 0;
  /** IPv6: position of the byte whose value names the fragment header as the next one. */
  fragmentNextAt = 0;
  /** IPv6: kind of the last header of the chain (`IpProtocol.ipv6` for the fixed one). */
  lastHeader = 0;

  constructor(packet: Packet, report: WireReport) {
    this.#packet = packet;
    this.#report = report;
  }

  /** An IP header at the cursor. The cursor itself does not move: the packet says where things are. */
  read(c: Cursor): number {
    this.#report.addressed = false;
    if (!c.has(ipv4HeaderBytes)) return this.#report.malformed('truncated_IP', 'IP');
    const version = c.view.getUint8(c.at) >> 4;
    if (version === 4) return this.#readIpv4(c);
    if (version !== 6) return this.#report.malformed('unknown_ip_version', 'IP');
    return c.has(ipv6HeaderBytes) ? this.#readIpv6(c) : this.#report.malformed('truncated_IP', 'IP');
  }

  #readIpv4(c: Cursor): number {
    const packet = this.#packet;
    const { view, at } = c;
    const headerBytes = (view.getUint8(at) & 15) * 4;
    const length = view.getUint16(at + 2);
    // Segmentation offload leaves the length 0: then everything that is there belongs to the packet.
    const claimed = length === 0 ? c.wireEnd - at : length;
    if (length === 0) this.#report.weird('ip_hdr_len_zero', 'IP');
    if (at + claimed > c.wireEnd) return this.#report.malformed('truncated_IP_len', 'IP');
    if (headerBytes > claimed) return this.#report.malformed('invalid_IP_header_size', 'IP');
    if (headerBytes > c.end - at) return this.#report.malformed('internally_truncated_header', 'IP');
    if (headerBytes < ipv4HeaderBytes) return this.#report.malformed('IPv4_min_header_size', 'IP');
    const flags = view.getUint16(at + 6);
    packet.ipVersion = 4;
    packet.ipId = view.getUint16(at + 4);
    packet.ttl = view.getUint8(at + 8);
    packet.protocol = view.getUint8(at + 9);
    readIpv4Ends(view, at, packet);
    this.lastHeader = IpProtocol.ipv4;
    this.isFragment = (flags & 0x3fff) !== 0;
    if (this.isFragment) {
      this.fragmentOffset = (flags & 0x1fff) * 8;
      this.moreFragments = (flags & 0x2000) !== 0;
      this.dontFragment = (flags & 0x4000) !== 0;
      this.fragmentId = packet.ipId;
    }
    this.#place(c, headerBytes, length, at + claimed);
    return Next.packet;
  }

  /** Says where the payload lies. @param wireEnd where it ended on the wire */
  #place(c: Cursor, headerBytes: number, ipLength: number, wireEnd: number): void {
    const packet = this.#packet;
    const end = Math.min(wireEnd, c.end);
    packet.bytes = c.bytes;
    packet.ipStart = c.at;
    packet.ipLength = ipLength;
    packet.l4Start = c.at + headerBytes;
    packet.end = end;
    packet.missing = wireEnd - end;
    packet.fragment = false;
    this.#report.addressed = true;
  }

  #readIpv6(c: Cursor): number {
    const packet = this.#packet;
    const { view, at } = c;
    const length = ipv6HeaderBytes + view.getUint16(at + 4);
    if (at + length > c.wireEnd) return this.#report.malformed('truncated_IP_len', 'IP');
    packet.ipVersion = 6;
    packet.ipId = 0;
    packet.ttl = view.getUint8(at + 7);
    readIpv6Ends(view, at, packet);
    const next = view.getUint8(at + 6);
    packet.protocol = next;
    this.lastHeader = IpProtocol.ipv6;
    this.isFragment = false;
    const headerBytes = isExtension(next) ? this.#readExtensions(c) : ipv6HeaderBytes;
    if (headerBytes > length) return this.#report.malformed('invalid_IP_header_size', 'IP');
    // Offloaded segments (and jumbograms) claim no payload although there is some.
    const offloaded = length === ipv6HeaderBytes && next !== IpProtocol.noNext;
    this.#place(c, headerBytes, length, offloaded ? c.wireEnd : at + length);
    return Next.packet;
  }

  /** Walks the chain of extension headers. @returns bytes of all headers; a header that is cut is not one of them */
  #readExtensions(c: Cursor): number {
    const packet = this.#packet;
    const { view } = c;
    let at = c.at + ipv6HeaderBytes;
    let nextAt = c.at + 6;
    for (let count = 0; count < maxExtensionHeaders && isExtension(packet.protocol); count++) {
      const kind = packet.protocol;
      if (c.end - at < 8) break;
      const bytes = extensionBytes(kind, view.getUint8(at + 1));
      if (at + bytes > c.end) break;
      this.lastHeader = kind;
      packet.protocol = endsChain(kind) ? IpProtocol.noNext : view.getUint8(at);
      this.#readExtension(kind, view, at, bytes, nextAt);
      nextAt = at;
      at += bytes;
      if (endsChain(kind) || kind === IpProtocol.fragment) break;
    }
    return at - c.at;
  }

  #readExtension(kind: number, view: DataView, at: number, bytes: number, nextAt: number): void {
    if (kind === IpProtocol.routing) this.#readRouting(view, at);
    else if (kind === IpProtocol.destination) this.#readDestinationOptions(view, at, at + bytes);
    else if (kind === IpProtocol.fragment) this.#readFragment(view, at, nextAt);
  }

  #readFragment(view: DataView, at: number, nextAt: number): void {
    const field = view.getUint16(at + 2);
    this.isFragment = true;
    this.fragmentOffset = field & 0xfff8;
    this.moreFragments = (field & 1) !== 0;
    this.dontFragment = false;
    this.fragmentId = view.getUint32(at + 4);
    this.fragmentNextAt = nextAt;
    this.#packet.ipId = this.fragmentId;
  }

  /** The last address of a source route is where the packet goes. RFC 8200 §4.4, RFC 6275 §6.4. */
  #readRouting(view: DataView, at: number): void {
    const units = view.getUint8(at + 1);
    const type = view.getUint8(at + 2);
    const left = view.getUint8(at + 3);
    this.#report.addressed = true;
    if (type === 0) {
      if (left > 0 && units >= 2) {
        if (units % 2 === 0) this.#setTarget(view, at + 8 + units * 8 - 16);
        else this.#report.weird('odd_routing0_len');
      }
      this.#report.weird('routing0_hdr');
    } else if (type === 2) {
      if (left > 0 && units === 2) this.#setTarget(view, at + 8);
      else if (left > 0) this.#report.weird('bad_routing2_len');
    } else this.#report.weird('unknown_routing_type', undefined, String(type));
    this.#report.addressed = false;
  }

  #setTarget(view: DataView, at: number): void {
    const packet = this.#packet;
    packet.d0 = view.getInt32(at);
    packet.d1 = view.getInt32(at + 4);
    packet.d2 = view.getInt32(at + 8);
    packet.d3 = view.getInt32(at + 12);
  }

  /** Mobile IPv6 sends from a care-of address and names the home address, which is who it is, in an option. RFC 6275 §6.3. */
  #readDestinationOptions(view: DataView, start: number, end: number): void {
    for (let at = start + 2; at < end; ) {
      const type = view.getUint8(at);
      if (type === 0) {
        at++;
        continue;
      }
      const length = at + 2 <= end ? view.getUint8(at + 1) : 255;
      if (at + 2 + length > end) {
        this.#report.addressed = true;
        this.#report.weird('bad_ipv6_dest_opt_len');
        this.#report.addressed = false;
        return;
      }
      if (type === 201 && length === 16) this.#setSource(view, at + 2);
      at += 2 + length;
    }
  }

  #setSource(view: DataView, at: number): void {
    const packet = this.#packet;
    packet.s0 = view.getInt32(at);
    packet.s1 = view.getInt32(at + 4);
    packet.s2 = view.getInt32(at + 8);
    packet.s3 = view.getInt32(at + 12);
  }
}

/** Length of an extension header by its kind and its length field. RFC 8200 §4, RFC 4302 §2.2. */
function extensionBytes(kind: number, field: number): number {
  if (kind === IpProtocol.fragment || kind === IpProtocol.esp) return 8;
  return kind === IpProtocol.ah ? 8 + 4 * field : 8 + 8 * field;
}
