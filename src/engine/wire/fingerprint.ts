// What two copies of one packet have in common, wherever they were taken: 64 bits of hash.
import { IpProtocol } from './ip.ts';
import type { Packet } from './packet.ts';

/**
 * Bytes of the transport header and payload that count. TCP: ports, sequence numbers, flags, window; not the checksum, which
 * offload leaves unfinished on the sending host. Others: enough to reach the inner headers of a tunnel.
 */
const tcpBytes = 16;
const otherBytes = 96;

/**
 * Hash of addresses, protocol, identification, length and the first transport bytes. Left out is what changes on the way:
 * link layer, TTL, type of service, header checksum. Two lanes, so that chance collisions do not matter.
 */
export class Fingerprint {
  low = 0;
  high = 0;

  /** Takes the packet's fingerprint into `low` and `high`. */
  take(packet: Packet): void {
    const { view } = packet.bytes;
    let a = Math.imul(packet.s3 ^ Math.imul(packet.d3, 0x85ebca6b), 0x9e3779b1) ^ packet.protocol;
    let b = Math.imul(packet.d3 ^ Math.imul(packet.s3, 0xc2b2ae35), 0x27d4eb2f) ^ packet.ipLength;
    a = Math.imul(a ^ (a >>> 15) ^ packet.ipId, 0x2c1b3c6d);
    b = Math.imul(b ^ (b >>> 13) ^ (packet.ipId << 16), 0x297a2d39);
    if (packet.ipVersion === 6) {
      a = Math.imul(a ^ packet.s0 ^ (packet.s1 << 1) ^ (packet.d2 << 2), 0x85ebca6b);
      b = Math.imul(b ^ packet.d0 ^ (packet.d1 << 1) ^ (packet.s2 << 2), 0xc2b2ae35);
    }
    const start = packet.l4Start;
    const wanted = packet.protocol === IpProtocol.tcp ? tcpBytes : otherBytes;
    const end = Math.min(packet.end, start + wanted);
    let at = start;
    for (; at + 4 <= end; at += 4) {
      const word = view.getInt32(at);
      a = Math.imul(a ^ word, 0x9e3779b1);
      a ^= a >>> 15;
      b = Math.imul((b << 5) ^ (b >>> 27) ^ word, 0x85ebca6b);
    }
    for (; at < end; at++) a = Math.imul(a ^ view.getUint8(at), 0x01000193);
    this.low = (a ^ (b >>> 16)) | 0;
    this.high = (b ^ (b >>> 13)) | 0;
  }
}

/** Sources and targets (words as signed integers) that several tenants use alike: nothing follows from seeing them twice. */
function isShared(w0: number, w1: number, w2: number, w3: number): boolean {
  if (w0 === 0 && w1 === 0 && w2 === 0xffff) {
    const first = w3 >>> 24;
    return first >= 224 || first === 0 || w3 >>> 16 === 0xa9fe;
  }
  const prefix = w0 >>> 16;
  return prefix >= 0xfe80 || (w0 === 0 && w1 === 0 && w2 === 0);
}

/**
 * Whether equal fingerprints prove one packet, so that the spaces it was seen in are one: unicast between addresses that are
 * nobody's default, and fields that differ from packet to packet.
 */
export function isTelling(packet: Packet): boolean {
  if (isShared(packet.s0, packet.s1, packet.s2, packet.s3)) return false;
  if (isShared(packet.d0, packet.d1, packet.d2, packet.d3)) return false;
  if (packet.protocol === IpProtocol.tcp) return packet.end - packet.l4Start >= 8 && packet.bytes.view.getInt32(packet.l4Start + 4) !== 0;
  return packet.ipId !== 0 || packet.end - packet.l4Start >= 20;
}
