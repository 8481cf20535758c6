// Link types other than Ethernet: cooked captures, NFLOG, loopback, PPP, PPPoE, MPLS. tcpdump.org/linktypes.html.
import type { Cursor } from './cursor.ts';
import { Next } from './next.ts';
import type { Packet } from './packet.ts';
import type { WireReport } from './report.ts';

/** Numbers of the pcap link type registry that are decoded. */
export const LinkType = {
  null: 0,
  ethernet: 1,
  ppp: 9,
  fddi: 10,
  rawBsd: 12,
  rawOpenBsd: 14,
  pppSerial: 50,
  pppEther: 51,
  raw: 101,
  wifi: 105,
  loop: 108,
  linuxSll: 113,
  wifiRadiotap: 127,
  ipv4: 228,
  ipv6: 229,
  nflog: 239,
  linuxSll2: 276,
} as const;

/** Values of AF_INET6 on the systems that write loopback captures: Linux, NetBSD/OpenBSD, FreeBSD, macOS. */
const inet6Families = new Set([10, 24, 28, 30]);
/** ARPHRD_ETHER and ARPHRD_LOOPBACK: the cooked header holds an EtherType and a hardware address. */
const hardwareAddressBytes = 6;

/** BSD loopback: an address family in the byte order of the capturing machine (0), or big-endian (108). */
export function readLoopback(c: Cursor, report: WireReport): number {
  if (c.end - c.at <= 4) return report.malformed('null_analyzer_failed', 'NULL');
  const big = c.view.getUint32(c.at);
  const family = big > 0xffff ? c.view.getUint32(c.at, true) : big;
  c.at += 4;
  if (family === 2) return Next.ipv4;
  if (inet6Families.has(family)) return Next.ipv6;
  report.counters.otherLink++;
  return Next.stop;
}

function noteSource(c: Cursor, packet: Packet, at: number, length: number): void {
  if (length !== hardwareAddressBytes) return;
  packet.sourceMacHigh = c.view.getUint16(at);
  packet.sourceMacLow = c.view.getInt32(at + 2);
}

/** FDDI: frame control, target, source, LLC. */
export function readFddi(c: Cursor, packet: Packet, report: WireReport): number {
  if (c.end - c.at <= 13) return report.malformed('FDDI_analyzer_failed', 'FDDI');
  packet.targetMacHigh = c.view.getUint16(c.at + 1);
  packet.targetMacLow = c.view.getInt32(c.at + 3);
  noteSource(c, packet, c.at + 7, hardwareAddressBytes);
  c.at += 13;
  return Next.llc;
}

/** Linux protocol numbers below 0x600 are no EtherTypes: 802.3 without (1) and with (4) LLC. */
function cookedType(type: number, report: WireReport): number {
  if (type >= 0x600) return type;
  if (type === 4) return Next.llc;
  report.counters.otherLink++;
  return Next.stop;
}

/** Linux cooked capture, version 1. */
export function readSll(c: Cursor, packet: Packet, report: WireReport): number {
  if (c.end - c.at <= 16) return report.malformed('truncated_Linux_SLL_header', 'LINUXSLL');
  noteSource(c, packet, c.at + 6, c.view.getUint16(c.at + 4));
  const type = c.view.getUint16(c.at + 14);
  c.at += 16;
  return cookedType(type, report);
}

/** Linux cooked capture, version 2. */
export function readSll2(c: Cursor, packet: Packet, report: WireReport): number {
  if (c.end - c.at <= 20) return report.malformed('truncated_Linux_SLL2_header', 'LINUXSLL2');
  noteSource(c, packet, c.at + 12, c.view.getUint8(c.at + 11));
  const type = c.view.getUint16(c.at);
  c.at += 20;
  return cookedType(type, report);
}

const nflogPayload = 9;

/** Linux netfilter log: family, version, then type-length-values in host byte order, of which one is the packet. */
export function readNflog(c: Cursor, report: WireReport): number {
  if (c.end - c.at <= 4) return report.malformed('truncated_nflog_header', 'NFLOG');
  const family = c.view.getUint8(c.at);
  if (c.view.getUint8(c.at + 1) !== 0) return report.malformed('unknown_nflog_version', 'NFLOG');
  c.at += 4;
  while (c.end - c.at > 4) {
    const length = c.view.getUint16(c.at, true);
    const type = c.view.getUint16(c.at + 2, true);
    if (type === nflogPayload) {
      c.at += 4;
      if (family === 2) return Next.ipv4;
      if (inet6Families.has(family)) return Next.ipv6;
      report.counters.otherLink++;
      return Next.stop;
    }
    if (length < 4) return report.malformed('nflog_bad_tlv_len', 'NFLOG');
    c.at = Math.min(c.end, c.at + ((length + 3) & ~3));
  }
  return report.malformed('nflog_no_pcap_payload', 'NFLOG');
}

/** Address and control bytes of HDLC framing (RFC 1662), which link type 9 may have and 50 has. */
export function readPppFraming(c: Cursor, report: WireReport): number {
  if (!c.has(4)) return report.malformed('truncated_ppp_serial_header', 'PPPSERIAL');
  if (c.view.getUint16(c.at) === 0xff03) c.at += 2;
  return Next.ppp;
}

/** PPP protocol field, one byte when it is odd (RFC 1661 §6.5). */
export function readPpp(c: Cursor, report: WireReport): number {
  if (!c.has(2)) return report.malformed('truncated_ppp_header', 'PPP');
  const first = c.view.getUint8(c.at);
  const protocol = (first & 1) === 1 ? first : c.view.getUint16(c.at);
  c.at += (first & 1) === 1 ? 1 : 2;
  if (protocol === 0x21) return Next.ipv4;
  if (protocol === 0x57) return Next.ipv6;
  if (protocol === 0x0281) return Next.mpls;
  report.counters.otherLink++;
  return Next.stop;
}

/** PPPoE session (RFC 2516): what its length does not cover is padding, or a packet whose own length is contradicted. */
export function readPppoe(c: Cursor, report: WireReport): number {
  if (c.end - c.at <= 8) return report.malformed('truncated_pppoe_header', 'PPPOE');
  const end = c.at + 6 + c.view.getUint16(c.at + 4);
  c.at += 6;
  if (end < c.end) {
    report.weird('pppoe_extra_data_after_payload', 'PPPOE');
    c.end = Math.max(c.at, end);
  }
  return Next.ppp;
}

/**
 * MPLS label stack (RFC 3032). The label does not say what follows: IP is told by its version, a pseudo-wire with an
 * Ethernet frame by the zero that its control word begins with (RFC 4385).
 */
export function readMpls(c: Cursor, report: WireReport): number {
  let bottom = false;
  while (!bottom) {
    if (c.end - c.at <= 4) return report.malformed('truncated_link_header', 'MPLS');
    bottom = (c.view.getUint8(c.at + 2) & 1) === 1;
    c.at += 4;
  }
  if (c.view.getUint8(c.at) >> 4 !== 0 || !c.has(20)) return Next.ip;
  c.at += 4;
  return Next.ethernet;
}
