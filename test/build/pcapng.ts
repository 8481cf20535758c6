// pcapng blocks as bytes, in both byte orders. draft-ietf-opsawg-pcapng.
import { joinBytes, type TestPacket } from './pcap.ts';

/** An option: its code and its value. */
export type TestOption = readonly [code: number, value: Uint8Array];

const padded = (bytes: Uint8Array): Uint8Array => joinBytes(bytes, new Uint8Array((4 - (bytes.length & 3)) & 3));

/** An option with text. */
export const textOption = (code: number, text: string): TestOption => [code, new TextEncoder().encode(text)];

/** Builds the blocks of sections of one byte order. */
export class TestBlocks {
  readonly #little: boolean;

  constructor(shape: { readonly bigEndian?: boolean } = {}) {
    this.#little = !shape.bigEndian;
  }

  /** Any block around a body. */
  block(type: number, body: Uint8Array, options: readonly TestOption[] = []): Uint8Array {
    const content = joinBytes(padded(body), ...this.#options(options));
    const length = content.length + 12;
    return joinBytes(this.u32(type, length), content, this.u32(length));
  }

  section(options: readonly TestOption[] = []): Uint8Array {
    return this.block(0x0a0d0d0a, joinBytes(this.u32(0x1a2b3c4d), this.u16(1, 0), this.u32(0xffffffff, 0xffffffff)), options);
  }

  interface(shape: { linkType?: number; snapLength?: number; options?: readonly TestOption[] } = {}): Uint8Array {
    return this.block(1, joinBytes(this.u16(shape.linkType ?? 1, 0), this.u32(shape.snapLength ?? 0)), shape.options);
  }

  /** An enhanced packet; `ticks` replaces the time where the interface counts otherwise than in microseconds. */
  packet(packet: TestPacket, shape: { interfaceIndex?: number; ticks?: bigint; options?: readonly TestOption[] } = {}): Uint8Array {
    const ticks = shape.ticks ?? BigInt(packet.time);
    const head = this.u32(shape.interfaceIndex ?? 0, Number(ticks >> 32n), Number(ticks & 0xffffffffn), packet.bytes.length);
    return this.block(6, joinBytes(head, this.u32(packet.wire ?? packet.bytes.length), packet.bytes), shape.options);
  }

  simplePacket(bytes: Uint8Array, wire = bytes.length): Uint8Array {
    return this.block(3, joinBytes(this.u32(wire), bytes));
  }

  obsoletePacket(packet: TestPacket, drops: number, interfaceIndex = 0): Uint8Array {
    const time = BigInt(packet.time);
    const lengths = this.u32(packet.bytes.length, packet.wire ?? packet.bytes.length);
    const head = joinBytes(this.u16(interfaceIndex, drops), this.u32(Number(time >> 32n), Number(time & 0xffffffffn)), lengths);
    return this.block(2, joinBytes(head, packet.bytes));
  }

  statistics(interfaceIndex: number, options: readonly TestOption[]): Uint8Array {
    return this.block(5, this.u32(interfaceIndex, 0, 0), options);
  }

  /** A whole section: header, one interface, packets. */
  file(packets: readonly TestPacket[]): Uint8Array {
    return joinBytes(this.section(), this.interface(), ...packets.map((packet) => this.packet(packet)));
  }

  u16(...values: readonly number[]): Uint8Array {
    const bytes = new Uint8Array(2 * values.length);
    const view = new DataView(bytes.buffer);
    for (const [i, value] of values.entries()) view.setUint16(2 * i, value, this.#little);
    return bytes;
  }

  u32(...values: readonly number[]): Uint8Array {
    const bytes = new Uint8Array(4 * values.length);
    const view = new DataView(bytes.buffer);
    for (const [i, value] of values.entries()) view.setUint32(4 * i, value, this.#little);
    return bytes;
  }

  u64(value: bigint): Uint8Array {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigInt64(0, value, this.#little);
    return bytes;
  }

  #options(options: readonly TestOption[]): Uint8Array[] {
    if (options.length === 0) return [];
    return [...options.map(([code, value]) => joinBytes(this.u16(code, value.length), padded(value))), this.u32(0)];
  }
}
