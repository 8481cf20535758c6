// Source and target of an IP header as four words each, as Packet keeps them: signed, IPv4 as IPv4-mapped IPv6.

export interface PacketEnds {
  s0: number;
  s1: number;
  s2: number;
  s3: number;
  d0: number;
  d1: number;
  d2: number;
  d3: number;
}

/** Of the IPv4 header at `at` (RFC 791 §3.1), of which 20 bytes are there. */
export function readIpv4Ends(view: DataView, at: number, into: PacketEnds): void {
  into.s0 = 0;
  into.s1 = 0;
  into.s2 = 0xffff;
  into.s3 = view.getInt32(at + 12);
  into.d0 = 0;
  into.d1 = 0;
  into.d2 = 0xffff;
  into.d3 = view.getInt32(at + 16);
}

/** Of the IPv6 header at `at` (RFC 8200 §3), of which 40 bytes are there. */
export function readIpv6Ends(view: DataView, at: number, into: PacketEnds): void {
  into.s0 = view.getInt32(at + 8);
  into.s1 = view.getInt32(at + 12);
  into.s2 = view.getInt32(at + 16);
  into.s3 = view.getInt32(at + 20);
  into.d0 = view.getInt32(at + 24);
  into.d1 = view.getInt32(at + 28);
  into.d2 = view.getInt32(at + 32);
  into.d3 = view.getInt32(at + 36);
}
