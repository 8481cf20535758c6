// ARP over Ethernet for IPv4. RFC 826, RFC 5227.
import { formatIpv4 } from '../../base/ip.ts';
import { formatMac } from '../../base/mac-text.ts';
import { epochMicros } from '../../base/units.ts';
import type { RecordSink } from '../../model/records/index.ts';
import type { Cursor } from './cursor.ts';
import { Next } from './next.ts';
import type { Packet } from './packet.ts';
import type { WireReport } from './report.ts';

const messageBytes = 28;
const ethernet = 1;

/** Writes the row of one ARP message. @param context text of the network context */
export function readArp(c: Cursor, packet: Packet, report: WireReport, sink: RecordSink | undefined, context: string | undefined): number {
  if (!c.has(8)) return report.malformed('truncated_ARP', 'ARP');
  const { view, at } = c;
  const operation = view.getUint16(at + 6);
  const isEthernetIpv4 = view.getUint16(at) === ethernet && view.getUint16(at + 2) === Next.ipv4 && view.getUint16(at + 4) === 0x0604;
  if (!isEthernetIpv4 || operation < 1 || operation > 2) {
    report.counters.otherArp++;
    return Next.stop;
  }
  if (!c.has(messageBytes)) return report.malformed('truncated_ARP', 'ARP');
  report.counters.arp++;
  sink?.emit('arp', {
    ts: epochMicros(packet.at),
    operation: operation === 1 ? 'request' : 'reply',
    sender_mac: formatMac(c.bytes, at + 8, 6),
    sender_addr: formatIpv4(view.getUint32(at + 14)),
    target_mac: formatMac(c.bytes, at + 18, 6),
    target_addr: formatIpv4(view.getUint32(at + 24)),
    gratuitous: view.getUint32(at + 14) === view.getUint32(at + 24),
    context,
  });
  return Next.stop;
}
