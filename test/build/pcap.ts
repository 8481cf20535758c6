// Classic pcap files as bytes, in every variant that is read.

/** One packet of a test capture. */
export interface TestPacket {
  /** Microseconds since the epoch. */
  readonly time: number;
  readonly bytes: Uint8Array;
  /** Length on the wire; default: that of the bytes. */
  readonly wire?: number;
}

/** How a file is written; the default is little-endian microseconds, version 2.4, Ethernet, 262144 bytes. */
export interface PcapShape {
  readonly bigEndian?: boolean;
  readonly nanoseconds?: boolean;
  /** Magic a1b2cd34: eight more bytes in each record header. */
  readonly modified?: boolean;
  readonly version?: readonly [major: number, minor: number];
  readonly snapLength?: number;
  readonly linkType?: number;
  /** Write the length on the wire before the captured length. */
  readonly wireFirst?: boolean;
}

const magicOf = ({ nanoseconds, modified }: PcapShape): number => (modified ? 0xa1b2cd34 : nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4);

/** Joins pieces of bytes. */
export function joinBytes(...pieces: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(pieces.reduce((total, piece) => total + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

/** The 24 bytes at the start of a file. */
export function pcapHeader(shape: PcapShape = {}): Uint8Array {
  const bytes = new Uint8Array(24);
  const view = new DataView(bytes.buffer);
  const little = !shape.bigEndian;
  view.setUint32(0, magicOf(shape), little);
  view.setUint16(4, shape.version?.[0] ?? 2, little);
  view.setUint16(6, shape.version?.[1] ?? 4, little);
  view.setUint32(16, shape.snapLength ?? 262144, little);
  view.setUint32(20, shape.linkType ?? 1, little);
  return bytes;
}

/** One record with its header. */
export function pcapRecord(packet: TestPacket, shape: PcapShape = {}): Uint8Array {
  const headerBytes = shape.modified ? 24 : 16;
  const bytes = new Uint8Array(headerBytes + packet.bytes.length);
  const view = new DataView(bytes.buffer);
  const little = !shape.bigEndian;
  const wire = packet.wire ?? packet.bytes.length;
  const micros = packet.time % 1e6;
  view.setUint32(0, Math.floor(packet.time / 1e6), little);
  view.setUint32(4, shape.nanoseconds ? micros * 1000 + 999 : micros, little);
  view.setUint32(8, shape.wireFirst ? wire : packet.bytes.length, little);
  view.setUint32(12, shape.wireFirst ? packet.bytes.length : wire, little);
  bytes.set(packet.bytes, headerBytes);
  return bytes;
}

/** A whole file. */
export function pcapFile(packets: readonly TestPacket[], shape: PcapShape = {}): Uint8Array {
  return joinBytes(pcapHeader(shape), ...packets.map((packet) => pcapRecord(packet, shape)));
}

/** Packets that differ in time, length and content, 20 ms apart. `first` is the time of the first in microseconds. */
export function testPackets(count: number, first = 1_700_000_000_000_000, stepMicros = 20_000): TestPacket[] {
  return Array.from({ length: count }, (_, i) => ({
    time: first + i * stepMicros,
    bytes: Uint8Array.from({ length: 60 + ((i * 37) % 200) }, (_unused, k) => (i * 31 + k * 7 + 1) & 0xff),
  }));
}
