// The long header of a QUIC packet. RFC 9000 §17.2, RFC 9369 §3.2. A view: valid until the next `read`.
//
//   0      1         5    6             6+d  7+d           7+d+s
//   +------+---------+----+-------------+----+-------------+---------------------------------
//   | form | version |  d | destination |  s | source      | Initial: token; length, payload
//   +------+---------+----+-------------+----+-------------+---------------------------------
import type { Bytes } from '../../../base/bytes.ts';
import { initialSalt, quicVersion2 } from './initial-keys.ts';

export type PacketType = 'initial' | 'zero-rtt' | 'handshake' | 'retry' | 'unknown-version';

const typesV1: readonly PacketType[] = ['initial', 'zero-rtt', 'handshake', 'retry'];
/** Version 2 rotates them to keep middleboxes from freezing the protocol. */
const typesV2: readonly PacketType[] = ['retry', 'initial', 'zero-rtt', 'handshake'];

const minBytes = 7;

/** A variable-length integer as it was read last. RFC 9000 §16. */
export class VarintReader {
  value = 0;
  /** Position behind it. */
  next = 0;

  /** False when it does not fit before `end`. Values above 2^53 lose precision and are too large for anything here. */
  read(bytes: Bytes, at: number, end: number): boolean {
    if (at >= end) return false;
    const first = bytes.view.getUint8(at);
    const length = 1 << (first >> 6);
    if (at + length > end) return false;
    let value = first & 0x3f;
    for (let i = 1; i < length; i++) value = value * 256 + bytes.view.getUint8(at + i);
    this.value = value;
    this.next = at + length;
    return true;
  }
}

export class LongHeader {
  type: PacketType = 'initial';
  version = 0;
  destinationStart = 0;
  destinationEnd = 0;
  sourceStart = 0;
  sourceEnd = 0;
  /** Where the protected packet number begins. */
  payloadStart = 0;
  /** End of the packet; the next one of the datagram begins there. */
  packetEnd = 0;
  readonly #varint = new VarintReader();

  /** Reads the packet at `start`; false when it does not fit into the datagram that ends at `end`. */
  read(bytes: Bytes, start: number, end: number): boolean {
    if (end - start < minBytes) return false;
    const { view } = bytes;
    this.version = view.getUint32(start + 1);
    this.destinationStart = start + 6;
    this.destinationEnd = this.destinationStart + view.getUint8(start + 5);
    if (this.destinationEnd >= end) return false;
    this.sourceStart = this.destinationEnd + 1;
    this.sourceEnd = this.sourceStart + view.getUint8(this.destinationEnd);
    if (this.sourceEnd > end) return false;
    this.payloadStart = this.sourceEnd;
    this.packetEnd = end;
    if (initialSalt(this.version) === undefined) {
      this.type = 'unknown-version';
      return true;
    }
    const kind = (view.getUint8(start) >> 4) & 3;
    this.type = (this.version === quicVersion2 ? typesV2 : typesV1)[kind] ?? 'initial';
    return this.type === 'retry' || this.#readLengths(bytes, end);
  }

  #readLengths(bytes: Bytes, end: number): boolean {
    const varint = this.#varint;
    let at = this.sourceEnd;
    if (this.type === 'initial') {
      if (!varint.read(bytes, at, end) || varint.value > end - varint.next) return false;
      at = varint.next + varint.value;
    }
    if (!varint.read(bytes, at, end) || varint.value > end - varint.next) return false;
    this.payloadStart = varint.next;
    this.packetEnd = varint.next + varint.value;
    return this.type !== 'initial' || varint.value >= minInitialPayload;
  }
}

/** Packet number of four bytes and the sample of header protection. RFC 9001 §5.4.2. */
const minInitialPayload = 20;
