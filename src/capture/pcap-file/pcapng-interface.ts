// Interface Description Block. draft-ietf-opsawg-pcapng §4.2: linkType u16, reserved u16, snapLength u32, options.
import type { Bytes } from '../../base/bytes.ts';
import type { ParserContext } from './capture-parser.ts';
import { registryLinkType } from './pcap-header.ts';
import { type OptionReader, optionCode } from './pcapng-options.ts';
import { type TickScale, tickScale } from './tick-scale.ts';

/** What packets need to know of their interface. */
export interface PcapngInterface {
  /** Index into the source's points; -1 when there are too many. */
  readonly point: number;
  /** 0 when unlimited. */
  readonly snapLength: number;
  readonly toMicros: TickScale;
  readonly comments: number;
}

/** An interface whose description could not be read, so that the numbers of those behind it stay right. */
export const unknownInterface: PcapngInterface = { point: -1, snapLength: 0, toMicros: tickScale(6, 0), comments: 0 };

/** Reads a description block at `[at, at + length)`. */
export function readInterface(
  bytes: Bytes,
  at: number,
  length: number,
  littleEndian: boolean,
  options: OptionReader,
  context: ParserContext,
): PcapngInterface {
  if (length < 20) return unknownInterface;
  const { view } = bytes;
  const linkType = registryLinkType(view.getUint16(at + 8, littleEndian));
  const rawSnapLength = view.getUint32(at + 12, littleEndian);
  const snapLength = rawSnapLength > 0x7fffffff ? 0 : rawSnapLength;
  let interfaceName = '';
  let resolution = 6;
  let offsetSeconds = 0;
  let comments = 0;
  options.reset(view, at + 16, at + length - 4, littleEndian);
  while (options.next()) {
    if (options.code === optionCode.interfaceName) interfaceName = bytes.text(options.at, options.at + Math.min(options.length, 256));
    else if (options.code === optionCode.interfaceTimeResolution) resolution = options.byte(6);
    else if (options.code === optionCode.interfaceTimeOffset) offsetSeconds = options.int64();
    else if (options.code === optionCode.comment) comments++;
  }
  const point = context.points.add({ linkType, source: context.source, interfaceName, snapLength });
  return { point, snapLength, toMicros: tickScale(resolution, offsetSeconds), comments };
}
