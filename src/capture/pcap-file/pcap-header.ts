// The file header of classic pcap. draft-ietf-opsawg-pcap, and libpcap's variants of it.
//
//   0 magic u32   4 major u16   6 minor u16   8 reserved   12 reserved   16 snapLength u32   20 linkType u32

/** Bytes of the file header. */
export const pcapHeaderBytes = 24;

/** How the records of one pcap file are laid out. */
export interface PcapLayout {
  readonly littleEndian: boolean;
  /** 16; 24 in files of the modified format (magic a1b2cd34). */
  readonly recordHeaderBytes: number;
  /** Fractions of a second are nanoseconds, not microseconds. */
  readonly nanoseconds: boolean;
  /** Order of the two length fields: old versions wrote the length on the wire first, or did so at times. */
  readonly lengths: 'captured-first' | 'wire-first' | 'smaller-first';
  /** 0 when the file sets no limit. */
  readonly snapLength: number;
  readonly linkType: number;
}

const micros = 0xa1b2c3d4;
const nanos = 0xa1b23c4d;
const modified = 0xa1b2cd34;

/** True when a file that starts with these four bytes (read big-endian) is a pcap file. */
export function isPcapMagic(magic: number): boolean {
  return littleEndianOf(magic) !== undefined;
}

function littleEndianOf(magic: number): boolean | undefined {
  if (magic === micros || magic === nanos || magic === modified) return false;
  if (magic === 0xd4c3b2a1 || magic === 0x4d3cb2a1 || magic === 0x34cdb2a1) return true;
  return undefined;
}

/** False when no pcap magic starts with this byte. */
export const mayStartPcap = (byte: number): boolean => byte === 0xa1 || byte === 0xd4 || byte === 0x4d || byte === 0x34;

/** A file header in the middle of a file, behind at least 24 bytes of it: captures were joined with `cat`. */
export function isJoinedPcap(view: DataView, at: number): boolean {
  const littleEndian = littleEndianOf(view.getUint32(at));
  if (littleEndian === undefined) return false;
  return view.getUint16(at + 4, littleEndian) === 2 && view.getUint16(at + 6, littleEndian) <= 4;
}

/** libpcap: before 2.3 the wire length came first, in 2.3 either order occurs; 543.0 is Digital Unix. */
function lengthOrder(major: number, minor: number): PcapLayout['lengths'] {
  if (major === 2 && minor < 3) return 'wire-first';
  if (major === 2 && minor === 3) return 'smaller-first';
  return major === 543 ? 'wire-first' : 'captured-first';
}

/** Files written with the platform's DLT number instead of the registry's: raw IP is 12 (or 14 on OpenBSD), the registry says 101. */
export function registryLinkType(linkType: number): number {
  return linkType === 12 || linkType === 14 ? 101 : linkType;
}

/**
 * Reads a file header; undefined when the magic is another. The caller has made sure of 24 bytes.
 * The upper bits of the link type (length of the frame check sequence) are dropped and the check sequence stays in the
 * packet, as in libpcap: layers above go by their own lengths.
 */
export function readPcapHeader(view: DataView, at: number): PcapLayout | undefined {
  const magic = view.getUint32(at);
  const littleEndian = littleEndianOf(magic);
  if (littleEndian === undefined) return undefined;
  const number = view.getUint32(at, littleEndian);
  const snapLength = view.getUint32(at + 16, littleEndian);
  return {
    littleEndian,
    recordHeaderBytes: number === modified ? 24 : 16,
    nanoseconds: number === nanos,
    lengths: lengthOrder(view.getUint16(at + 4, littleEndian), view.getUint16(at + 6, littleEndian)),
    snapLength: snapLength > 0x7fffffff ? 0 : snapLength,
    linkType: registryLinkType(view.getUint32(at + 20, littleEndian) & 0xffff),
  };
}
