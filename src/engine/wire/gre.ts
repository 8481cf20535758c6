// GRE (RFC 2784, 2890), NVGRE (RFC 7637), PPTP (RFC 2637), ERSPAN I to III (draft-foschiano-erspan), Aruba Wi-Fi.
import type { Cursor } from './cursor.ts';
import { Next } from './next.ts';
import type { WireReport } from './report.ts';

const Protocol = { erspan: 0x88be, erspanIII: 0x22eb, pptp: 0x880b } as const;
const Flag = { checksum: 0x8000, routing: 0x4000, key: 0x2000, sequence: 0x1000, acknowledgement: 0x0080, reserved: 0x0078 } as const;
const ethernetBytes = 14;

/** What a GRE header said besides what follows; one reused object. */
export class GreHeader {
  hasKey = false;
  /** GRE key, as a signed integer. */
  key = 0;
  /** ERSPAN span id; -1 when it is no ERSPAN, or type I, which has none. */
  spanId = -1;
  version = 0;

  /** The header at the cursor. @returns what follows, see next.ts */
  read(c: Cursor, report: WireReport): number {
    if (!c.has(4)) return report.malformed('truncated_GRE', 'GRE');
    const flags = c.view.getUint16(c.at);
    const protocol = c.view.getUint16(c.at + 2);
    this.version = flags & 7;
    this.hasKey = (flags & Flag.key) !== 0;
    this.spanId = -1;
    if (this.version > 1) return report.malformed('unknown_gre_version', 'GRE', `version=${this.version}`);
    if (this.version === 1 && protocol !== Protocol.pptp) return report.malformed('egre_protocol_type', 'GRE', `proto=${protocol}`);
    if ((flags & Flag.routing) !== 0) return report.malformed('gre_routing', 'GRE');
    if ((flags & Flag.reserved) !== 0) return report.malformed('unknown_gre_flags', 'GRE');
    const bytes = headerBytes(flags);
    if (!c.has(bytes)) return report.malformed('truncated_GRE', 'GRE');
    if (this.hasKey) this.key = c.view.getInt32(c.at + ((flags & Flag.checksum) !== 0 ? 8 : 4));
    c.at += bytes;
    return this.version === 1 ? this.#afterPptp(c, report) : this.#after(protocol, flags, c, report);
  }

  /** PPTP puts call id and payload length into the key; PPP follows. */
  #afterPptp(c: Cursor, report: WireReport): number {
    this.hasKey = false;
    if (c.end - c.at < 4) {
      // An acknowledgement without payload is no damage.
      if (c.at === c.end) report.counters.otherLink++;
      return c.at === c.end ? Next.stop : report.malformed('truncated_GRE', 'GRE');
    }
    const framed = c.view.getUint16(c.at) === 0xff03;
    const protocol = c.view.getUint16(c.at + (framed ? 2 : 0));
    if (protocol !== 0x21 && protocol !== 0x57) return report.malformed('non_ip_packet_in_encap', 'GRE');
    c.at += framed ? 4 : 2;
    return Next.ip;
  }

  #after(protocol: number, flags: number, c: Cursor, report: WireReport): number {
    if (protocol === Next.ethernet) return c.end - c.at > ethernetBytes ? Next.ethernet : report.malformed('truncated_GRE', 'GRE');
    if (protocol === Protocol.erspan) return this.#afterErspan(c, report, (flags & Flag.sequence) !== 0);
    if (protocol === Protocol.erspanIII) return this.#afterErspanIII(c, report);
    return isAruba(protocol) ? Next.wifi : protocol;
  }

  /** Type I is the bare frame; type II has eight bytes before it. */
  #afterErspan(c: Cursor, report: WireReport, isTypeII: boolean): number {
    const bytes = isTypeII ? 8 : 0;
    if (c.end - c.at < bytes + ethernetBytes) return report.malformed('truncated_GRE', 'GRE');
    if (isTypeII) this.spanId = c.view.getUint16(c.at + 2) & 0x3ff;
    c.at += bytes;
    return Next.ethernet;
  }

  #afterErspanIII(c: Cursor, report: WireReport): number {
    if (c.end - c.at <= 12 + ethernetBytes) return report.malformed('truncated_GRE', 'GRE');
    this.spanId = c.view.getUint16(c.at + 2) & 0x3ff;
    const bytes = (c.view.getUint8(c.at + 11) & 1) === 1 ? 20 : 12;
    if (c.end - c.at <= bytes + ethernetBytes) return report.malformed('truncated_GRE', 'GRE');
    c.at += bytes;
    return Next.ethernet;
  }
}

function headerBytes(flags: number): number {
  let bytes = 4;
  if ((flags & Flag.checksum) !== 0) bytes += 4;
  if ((flags & Flag.key) !== 0) bytes += 4;
  if ((flags & Flag.sequence) !== 0) bytes += 4;
  if ((flags & Flag.acknowledgement) !== 0) bytes += 4;
  return bytes;
}

/** Protocol types under which Aruba's access points send Wi-Fi frames. */
const isAruba = (protocol: number): boolean =>
  ((protocol & 0x8200) === 0x8200 && (protocol & 0x0f) === 0 && protocol <= 0x8370) || protocol === 0x9000;
