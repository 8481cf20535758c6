// IEEE 802.11 data frames, also behind a radiotap header and in A-MSDU aggregates. IEEE 802.11 §9.3.2.
import type { Cursor } from './cursor.ts';
import { Next } from './next.ts';
import type { Packet } from './packet.ts';
import type { WireReport } from './report.ts';

const shortHeaderBytes = 24;

/** Radiotap: a header whose length is a little-endian integer at offset 2. */
export function readRadiotap(c: Cursor, report: WireReport): number {
  const length = c.has(4) ? c.view.getUint16(c.at + 2, true) : 0;
  if (length < 8 || c.end - c.at <= length) return report.malformed('truncated_radiotap_header', 'IEEE802_11_RADIO');
  c.at += length;
  return Next.wifi;
}

/** Where the transmitter's and the receiver's own addresses lie, by the ToDS and FromDS bits. */
const sourceOffset = [10, 10, 16, 24] as const;
const targetOffset = [4, 16, 4, 16] as const;

function noteAddresses(c: Cursor, packet: Packet, direction: number): void {
  const source = c.at + (sourceOffset[direction] ?? 10);
  const target = c.at + (targetOffset[direction] ?? 4);
  packet.sourceMacHigh = c.view.getUint16(source);
  packet.sourceMacLow = c.view.getInt32(source + 2);
  packet.targetMacHigh = c.view.getUint16(target);
  packet.targetMacLow = c.view.getInt32(target + 2);
}

/** One 802.11 frame: data frames go on with LLC, the rest carries no IP. Protected frames cannot be read. */
export function readWifi(c: Cursor, packet: Packet, report: WireReport): number {
  if (c.end - c.at <= shortHeaderBytes) return report.malformed('truncated_802_11_header', 'IEEE802_11');
  const control = c.view.getUint8(c.at);
  const flags = c.view.getUint8(c.at + 1);
  const isData = (control & 0x0c) === 0x08 && (control & 0x40) === 0;
  if (!isData || (flags & 0x40) !== 0) {
    report.counters.otherLink++;
    return Next.stop;
  }
  const direction = flags & 3;
  let length = direction === 3 ? shortHeaderBytes + 6 : shortHeaderBytes;
  let aggregate = false;
  if (c.end - c.at <= length + 2) return report.malformed('truncated_802_11_header', 'IEEE802_11');
  noteAddresses(c, packet, direction);
  if ((control & 0x80) !== 0) {
    aggregate = (c.view.getUint8(c.at + length) & 0x80) !== 0;
    length += 2;
  }
  c.at += length;
  return aggregate ? Next.wifiAggregate : Next.llc;
}

/**
 * One subframe of an A-MSDU: narrows the cursor to it.
 * @returns where the next subframe begins, or -1 when the subframe is damaged
 */
export function enterSubframe(c: Cursor, report: WireReport): number {
  if (!c.has(14)) {
    report.malformed('truncated_802_11_amsdu_header', 'IEEE802_11');
    return -1;
  }
  const length = c.view.getUint16(c.at + 12);
  if (!c.has(14 + length)) {
    report.malformed('truncated_802_11_amsdu_packet', 'IEEE802_11');
    return -1;
  }
  c.at += 14;
  const end = c.at + length;
  const next = end + ((4 - ((14 + length) & 3)) & 3);
  c.end = end;
  c.wireEnd = end;
  return next;
}
