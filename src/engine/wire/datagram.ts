// One datagram in pieces: its header, its bytes so far, and which of them are there. Reused.
import type { Packet } from './packet.ts';

/** Buffers begin with this size. */
export const smallBuffer = 2048;

export class Datagram {
  hash = 0;
  /** Identification of its fragments. */
  id = 0;
  firstAt = 0;
  lastAt = 0;
  fragments = 0;
  /** Addresses of the sender and the target, as in `Packet`, and its context. */
  readonly addresses = new Int32Array(8);
  context = 0;
  /** Header (without the fragment header of IPv6), then payload. */
  u8 = new Uint8Array(smallBuffer);
  headerBytes = 0;
  protocol = 0;
  /** IPv6: where the header names what follows it. */
  nextAt = 0;
  /** Bytes of payload; 0 while the last fragment is missing. */
  payloadBytes = 0;
  /** Pieces that are there, in order, not touching: starts and ends relative to the payload. */
  readonly starts: number[] = [];
  readonly ends: number[] = [];

  /** Neighbours in the table: of the same bucket, and by age. */
  next: Datagram | null = null;
  older: Datagram | null = null;
  newer: Datagram | null = null;

  reset(hash: number, id: number, packet: Packet): void {
    this.hash = hash;
    this.id = id;
    this.firstAt = packet.at;
    this.lastAt = packet.at;
    this.fragments = 0;
    this.context = packet.context;
    this.protocol = packet.protocol;
    const { addresses } = this;
    addresses[0] = packet.s0;
    addresses[1] = packet.s1;
    addresses[2] = packet.s2;
    addresses[3] = packet.s3;
    addresses[4] = packet.d0;
    addresses[5] = packet.d1;
    addresses[6] = packet.d2;
    addresses[7] = packet.d3;
    this.headerBytes = 0;
    this.payloadBytes = 0;
    this.starts.length = 0;
    this.ends.length = 0;
  }

  /** Whether a fragment with this identification belongs to it. */
  isOf(packet: Packet, id: number): boolean {
    const { addresses } = this;
    return (
      this.id === id &&
      this.context === packet.context &&
      addresses[3] === packet.s3 &&
      addresses[7] === packet.d3 &&
      addresses[2] === packet.s2 &&
      addresses[6] === packet.d2 &&
      addresses[1] === packet.s1 &&
      addresses[5] === packet.d1 &&
      addresses[0] === packet.s0 &&
      addresses[4] === packet.d0
    );
  }

  /** @returns bytes by which the buffer grew */
  ensure(bytes: number): number {
    const before = this.u8.length;
    if (bytes <= before) return 0;
    const grown = new Uint8Array(Math.max(bytes, before * 2));
    grown.set(this.u8);
    this.u8 = grown;
    return grown.length - before;
  }

  get isComplete(): boolean {
    return this.payloadBytes > 0 && this.starts.length > 0 && this.starts[0] === 0 && (this.ends[0] ?? 0) >= this.payloadBytes;
  }
}
