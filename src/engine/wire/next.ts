// What a header reader found behind its header: an EtherType as it is, or one of the codes below.

/**
 * Codes that the readers return. Values below 0x10000 (but `stop` and `packet`) are EtherTypes of the IEEE registry;
 * the rest are carriers' own numbers and have no EtherType.
 */
export const Next = {
  /** Nothing more to do with this frame; why is counted. */
  stop: 0,
  /** The reused `Packet` is filled. */
  packet: 1,
  ipv4: 0x0800,
  arp: 0x0806,
  rarp: 0x8035,
  /** Transparent Ethernet bridging: a whole Ethernet frame follows. */
  ethernet: 0x6558,
  vlan: 0x8100,
  serviceVlan: 0x88a8,
  oldVlan: 0x9100,
  ipv6: 0x86dd,
  mpls: 0x8847,
  mplsMulticast: 0x8848,
  pppoeSession: 0x8864,
  fabricPath: 0x8903,
  vnTag: 0x8926,
  backbone: 0x88e7,
  /** IEEE 802.2 LLC header, SNAP included. */
  llc: 0x10001,
  /** PPP protocol field, two bytes. */
  ppp: 0x10002,
  /** IEEE 802.11 frame. */
  wifi: 0x10003,
  /** IP of whichever version its first four bits say. */
  ip: 0x10004,
  /** A-MSDU subframes of IEEE 802.11. */
  wifiAggregate: 0x10005,
} as const;
