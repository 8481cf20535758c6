// pcapng blocks as bytes. draft-ietf-opsawg-pcapng §4. Little-endian; times in microseconds, which is the format's default.
import { blockType } from './pcapng-blocks.ts';

/** Who made a file and why. */
export interface SectionInfo {
  readonly comment?: string;
  readonly hardware?: string;
  readonly os?: string;
  /** The program that wrote it, with its version. */
  readonly userApplication?: string;
}

/** One interface of a file. */
export interface InterfaceInfo {
  /** Link type of the pcap registry. */
  readonly linkType: number;
  /** Bytes; 0 when unlimited. */
  readonly snapLength: number;
  readonly name?: string;
  readonly description?: string;
}

/** Where a packet lies and what is known of it. */
export interface PacketInfo {
  /** Number of its interface, in the order the interfaces were written. */
  readonly interfaceIndex: number;
  /** Microseconds since the epoch. */
  readonly time: number;
  /** The packet is `bytes[start, start + captured)`. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly captured: number;
  readonly wire: number;
  readonly comments?: readonly string[];
}

type Option = readonly [code: number, value: string | undefined];

const maxOptionBytes = 0xffff;
const word = 2 ** 32;
const encoder = new TextEncoder();
const padded = (length: number): number => (length + 3) & ~3;

/** Encodes blocks one behind another into a buffer that grows. */
export class BlockEncoder {
  #bytes: Uint8Array;
  #view: DataView;
  /** Bytes that wait to be written. */
  length = 0;

  constructor(capacity = 1 << 16) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** What was encoded since the last call; valid until the next block. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.length);
    this.length = 0;
    return taken;
  }

  section(info: SectionInfo): void {
    const start = this.#begin(blockType.section);
    this.#u32(0x1a2b3c4d);
    this.#u16(1);
    this.#u16(0);
    this.#u32(0xffffffff);
    this.#u32(0xffffffff);
    this.#end(start, [
      [1, info.comment],
      [2, info.hardware],
      [3, info.os],
      [4, info.userApplication],
    ]);
  }

  interface(info: InterfaceInfo): void {
    const start = this.#begin(blockType.interface);
    this.#u16(info.linkType);
    this.#u16(0);
    this.#u32(info.snapLength);
    this.#end(start, [
      [2, info.name],
      [3, info.description],
    ]);
  }

  packet(info: PacketInfo): void {
    const start = this.#begin(blockType.enhancedPacket);
    this.#u32(info.interfaceIndex);
    this.#u32(Math.floor(info.time / word));
    this.#u32(info.time % word);
    this.#u32(info.captured);
    this.#u32(info.wire);
    this.#data(info.bytes.subarray(info.start, info.start + info.captured));
    this.#end(start, info.comments?.map((comment): Option => [1, comment]) ?? []);
  }

  #begin(type: number): number {
    const start = this.length;
    this.#u32(type);
    this.#u32(0);
    return start;
  }

  /** Options that are absent or empty are left out; the list is closed only where there is one. */
  #end(start: number, options: readonly Option[]): void {
    let any = false;
    for (const [code, value] of options) {
      if (value === undefined || value === '') continue;
      any = true;
      const text = optionText(value);
      this.#u16(code);
      this.#u16(text.length);
      this.#data(text);
    }
    if (any) this.#u32(0);
    const length = this.length + 4 - start;
    this.#u32(length);
    this.#view.setUint32(start + 4, length, true);
  }

  #u16(value: number): void {
    this.#reserve(2);
    this.#view.setUint16(this.length, value, true);
    this.length += 2;
  }

  #u32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.length, value, true);
    this.length += 4;
  }

  #data(bytes: Uint8Array): void {
    const size = padded(bytes.length);
    this.#reserve(size);
    this.#bytes.set(bytes, this.length);
    this.#bytes.fill(0, this.length + bytes.length, this.length + size);
    this.length += size;
  }

  #reserve(more: number): void {
    if (this.length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.length + more));
    grown.set(this.#bytes.subarray(0, this.length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

/** UTF-8 of an option's value, cut at a whole character where it is longer than an option can be. */
function optionText(value: string): Uint8Array {
  const bytes = encoder.encode(value);
  if (bytes.length <= maxOptionBytes) return bytes;
  let end = maxOptionBytes;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}
