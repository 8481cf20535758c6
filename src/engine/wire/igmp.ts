// Multicast group management (RFC 3376): Zeek checks it and makes no connection of it, and neither do we.
import { Next } from './next.ts';
import type { Packet } from './packet.ts';
import type { WireReport } from './report.ts';

/** Internet checksum (RFC 1071) over a range that includes the checksum itself: 0xffff when it is right. */
function checksum(view: DataView, start: number, end: number): number {
  let sum = 0;
  let at = start;
  for (; at + 2 <= end; at += 2) sum += view.getUint16(at);
  if (at < end) sum += view.getUint8(at) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

/** Counts a message and notes a wrong checksum. @returns `Next.stop` */
export function readIgmp(packet: Packet, report: WireReport): number {
  report.counters.igmp++;
  if (packet.missing === 0 && packet.end > packet.l4Start && checksum(packet.bytes.view, packet.l4Start, packet.end) !== 0xffff) {
    report.weird('igmp_invalid_checksum', 'IGMP');
  }
  return Next.stop;
}
