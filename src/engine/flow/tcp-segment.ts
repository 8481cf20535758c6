// The TCP segment being processed: one reused object. RFC 9293 §3.1.
import { Bytes } from '../../base/bytes.ts';
import type { Packet } from '../wire/packet.ts';

export const tcpFlags = { fin: 1, syn: 2, rst: 4, ack: 16, urg: 32 } as const;
const control = tcpFlags.fin | tcpFlags.syn | tcpFlags.rst;
const shortestHeader = 20;

/** What `read` found: a usable segment, or why not. */
export type SegmentFault = '' | 'bad_TCP_header_len' | 'truncated_header';

export class TcpSegment {
  at = 0;
  bytes = new Bytes(new Uint8Array(0));
  /** First payload byte in `bytes`. */
  start = 0;
  /** Payload length that the IP header claims. */
  length = 0;
  /** Payload bytes that the capture has. */
  captured = 0;
  flags = 0;
  /** Signed, as in Endpoint. */
  sequence = 0;
  acknowledgement = 0;
  window = 0;
  #header = 0;

  /** Fills the fields from a packet whose first 20 bytes of TCP header are there. */
  read(packet: Packet): SegmentFault {
    const { bytes, l4Start } = packet;
    const { view } = bytes;
    const headerLength = (view.getUint8(l4Start + 12) >>> 4) * 4;
    if (headerLength < shortestHeader) return 'bad_TCP_header_len';
    this.captured = packet.end - l4Start - headerLength;
    if (this.captured < 0) return 'truncated_header';
    this.length = this.captured + packet.missing;
    this.at = packet.at;
    this.bytes = bytes;
    this.start = l4Start + headerLength;
    this.sequence = view.getInt32(l4Start + 4);
    this.acknowledgement = view.getInt32(l4Start + 8);
    this.flags = view.getUint8(l4Start + 13);
    this.window = view.getUint16(l4Start + 14);
    this.#header = l4Start;
    return '';
  }

  get syn(): boolean {
    return (this.flags & tcpFlags.syn) !== 0;
  }
  get fin(): boolean {
    return (this.flags & tcpFlags.fin) !== 0;
  }
  get rst(): boolean {
    return (this.flags & tcpFlags.rst) !== 0;
  }
  get ack(): boolean {
    return (this.flags & tcpFlags.ack) !== 0;
  }
  get urg(): boolean {
    return (this.flags & tcpFlags.urg) !== 0;
  }
  /** No SYN, FIN or RST. */
  get isPlain(): boolean {
    return (this.flags & control) === 0;
  }

  /** Sequence numbers that it takes: payload (of an RST: none), one for SYN, one for FIN. */
  get span(): number {
    return (this.rst ? 0 : this.length) + (this.syn ? 1 : 0) + (this.fin ? 1 : 0);
  }

  /** The shift of the window scale option (RFC 7323 §2.2); -1 when there is none. */
  windowScale(): number {
    const { view } = this.bytes;
    let at = this.#header + shortestHeader;
    while (at < this.start) {
      const kind = view.getUint8(at);
      if (kind === 0) return -1;
      if (kind === 1) {
        at++;
        continue;
      }
      if (at + 1 >= this.start) return -1;
      const length = view.getUint8(at + 1);
      if (length === 0 || at + length > this.start) return -1;
      if (kind === 3 && length >= 3) return view.getUint8(at + 2);
      at += length;
    }
    return -1;
  }
}
