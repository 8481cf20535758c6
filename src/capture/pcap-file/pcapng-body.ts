// What the blocks of a pcapng section say: interfaces, packets, statistics. The frame around them was checked before.
import type { BatchBuffer } from './batch-buffer.ts';
import type { ByteWindow } from './byte-window.ts';
import type { ParserContext } from './capture-parser.ts';
import { blockType } from './pcapng-blocks.ts';
import { type PcapngInterface, readInterface, unknownInterface } from './pcapng-interface.ts';
import { OptionReader, optionCode } from './pcapng-options.ts';

const maxInterfaces = 0x10000;

/** Reads block bodies; keeps the interfaces of the present section. */
export class PcapngBody {
  littleEndian = true;
  packets = 0;
  truncatedPackets = 0;
  comments = 0;
  readonly #context: ParserContext;
  readonly #options = new OptionReader();
  #interfaces: PcapngInterface[] = [];
  #lastTime = 0;
  /** Drops per interface of this section as its last statistics block told; they count from the start of the capture. */
  #sectionDrops = new Map<number, number>();
  #earlierDrops = 0;
  #dropsBetweenPackets = 0;
  #dropsKnown = false;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  /** Statistics blocks where there are any, else what packets say was lost before them; undefined when nothing was said. */
  reportedDrops(): number | undefined {
    if (!this.#dropsKnown) return this.#dropsBetweenPackets > 0 ? this.#dropsBetweenPackets : undefined;
    let drops = this.#earlierDrops;
    for (const count of this.#sectionDrops.values()) drops += count;
    return drops;
  }

  /** A new section (a block at `[at, at + length)`): its own byte order, and interfaces are numbered from 0 again. */
  startSection(window: ByteWindow, at: number, length: number, littleEndian: boolean): void {
    this.littleEndian = littleEndian;
    this.#options.reset(window.bytes.view, at + 24, at + length - 4, littleEndian);
    while (this.#options.next()) if (this.#options.code === optionCode.comment) this.comments++;
    for (const count of this.#sectionDrops.values()) this.#earlierDrops += count;
    this.#sectionDrops = new Map();
    this.#interfaces = [];
  }

  /** Takes one block at `[at, at + length)`; kinds that carry neither packets nor loss are passed over. */
  take(window: ByteWindow, at: number, length: number, out: BatchBuffer): void {
    const type = window.bytes.view.getUint32(at, this.littleEndian);
    if (type === blockType.enhancedPacket) this.#takeEnhanced(window, at, length, out);
    else if (type === blockType.simplePacket) this.#takeSimple(window, at, length, out);
    else if (type === blockType.obsoletePacket) this.#takeObsolete(window, at, length, out);
    else if (type === blockType.interface) this.#takeInterface(window, at, length);
    else if (type === blockType.interfaceStatistics) this.#takeStatistics(window, at, length);
  }

  #takeInterface(window: ByteWindow, at: number, length: number): void {
    if (this.#interfaces.length >= maxInterfaces) return;
    const described = readInterface(window.bytes, at, length, this.littleEndian, this.#options, this.#context);
    this.#interfaces.push(described);
    this.comments += described.comments;
    if (described === unknownInterface) this.#damage(window, at, length, 'an interface description too short to be one');
  }

  /** §4.3: interface u32, time high u32, time low u32, captured u32, wire u32, data, options. */
  #takeEnhanced(window: ByteWindow, at: number, length: number, out: BatchBuffer): void {
    const { view } = window.bytes;
    const little = this.littleEndian;
    if (length < 32) return void this.#damage(window, at, length, 'an enhanced packet block too short to be one');
    const captured = view.getUint32(at + 20, little);
    if (captured > length - 32) return void this.#damage(window, at, length, 'a packet longer than its block');
    const from = this.#interfaces[view.getUint32(at + 8, little)];
    if (from === undefined || from.point < 0)
      return void this.#damage(window, at, length, 'a packet of an interface that is not described');
    this.#lastTime = from.toMicros(view.getUint32(at + 12, little), view.getUint32(at + 16, little));
    this.#deliver(out, from.point, at + 28, captured, view.getUint32(at + 24, little));
    const dataEnd = at + 28 + ((captured + 3) & ~3);
    if (dataEnd + 8 <= at + length) this.#takePacketOptions(view, dataEnd, at + length - 4);
  }

  #takePacketOptions(view: DataView, start: number, end: number): void {
    const options = this.#options;
    options.reset(view, start, end, this.littleEndian);
    while (options.next()) {
      if (options.code === optionCode.comment) this.comments++;
      else if (options.code === optionCode.packetDrops) this.#dropsBetweenPackets += options.uint64();
    }
  }

  /** §4.4: wire u32, data. It belongs to interface 0 and has no time: it takes that of the packet before it. */
  #takeSimple(window: ByteWindow, at: number, length: number, out: BatchBuffer): void {
    const from = this.#interfaces[0];
    if (length < 16) return void this.#damage(window, at, length, 'a simple packet block too short to be one');
    if (from === undefined || from.point < 0)
      return void this.#damage(window, at, length, 'a packet of an interface that is not described');
    const wire = window.bytes.view.getUint32(at + 8, this.littleEndian);
    const limit = from.snapLength === 0 ? wire : Math.min(wire, from.snapLength);
    this.#deliver(out, from.point, at + 12, Math.min(limit, length - 16), wire);
  }

  /** §A: interface u16, drops u16, time high u32, time low u32, captured u32, wire u32, data, options. */
  #takeObsolete(window: ByteWindow, at: number, length: number, out: BatchBuffer): void {
    const { view } = window.bytes;
    const little = this.littleEndian;
    if (length < 32) return void this.#damage(window, at, length, 'a packet block too short to be one');
    const captured = view.getUint32(at + 20, little);
    if (captured > length - 32) return void this.#damage(window, at, length, 'a packet longer than its block');
    const from = this.#interfaces[view.getUint16(at + 8, little)];
    if (from === undefined || from.point < 0)
      return void this.#damage(window, at, length, 'a packet of an interface that is not described');
    const drops = view.getUint16(at + 10, little);
    if (drops !== 0xffff) this.#dropsBetweenPackets += drops;
    this.#lastTime = from.toMicros(view.getUint32(at + 12, little), view.getUint32(at + 16, little));
    this.#deliver(out, from.point, at + 28, captured, view.getUint32(at + 24, little));
  }

  /** §4.6: interface u32, time u64, options. */
  #takeStatistics(window: ByteWindow, at: number, length: number): void {
    if (length < 24) return;
    const { view } = window.bytes;
    const options = this.#options;
    let drops = 0;
    let told = false;
    options.reset(view, at + 20, at + length - 4, this.littleEndian);
    while (options.next()) {
      const isDrop = options.code === optionCode.statisticsInterfaceDrops || options.code === optionCode.statisticsSystemDrops;
      if (isDrop) drops += options.uint64();
      told ||= isDrop;
    }
    if (!told) return;
    this.#dropsKnown = true;
    const index = view.getUint32(at + 8, this.littleEndian);
    if (index < this.#interfaces.length) this.#sectionDrops.set(index, drops);
  }

  #deliver(out: BatchBuffer, point: number, start: number, captured: number, wire: number): void {
    if (captured < wire) this.truncatedPackets++;
    out.add(this.#lastTime, start, captured, wire, point, ++this.packets);
  }

  #damage(window: ByteWindow, at: number, length: number, message: string): void {
    this.#context.damages.add('corrupt-block', window.offsetOf(at), length, message);
  }
}
