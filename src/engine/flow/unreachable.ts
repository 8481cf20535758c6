// ICMP errors name the packet that caused them: which connection it was, and what became of it.
import type { Packet } from '../wire/packet.ts';
import { readIpv4Ends, readIpv6Ends } from '../wire/packet-ends.ts';

/** What an error said, by the code kept in `Connection.unreachable`; 0 is nothing. */
export const unreachableNames = ['', 'net', 'host', 'proto', 'port', 'admin', 'other'] as const;
const code = { net: 1, host: 2, proto: 3, port: 4, admin: 5, other: 6 } as const;

/** Codes of ICMP type 3 (RFC 792, RFC 1122 §3.2.2.1, RFC 1812 §5.2.7.1). */
const ipv4Codes = [
  ...[code.net, code.host, code.proto, code.port, code.other, code.other, code.net, code.host, code.other, code.admin, code.admin],
  ...[code.net, code.host, code.admin, code.admin, code.admin],
];
/** Codes of ICMPv6 type 1 (RFC 4443 §3.1). */
const ipv6Codes = [code.net, code.admin, code.other, code.host, code.port, code.admin, code.admin, code.other];

/** The packet that an ICMP error quotes. One reused object. */
export class QuotedPacket {
  /** As in `unreachableNames`; 0 when the message is not such an error or quotes too little. */
  verdict = 0;
  protocol = 0;
  s0 = 0;
  s1 = 0;
  s2 = 0;
  s3 = 0;
  d0 = 0;
  d1 = 0;
  d2 = 0;
  d3 = 0;
  sourcePort = 0;
  targetPort = 0;

  /** Reads the quotation of an ICMP or ICMPv6 message whose 8 header bytes are there. @returns whether there is a verdict */
  read(packet: Packet): boolean {
    const { view } = packet.bytes;
    const type = view.getUint8(packet.l4Start);
    const reason = view.getUint8(packet.l4Start + 1);
    this.verdict = 0;
    if (packet.protocol === 1 && type === 3) return this.#quoteIpv4(packet, ipv4Codes[reason] ?? code.other);
    if (packet.protocol === 58 && type === 1) return this.#quoteIpv6(packet, ipv6Codes[reason] ?? code.other);
    return false;
  }

  #quoteIpv4(packet: Packet, verdict: number): boolean {
    const { view } = packet.bytes;
    const start = packet.l4Start + 8;
    if (packet.end < start + 20 || view.getUint8(start) >>> 4 !== 4) return false;
    const ports = start + (view.getUint8(start) & 15) * 4;
    this.protocol = view.getUint8(start + 9);
    readIpv4Ends(view, start, this);
    return this.#ports(packet, ports, verdict);
  }

  #quoteIpv6(packet: Packet, verdict: number): boolean {
    const { view } = packet.bytes;
    const start = packet.l4Start + 8;
    if (packet.end < start + 40 || view.getUint8(start) >>> 4 !== 6) return false;
    this.protocol = view.getUint8(start + 6);
    readIpv6Ends(view, start, this);
    return this.#ports(packet, start + 40, verdict);
  }

  #ports(packet: Packet, at: number, verdict: number): boolean {
    if ((this.protocol !== 6 && this.protocol !== 17) || packet.end < at + 4) return false;
    this.sourcePort = packet.bytes.view.getUint16(at);
    this.targetPort = packet.bytes.view.getUint16(at + 2);
    this.verdict = verdict;
    return true;
  }
}
