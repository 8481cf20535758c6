// The innermost IP packet of a frame as the decoder found it: one reused object, filled in place for each packet.
import type { Bytes } from '../../base/bytes.ts';

/**
 * Written by the decoder (wire/decoder.ts), read by the flow table; valid until the next packet.
 * Addresses are four 32-bit words, IPv4 as IPv4-mapped IPv6 (0, 0, 0xffff, address), kept as signed integers, which V8 keeps without a box.
 * Offsets are absolute positions in `bytes`. After a reassembled fragment or a decompressed tunnel `bytes` may be another buffer than the frame's.
 */
export class Packet {
  /** Microseconds since the epoch. */
  at = 0;
  bytes: Bytes;
  /** Index of the capture point. */
  point = 0;
  /** Packet number in its file, 1-based. */
  number = 0;
  /** Bytes of the outer frame on the wire. */
  wireLength = 0;

  /** Outermost hardware addresses of the innermost Ethernet header: high 16 bits and low 32 bits (signed); -1 in the high part when there is none. */
  sourceMacHigh = -1;
  sourceMacLow = 0;
  targetMacHigh = -1;
  targetMacLow = 0;
  /** VLAN ids of the innermost Ethernet header; -1 when untagged. */
  vlan = -1;
  innerVlan = -1;

  /** Address space of the flow key, see contexts/contexts.ts: capture point, VLANs and tunnel identifiers interned to a small integer. */
  context = 0;
  /** Number of tunnels around this packet. */
  tunnelDepth = 0;
  /** Uids of the carriers around this packet, outermost first: the first `tunnelDepth` entries, the rest is old. Copy what is kept. */
  readonly parents: string[] = [];

  /** 4 or 6. */
  ipVersion = 0;
  ipStart = 0;
  /** Length that the IP header claims, header included (IPv6: 40 + payload length); what conn counts as IP bytes. */
  ipLength = 0;
  s0 = 0;
  s1 = 0;
  s2 = 0;
  s3 = 0;
  d0 = 0;
  d1 = 0;
  d2 = 0;
  d3 = 0;
  ttl = 0;
  /** Identification field (IPv4), 0 for IPv6 without fragment header. */
  ipId = 0;
  /** Transport protocol after extension headers. */
  protocol = 0;
  /** Start of the transport header. */
  l4Start = 0;
  /** End of what is there of the IP payload: the smaller of captured and claimed. */
  end = 0;
  /** Bytes of the IP payload that the capture lacks (snap length). */
  missing = 0;
  /** IP fragment that could not be (or need not be) reassembled yet. */
  fragment = false;

  constructor(bytes: Bytes) {
    this.bytes = bytes;
  }
}
