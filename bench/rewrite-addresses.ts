// Gives each copy of a packet addresses of its own, so that copies are different machines and different connections.
// Checksums are updated, not recomputed (RFC 1624): what was right stays right, what was wrong stays wrong.

const etherTypeIpv4 = 0x0800;
const etherTypeIpv6 = 0x86dd;
const tagTypes = new Set([0x8100, 0x88a8, 0x9100]);

const protocolTcp = 6;
const protocolUdp = 17;
const protocolIcmp6 = 58;

/** Where the transport checksum lies behind the transport header's start; undefined where addresses are in none. */
const checksumOffsets = new Map([
  [protocolTcp, 16],
  [protocolUdp, 6],
  [protocolIcmp6, 2],
]);

/** A frame being rewritten, its length being that of `view`. */
interface Frame {
  readonly view: DataView;
  /** One's complement change of the sum of what the checksums cover. */
  delta: number;
}

function xor16(frame: Frame, at: number, mask: number): void {
  const before = frame.view.getUint16(at);
  const after = before ^ mask;
  frame.view.setUint16(at, after);
  frame.delta += (~before & 0xffff) + after;
}

function applyDelta(frame: Frame, at: number): void {
  let sum = (~frame.view.getUint16(at) & 0xffff) + frame.delta;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  frame.view.setUint16(at, ~sum & 0xffff);
}

/** Keeps the class of the address (private, public, multicast, broadcast) and whether two addresses share a /24. */
function rewriteIpv4(frame: Frame, at: number, copy: number): void {
  const first = frame.view.getUint8(at);
  const second = frame.view.getUint8(at + 1);
  if (first === 0 || first === 127 || first >= 224 || (first === 169 && second === 254)) return;
  if (first === 192 && second === 168) xor16(frame, at + 2, (copy & 0xff) << 8);
  else if (first === 172 && second >> 4 === 1) {
    xor16(frame, at, copy & 0x0f);
    xor16(frame, at + 2, ((copy >> 4) & 0xff) << 8);
  } else {
    xor16(frame, at, copy & 0x7f);
    xor16(frame, at + 2, ((copy >> 7) & 0xff) << 8);
  }
}

function rewriteIpv6(frame: Frame, at: number, copy: number): void {
  const first = frame.view.getUint8(at);
  if (first >> 5 === 1) xor16(frame, at + 4, copy & 0xffff);
  else if (first === 0xfe || first >> 1 === 0x7e) xor16(frame, at + 10, copy & 0xffff);
}

function rewriteIpv4Packet(frame: Frame, ip: number, copy: number): void {
  const { view } = frame;
  const headerLength = (view.getUint8(ip) & 0x0f) * 4;
  if (headerLength < 20 || ip + headerLength > view.byteLength) return;
  rewriteIpv4(frame, ip + 12, copy);
  rewriteIpv4(frame, ip + 16, copy);
  applyDelta(frame, ip + 10);
  const isFirst = (view.getUint16(ip + 6) & 0x1fff) === 0;
  const protocol = view.getUint8(ip + 9);
  if (isFirst && protocol !== protocolIcmp6) fixTransport(frame, protocol, ip + headerLength);
}

function fixTransport(frame: Frame, protocol: number, start: number): void {
  const offset = checksumOffsets.get(protocol);
  if (offset === undefined || start + offset + 2 > frame.view.byteLength) return;
  if (protocol === protocolUdp && frame.view.getUint16(start + offset) === 0) return;
  applyDelta(frame, start + offset);
}

/** Changes the addresses of an Ethernet frame's outermost IP header in place. Copy 0 stays as it is. */
export function rewriteAddresses(bytes: Uint8Array, copy: number): void {
  if (copy === 0 || bytes.length < 14) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const frame: Frame = { view, delta: 0 };
  let at = 12;
  while (at + 6 <= bytes.length && tagTypes.has(view.getUint16(at))) at += 4;
  const type = view.getUint16(at);
  const ip = at + 2;
  if (type === etherTypeIpv4 && ip + 20 <= bytes.length) rewriteIpv4Packet(frame, ip, copy);
  else if (type === etherTypeIpv6 && ip + 40 <= bytes.length) {
    rewriteIpv6(frame, ip + 8, copy);
    rewriteIpv6(frame, ip + 24, copy);
    fixTransport(frame, view.getUint8(ip + 6), ip + 40);
  }
}
