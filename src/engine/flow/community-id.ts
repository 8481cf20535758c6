// Community ID version 1, seed 0: https://github.com/corelight/community-id-spec
import { bytesOfLatin1, latin1 } from '../../base/bytes.ts';
import { sha1Block } from '../../base/sha1.ts';

const alphabet = bytesOfLatin1('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/').u8;
const message = new Uint8Array(64);
const messageView = new DataView(message.buffer);
const words = new Int32Array(16);
const digest = new Int32Array(5);

/** `1:` and 20 bytes in base64; written here and read as one piece, since a text joined from letters keeps every step of it. */
const text = bytesOfLatin1(`1:${'='.repeat(28)}`).u8;

/** The identifier of the digest. */
function identifier(): string {
  let at = 2;
  let bits = 0;
  let held = 0;
  for (let i = 0; i < 5; i++) {
    const word = digest[i] ?? 0;
    for (let shift = 24; shift >= 0; shift -= 8) {
      held = (held << 8) | ((word >>> shift) & 255);
      bits += 8;
      while (bits >= 6) {
        bits -= 6;
        text[at++] = alphabet[(held >>> bits) & 63] ?? 0;
      }
      held &= (1 << bits) - 1;
    }
  }
  text[at] = alphabet[(held << (6 - bits)) & 63] ?? 0;
  return latin1(text, 0, text.length);
}

/** One end of a flow: address words (IPv4 as IPv4-mapped IPv6) and port. */
export interface FlowEnd {
  readonly w0: number;
  readonly w1: number;
  readonly w2: number;
  readonly w3: number;
  readonly port: number;
}

function putAddress(at: number, end: FlowEnd, isIpv4: boolean): number {
  if (!isIpv4) {
    messageView.setInt32(at, end.w0);
    messageView.setInt32(at + 4, end.w1);
    messageView.setInt32(at + 8, end.w2);
    at += 12;
  }
  messageView.setInt32(at, end.w3);
  return at + 4;
}

/** ICMP messages with a counterpart, request to reply; the identifier is made of both in either direction. */
const icmpCounterparts = new Map([
  [8, 0],
  [0, 8],
  [13, 14],
  [14, 13],
  [15, 16],
  [16, 15],
  [17, 18],
  [18, 17],
  [10, 9],
  [9, 10],
]);
const icmp6Counterparts = new Map([
  [128, 129],
  [129, 128],
  [133, 134],
  [134, 133],
  [135, 136],
  [136, 135],
  [130, 131],
  [131, 130],
  [144, 145],
  [145, 144],
]);

const unsignedBefore = (a: number, b: number): boolean => a >>> 0 < b >>> 0;

function isOrdered(a: FlowEnd, b: FlowEnd, aPort: number, bPort: number): boolean {
  if (a.w0 !== b.w0) return unsignedBefore(a.w0, b.w0);
  if (a.w1 !== b.w1) return unsignedBefore(a.w1, b.w1);
  if (a.w2 !== b.w2) return unsignedBefore(a.w2, b.w2);
  if (a.w3 !== b.w3) return unsignedBefore(a.w3, b.w3);
  return aPort <= bPort;
}

/**
 * `1:` and the base64 SHA-1 over both ends in order. For ICMP the ports are type and code as the flow table has them.
 * @param protocol IP protocol number; other than TCP, UDP, ICMP, ICMPv6 and SCTP the ports are left out.
 */
export function communityId(source: FlowEnd, target: FlowEnd, protocol: number, isIpv4: boolean): string {
  let oneWay = false;
  let targetPort = target.port;
  if (protocol === 1 || protocol === 58) {
    const counterpart = (protocol === 1 ? icmpCounterparts : icmp6Counterparts).get(source.port);
    oneWay = counterpart === undefined;
    targetPort = counterpart ?? target.port;
  }
  const forward = oneWay || isOrdered(source, target, source.port, targetPort);
  message.fill(0);
  let at = 2;
  at = putAddress(at, forward ? source : target, isIpv4);
  at = putAddress(at, forward ? target : source, isIpv4);
  message[at++] = protocol;
  message[at++] = 0;
  if (protocol === 1 || protocol === 6 || protocol === 17 || protocol === 58 || protocol === 132) {
    messageView.setUint16(at, forward ? source.port : targetPort);
    messageView.setUint16(at + 2, forward ? targetPort : source.port);
    at += 4;
  }
  message[at] = 0x80;
  messageView.setUint16(62, at * 8);
  for (let i = 0; i < 16; i++) words[i] = messageView.getInt32(i * 4);
  sha1Block(words, digest);
  return identifier();
}
