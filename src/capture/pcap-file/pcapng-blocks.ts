// The frame that all pcapng blocks share. draft-ietf-opsawg-pcapng §3.1: type u32, total length u32, body, total length u32.
import { maxBlockBytes } from './capture-parser.ts';

/** Block types. draft-ietf-opsawg-pcapng §4 and §10.1. */
export const blockType = {
  section: 0x0a0d0d0a,
  interface: 1,
  obsoletePacket: 2,
  simplePacket: 3,
  nameResolution: 4,
  interfaceStatistics: 5,
  enhancedPacket: 6,
  journalExport: 9,
  decryptionSecrets: 10,
  custom: 0x00000bad,
  customNotCopied: 0x40000bad,
} as const;

const highestPlainType = blockType.decryptionSecrets;

/** First bytes of a block that say how long it is; a section header needs four more for its byte order. */
export const blockHeadBytes = 12;

/** True for block types that a damaged place is searched for. */
export function isKnownBlock(type: number): boolean {
  if (type <= highestPlainType) return type !== 0 && type !== 7 && type !== 8;
  return type === blockType.section || type === blockType.custom || type === blockType.customNotCopied;
}

/** Byte order of a section header at `at`: true little, undefined when its byte-order magic is none. */
export function sectionByteOrder(view: DataView, at: number): boolean | undefined {
  const magic = view.getUint32(at + 8);
  if (magic === 0x1a2b3c4d) return false;
  return magic === 0x4d3c2b1a ? true : undefined;
}

/** A block's total length can be true. */
export function isBlockLength(length: number): boolean {
  return length >= 12 && length <= maxBlockBytes && (length & 3) === 0;
}
