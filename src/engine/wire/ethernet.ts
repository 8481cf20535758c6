// Ethernet II, IEEE 802.3 with LLC/SNAP, VLAN tags, VN-Tag, PBB, FabricPath. IEEE 802.3, 802.1Q, 802.2.
import type { Cursor } from './cursor.ts';
import { Next } from './next.ts';
import type { Packet } from './packet.ts';
import type { WireReport } from './report.ts';

const headerBytes = 14;
/** Lengths end here and EtherTypes begin at `firstEtherType`; between them nothing is defined. IEEE 802.3 §3.2.6. */
const lastLength = 1500;
const firstEtherType = 1536;
const fabricPathBytes = 16;

/** Which header follows by the two bytes after the addresses, or after a tag. The cursor stands behind those two bytes. */
function afterType(type: number, c: Cursor, report: WireReport, source: string): number {
  if (type >= firstEtherType) return type;
  if (type > lastLength) return report.malformed(source === 'VLAN' ? 'undefined_vlan_protocol' : 'undefined_ether_type', source);
  if (!c.has(2) || (source === 'ETHERNET' && c.end - c.at < type)) {
    return report.malformed(source === 'VLAN' ? 'truncated_VLAN_header' : 'truncated_ethernet_frame', source);
  }
  return Next.llc;
}

/** An Ethernet frame without preamble and check sequence; notes its addresses. */
export function readEthernet(c: Cursor, packet: Packet, report: WireReport): number {
  if (c.end - c.at <= headerBytes + 2) return report.malformed('truncated_ethernet_frame', 'ETHERNET');
  const { view } = c;
  if (view.getUint16(c.at + 12) === Next.fabricPath) {
    if (c.end - c.at <= fabricPathBytes + headerBytes) return report.malformed('truncated_link_header_cfp', 'ETHERNET');
    c.at += fabricPathBytes;
  }
  const { at } = c;
  packet.targetMacHigh = view.getUint16(at);
  packet.targetMacLow = view.getInt32(at + 2);
  packet.sourceMacHigh = view.getUint16(at + 6);
  packet.sourceMacLow = view.getInt32(at + 8);
  packet.vlan = -1;
  packet.innerVlan = -1;
  const type = view.getUint16(at + 12);
  c.at = at + headerBytes;
  return type >= firstEtherType ? type : afterType(type, c, report, 'ETHERNET');
}

/** One VLAN tag (802.1Q, 802.1ad, QinQ); the second and further ones are inner tags. */
export function readVlan(c: Cursor, packet: Packet, report: WireReport): number {
  if (c.end - c.at <= 4) return report.malformed('truncated_VLAN_header', 'VLAN');
  const id = c.view.getUint16(c.at) & 0xfff;
  const type = c.view.getUint16(c.at + 2);
  c.at += 4;
  if (packet.vlan < 0) packet.vlan = id;
  else {
    if (packet.innerVlan >= 0) {
      report.weird('triple_tagged_vlan_unsupported', 'VLAN', `overwrote inner vlan ID of ${packet.innerVlan} with ${id}`);
    }
    packet.innerVlan = id;
  }
  return type >= firstEtherType ? type : afterType(type, c, report, 'VLAN');
}

/** Cisco VN-Tag: four bytes of tag, then an EtherType. */
export function readVnTag(c: Cursor, report: WireReport): number {
  if (c.end - c.at <= 6) return report.malformed('truncated_vntag_header', 'VNTAG');
  const type = c.view.getUint16(c.at + 4);
  c.at += 6;
  return type >= firstEtherType ? type : afterType(type, c, report, 'VNTAG');
}

/** Provider backbone bridging (802.1ah): a service tag of four bytes before the customer's whole frame. */
export function readBackbone(c: Cursor, report: WireReport): number {
  if (c.end - c.at <= 4 + headerBytes) return report.malformed('truncated_pbb_frame', 'PBB');
  c.at += 4;
  return Next.ethernet;
}

/** LLC (802.2); of its payloads only SNAP with an EtherType is of interest. */
export function readLlc(c: Cursor, report: WireReport): number {
  if (!c.has(3)) return report.malformed('truncated_llc_header', 'LLC');
  if (c.view.getUint16(c.at) !== 0xaaaa) {
    report.counters.otherLink++;
    return Next.stop;
  }
  const llcBytes = (c.view.getUint8(c.at + 2) & 3) === 3 ? 3 : 4;
  if (!c.has(llcBytes + 5)) return report.malformed('truncated_snap_header', 'SNAP');
  const organisation = c.view.getUint32(c.at + llcBytes - 1) & 0xffffff;
  const type = c.view.getUint16(c.at + llcBytes + 3);
  c.at += llcBytes + 5;
  if (organisation === 0) return type;
  report.counters.otherLink++;
  return Next.stop;
}
