// Frames for tests, layer by layer: each builder takes what it carries. Checksums are zero unless said otherwise.

import { Bytes } from '../../src/base/bytes.ts';
import { parseAddress } from '../../src/base/ip.ts';
import type { CapturePoint, PacketBatch } from '../../src/model/packet-batch.ts';
import { bytesOf, long, type Part, short } from './wire-bytes.ts';

export const macA = [0xfa, 0x16, 0x3e, 0, 0, 0x0a];
export const macB = [0xfa, 0x16, 0x3e, 0, 0, 0x0b];

/** Ethernet II; 0x0800 or 0x86dd by the first byte of the payload when no type is given. */
export function ethernet(
  payload: Uint8Array,
  type = (payload[0] ?? 0) >> 4 === 6 ? 0x86dd : 0x0800,
  source = macA,
  target = macB,
): Uint8Array {
  return bytesOf(target, source, short(type), payload);
}

/** A frame with VLAN tags, outermost first. */
export function tagged(ids: readonly number[], payload: Uint8Array, tagType = 0x8100): Uint8Array {
  const type = (payload[0] ?? 0) >> 4 === 6 ? 0x86dd : 0x0800;
  const tags = ids.flatMap((id, i) => [...short(id), ...short(i === ids.length - 1 ? type : 0x8100)]);
  return bytesOf(macB, macA, short(tagType), tags, payload);
}

export interface Ipv4Fields {
  readonly source?: string;
  readonly target?: string;
  readonly protocol?: number;
  readonly id?: number;
  readonly ttl?: number;
  /** Total length; what is there when absent. */
  readonly length?: number;
  /** Bytes, a multiple of 8. */
  readonly fragmentOffset?: number;
  readonly moreFragments?: boolean;
  readonly dontFragment?: boolean;
  /** Multiple of four bytes. */
  readonly options?: readonly number[];
}

const wordsOf = (address: string): readonly number[] => parseAddress(address) ?? [0, 0, 0, 0];

export function ipv4(payload: Uint8Array, fields: Ipv4Fields = {}): Uint8Array {
  const { source = '10.0.0.1', target = '10.0.0.2', protocol = 17, id = 1, ttl = 64, fragmentOffset = 0, options = [] } = fields;
  const headerBytes = 20 + options.length;
  const flags = (fields.dontFragment === true ? 0x4000 : 0) | (fields.moreFragments === true ? 0x2000 : 0) | (fragmentOffset / 8);
  const length = fields.length ?? headerBytes + payload.length;
  const addresses: Part[] = [long(wordsOf(source)[3] ?? 0), long(wordsOf(target)[3] ?? 0)];
  return bytesOf(
    0x40 | (headerBytes / 4),
    0,
    short(length),
    short(id),
    short(flags),
    ttl,
    protocol,
    short(0),
    ...addresses,
    options,
    payload,
  );
}

export interface Ipv6Fields {
  readonly source?: string;
  readonly target?: string;
  /** Next header of the fixed header. */
  readonly next?: number;
  /** Payload length; what is there when absent. */
  readonly length?: number;
}

export function ipv6(payload: Uint8Array, fields: Ipv6Fields = {}): Uint8Array {
  const { source = '2001:db8::1', target = '2001:db8::2', next = 17, length = payload.length } = fields;
  return bytesOf(long(0x60000000), short(length), next, 64, ...wordsOf(source).map(long), ...wordsOf(target).map(long), payload);
}

export const udp = (source: number, target: number, payload: Uint8Array = new Uint8Array(0)): Uint8Array =>
  bytesOf(short(source), short(target), short(8 + payload.length), short(0), payload);

export interface TcpFields {
  readonly sequence?: number;
  readonly acknowledged?: number;
  /** Default ACK (0x10). */
  readonly flags?: number;
}

export function tcp(source: number, target: number, fields: TcpFields = {}, payload: Uint8Array = new Uint8Array(0)): Uint8Array {
  const { sequence = 1000, acknowledged = 0, flags = 0x10 } = fields;
  return bytesOf(short(source), short(target), long(sequence), long(acknowledged), 0x50, flags, short(0xffff), short(0), short(0), payload);
}

/** ICMP echo. @param type 8 request, 0 reply */
export const echo = (type: number, id: number, sequence: number): Uint8Array =>
  bytesOf(type, 0, short(0), short(id), short(sequence), 'abcdefgh');

export const vxlan = (vni: number, frame: Uint8Array): Uint8Array => bytesOf(0x08, 0, 0, 0, long(vni * 256), frame);

/** @param options a multiple of four bytes */
export const geneve = (vni: number, payload: Uint8Array, type = 0x6558, options: readonly number[] = []): Uint8Array =>
  bytesOf(options.length / 4, 0, short(type), long(vni * 256), options, payload);

export interface GreFields {
  readonly key?: number;
  readonly sequence?: number;
  readonly checksum?: boolean;
}

export function gre(type: number, payload: Uint8Array, fields: GreFields = {}): Uint8Array {
  const flags =
    (fields.checksum === true ? 0x8000 : 0) | (fields.key === undefined ? 0 : 0x2000) | (fields.sequence === undefined ? 0 : 0x1000);
  const optional: Part[] = [];
  if (fields.checksum === true) optional.push(long(0));
  if (fields.key !== undefined) optional.push(long(fields.key));
  if (fields.sequence !== undefined) optional.push(long(fields.sequence));
  return bytesOf(short(flags), short(type), ...optional, payload);
}

/** GRE with an ERSPAN type II header. */
export const erspan2 = (spanId: number, index: number, frame: Uint8Array, sequence = 1): Uint8Array =>
  gre(0x88be, bytesOf(short(0x1000), short(spanId), long(index), frame), { sequence });

/** GRE with an ERSPAN type III header, without its optional part. */
export const erspan3 = (spanId: number, frame: Uint8Array): Uint8Array =>
  gre(0x22eb, bytesOf(short(0x2000), short(spanId), long(0), short(0), short(0), frame), { sequence: 1 });

/** A frame in VXLAN between two tunnel ends. */
export function inVxlan(vni: number, frame: Uint8Array, fields: Ipv4Fields & { readonly sourcePort?: number } = {}): Uint8Array {
  const outer = { source: '192.0.2.1', target: '192.0.2.2', id: 0, dontFragment: true, ...fields };
  return ethernet(ipv4(udp(fields.sourcePort ?? 50_000, 4789, vxlan(vni, frame)), { ...outer, protocol: 17 }));
}

/** A GRE packet (see `gre`, `erspan2`) between two tunnel ends. */
export const inGre = (packet: Uint8Array, fields: Ipv4Fields = {}): Uint8Array =>
  ethernet(ipv4(packet, { source: '192.0.2.1', target: '192.0.2.2', id: 0, ...fields, protocol: 47 }));

export function arp(operation: number, sender: string, target: string, senderMac = macA, targetMac = [0, 0, 0, 0, 0, 0]): Uint8Array {
  const addresses: Part[] = [senderMac, long(wordsOf(sender)[3] ?? 0), targetMac, long(wordsOf(target)[3] ?? 0)];
  return ethernet(bytesOf(short(1), short(0x0800), 6, 4, short(operation), ...addresses), 0x0806);
}

/** One frame of a batch. */
export interface Taken {
  readonly frame: Uint8Array;
  /** Microseconds since the epoch. */
  readonly at?: number;
  /** Index of the capture point. */
  readonly point?: number;
  /** Bytes on the wire; those of the frame when absent. */
  readonly wire?: number;
}

/** A batch of frames, one after the other in one buffer, 1 ms apart unless they say when. */
export function batchOf(taken: readonly Taken[], startAt = 1_600_000_000_000_000): PacketBatch {
  const bytes = new Uint8Array(taken.reduce((sum, { frame }) => sum + frame.length, 3));
  const count = taken.length;
  const batch = {
    bytes: new Bytes(bytes),
    count,
    times: new Float64Array(count),
    starts: new Uint32Array(count),
    captured: new Uint32Array(count),
    wire: new Uint32Array(count),
    points: new Uint16Array(count),
    numbers: new Float64Array(count),
  };
  let at = 3;
  for (const [i, { frame, at: time, point = 0, wire = frame.length }] of taken.entries()) {
    bytes.set(frame, at);
    batch.times[i] = time ?? startAt + i * 1000;
    batch.starts[i] = at;
    batch.captured[i] = frame.length;
    batch.wire[i] = wire;
    batch.points[i] = point;
    batch.numbers[i] = i + 1;
    at += frame.length;
  }
  return batch;
}

export const capturePoint = (fields: Partial<CapturePoint> = {}): CapturePoint => ({
  linkType: 1,
  source: 'capture.pcap',
  interfaceName: '',
  snapLength: 0,
  ...fields,
});
