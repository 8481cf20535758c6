// One packet in one line for a person, and where its payload lies.
import type { Packet } from './packet.ts';
import { addressText } from './tunnels.ts';

const names: Readonly<Record<number, string>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP', 58: 'ICMPv6', 132: 'SCTP', 47: 'GRE', 50: 'ESP' };
/** RFC 9293 §3.1, from the lowest bit. */
const flagNames = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'];

const hasPorts = ({ protocol, fragment, end, l4Start }: Packet): boolean =>
  !fragment && (protocol === 6 || protocol === 17 || protocol === 132) && end >= l4Start + 4;

/** Source port of TCP, UDP and SCTP; 0 for others. */
export const sourcePort = (packet: Packet): number => (hasPorts(packet) ? packet.bytes.view.getUint16(packet.l4Start) : 0);
/** Destination port of TCP, UDP and SCTP; 0 for others. */
export const targetPort = (packet: Packet): number => (hasPorts(packet) ? packet.bytes.view.getUint16(packet.l4Start + 2) : 0);

/** Where the payload begins; the end of the packet when there is none. */
export function payloadStart(packet: Packet): number {
  const { protocol, l4Start, end, fragment } = packet;
  if (fragment) return end;
  if (protocol === 6) return end < l4Start + 20 ? end : Math.min(end, l4Start + (packet.bytes.view.getUint8(l4Start + 12) >> 4) * 4);
  if (protocol === 17 || protocol === 1 || protocol === 58) return Math.min(end, l4Start + 8);
  return l4Start;
}

/** `TCP 10.0.0.5:40312 → 203.0.113.9:4444 PSH ACK, 23 bytes` */
export function packetText(packet: Packet): string {
  const end = (w0: number, w1: number, w2: number, w3: number, port: number): string => {
    const address = addressText(w0, w1, w2, w3);
    return hasPorts(packet) ? `${address.includes(':') ? `[${address}]` : address}:${port}` : address;
  };
  const from = end(packet.s0, packet.s1, packet.s2, packet.s3, sourcePort(packet));
  const to = end(packet.d0, packet.d1, packet.d2, packet.d3, targetPort(packet));
  const name = names[packet.protocol] ?? `IP protocol ${packet.protocol}`;
  return `${name} ${from} → ${to}${detail(packet)}, ${Math.max(0, packet.end - payloadStart(packet))} bytes`;
}

function detail(packet: Packet): string {
  const { protocol, l4Start, end, fragment } = packet;
  if (fragment) return ' fragment';
  const { view } = packet.bytes;
  if (protocol === 6 && end >= l4Start + 14) {
    const bits = view.getUint8(l4Start + 13);
    return ` ${flagNames.filter((_, i) => (bits & (1 << i)) !== 0).join(' ')}`;
  }
  if ((protocol === 1 || protocol === 58) && end >= l4Start + 2)
    return ` type ${view.getUint8(l4Start)} code ${view.getUint8(l4Start + 1)}`;
  return '';
}
