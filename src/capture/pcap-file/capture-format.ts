// Which format a stream is in, by its first bytes.

import type { ByteWindow } from './byte-window.ts';
import type { CaptureParser, ParserContext } from './capture-parser.ts';
import { isPcapMagic, pcapHeaderBytes, readPcapHeader } from './pcap-header.ts';
import { PcapParser } from './pcap-parser.ts';
import { blockHeadBytes, blockType, sectionByteOrder } from './pcapng-blocks.ts';
import { PcapngParser } from './pcapng-parser.ts';

/** Bytes that decide about the format. */
export const formatBytes = pcapHeaderBytes;

/** The format of a stream by its first bytes; undefined when it is no capture. Four bytes decide for pcap, twelve for pcapng. */
export function captureFormatOf(view: DataView, start: number, end: number): 'pcap' | 'pcapng' | undefined {
  if (end - start < 4) return undefined;
  const magic = view.getUint32(start);
  if (isPcapMagic(magic)) return 'pcap';
  if (magic !== blockType.section || end - start < blockHeadBytes) return undefined;
  return sectionByteOrder(view, start) === undefined ? undefined : 'pcapng';
}

/**
 * The parser for the capture that starts at `window.start`, its file header taken. Undefined when it is no capture, or
 * ends inside its file header.
 */
export function parserFor(window: ByteWindow, context: ParserContext): CaptureParser | undefined {
  const { view } = window.bytes;
  const format = captureFormatOf(view, window.start, window.end);
  if (format === 'pcapng') return new PcapngParser(context);
  if (format === undefined || window.end - window.start < pcapHeaderBytes) return undefined;
  const layout = readPcapHeader(view, window.start);
  if (layout === undefined) return undefined;
  window.start += pcapHeaderBytes;
  return new PcapParser(layout, context);
}
