// Which reader reads which header below IP.
import type { Cursor } from './cursor.ts';
import { readBackbone, readEthernet, readLlc, readVnTag } from './ethernet.ts';
import {
  LinkType,
  readFddi,
  readLoopback,
  readMpls,
  readNflog,
  readPpp,
  readPppFraming,
  readPppoe,
  readSll,
  readSll2,
} from './link-layers.ts';
import { Next } from './next.ts';
import type { Packet } from './packet.ts';
import type { WireReport } from './report.ts';
import { readRadiotap, readWifi } from './wifi.ts';

/** The first header of a frame by the capture point's link type. @returns what follows, see next.ts */
export function readFirstHeader(linkType: number, c: Cursor, packet: Packet, report: WireReport): number {
  switch (linkType) {
    case LinkType.ethernet:
      return readEthernet(c, packet, report);
    case LinkType.null:
    case LinkType.loop:
      return readLoopback(c, report);
    case LinkType.linuxSll:
      return readSll(c, packet, report);
    case LinkType.linuxSll2:
      return readSll2(c, packet, report);
    case LinkType.nflog:
      return readNflog(c, report);
    case LinkType.ppp:
    case LinkType.pppSerial:
      return readPppFraming(c, report);
    case LinkType.pppEther:
      return readPppoe(c, report);
    case LinkType.fddi:
      return readFddi(c, packet, report);
    case LinkType.wifi:
      return Next.wifi;
    case LinkType.wifiRadiotap:
      return readRadiotap(c, report);
    case LinkType.raw:
    case LinkType.rawBsd:
    case LinkType.rawOpenBsd:
    case LinkType.ipv4:
    case LinkType.ipv6:
      return Next.ip;
    default:
      report.counters.unknownLinkType++;
      return Next.stop;
  }
}

/** A header that needs to know nothing of the network context. @returns what follows, see next.ts */
export function readLinkHeader(next: number, c: Cursor, packet: Packet, report: WireReport): number {
  switch (next) {
    case Next.llc:
      return readLlc(c, report);
    case Next.mpls:
    case Next.mplsMulticast:
      return readMpls(c, report);
    case Next.pppoeSession:
      return readPppoe(c, report);
    case Next.ppp:
      return readPpp(c, report);
    case Next.vnTag:
      return readVnTag(c, report);
    case Next.backbone:
      return readBackbone(c, report);
    case Next.wifi:
      return readWifi(c, packet, report);
    default:
      report.counters.unknownEtherType++;
      return Next.stop;
  }
}
