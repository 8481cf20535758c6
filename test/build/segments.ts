// TCP and UDP as hosts send it, checksums included, in Ethernet frames: single packets and whole conversations.

import { ethernet, ipv4, tcp } from './frames.ts';
import { bytesOf } from './wire-bytes.ts';

/** A frame and when it was taken, microseconds since the epoch. */
export interface TimedFrame {
  readonly at: number;
  readonly frame: Uint8Array;
  /** Bytes on the wire where the capture has fewer. */
  readonly wire?: number;
}

/** When test traffic begins. */
export const trafficStart = 1_700_000_000_000_000;

const flagBits: Readonly<Record<string, number>> = { F: 0x01, S: 0x02, R: 0x04, P: 0x08, A: 0x10 };

/** Internet checksum (RFC 1071) of bytes after a sum so far. */
function checksum(bytes: Uint8Array, start: number, end: number, sum = 0): number {
  let total = sum;
  for (let at = start; at < end; at++) total += (at - start) % 2 === 0 ? (bytes[at] ?? 0) << 8 : (bytes[at] ?? 0);
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
  return ~total & 0xffff;
}

/** Where the checksum stands in the transport header, by IP protocol. */
const checksumOffsets: Readonly<Record<number, number>> = { 1: 2, 6: 16, 17: 6 };

/** Fills in the checksums of an Ethernet frame with IPv4, of the IP header and of ICMP, TCP or UDP. */
export function withChecksums(frame: Uint8Array): Uint8Array {
  const [ip, l4] = [14, 14 + ((frame[14] ?? 0) & 15) * 4];
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const protocol = frame[ip + 9] ?? 0;
  view.setUint16(ip + 10, 0);
  view.setUint16(ip + 10, checksum(frame, ip, l4));
  const offset = checksumOffsets[protocol];
  if (offset === undefined) return frame;
  // The pseudo header: addresses, protocol and length. ICMP has none.
  let pseudo = 0;
  if (protocol !== 1) for (let at = ip + 12; at < l4; at += 2) pseudo += view.getUint16(at);
  if (protocol !== 1) pseudo += protocol + frame.length - l4;
  view.setUint16(l4 + offset, 0);
  view.setUint16(l4 + offset, checksum(frame, l4, frame.length, pseudo));
  return frame;
}

function endOf(text: string): readonly [address: string, port: number] {
  const [address = '', port = '0'] = text.split(':');
  return [address, Number(port)];
}

/** What a segment says besides its ends. */
export interface SegmentFields {
  readonly sequence?: number;
  readonly acknowledged?: number;
  /** IP identification. */
  readonly id?: number;
  readonly payload?: string;
}

/** One TCP segment in a frame. @param flags letters of S A P F R */
export function segment(from: string, to: string, flags: string, fields: SegmentFields = {}): Uint8Array {
  const [source, sourcePort] = endOf(from);
  const [target, targetPort] = endOf(to);
  const bits = [...flags].reduce((sum, letter) => sum | (flagBits[letter] ?? 0), 0);
  const { sequence = 1000, acknowledged = 0, id = 1, payload = '' } = fields;
  const packet = tcp(sourcePort, targetPort, { sequence, acknowledged, flags: bits }, bytesOf(payload));
  return withChecksums(ethernet(ipv4(packet, { source, target, protocol: 6, id, dontFragment: true })));
}

/** How a conversation goes; times in microseconds. */
export interface Talk {
  readonly client: string;
  readonly server: string;
  readonly at?: number;
  /** Between packets. Default 500. */
  readonly step?: number;
  /** What both say in turn, the client first. */
  readonly lines?: readonly string[];
  /** First IP identification; both ends count from here. Default 1. */
  readonly id?: number;
}

/** A TCP conversation from handshake to closing. */
export function conversation({ client, server, at = trafficStart, step = 500, lines = ['hello', 'world!'], id = 1 }: Talk): TimedFrame[] {
  const frames: TimedFrame[] = [];
  const next = { client: 1000 + id * 7, server: 5000 + id * 13 };
  const send = (fromClient: boolean, flags: string, payload = ''): void => {
    const [sequence, acknowledged] = fromClient ? [next.client, next.server] : [next.server, next.client];
    const fields = { sequence, acknowledged: flags === 'S' ? 0 : acknowledged, id: (id + frames.length) & 0xffff, payload };
    const frame = fromClient ? segment(client, server, flags, fields) : segment(server, client, flags, fields);
    frames.push({ at: at + frames.length * step, frame });
    next[fromClient ? 'client' : 'server'] += payload.length + (/[SF]/.test(flags) ? 1 : 0);
  };
  send(true, 'S');
  send(false, 'SA');
  send(true, 'A');
  for (const [i, line] of lines.entries()) send(i % 2 === 0, 'PA', line);
  send(true, 'FA');
  send(false, 'FA');
  send(true, 'A');
  return frames;
}
