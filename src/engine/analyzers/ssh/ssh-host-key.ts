// The server's host key in the key exchange, and its fingerprint as OpenSSH prints it.
import { type Bytes, bytesOfLatin1, latin1 } from '../../../base/bytes.ts';
import type { Platform } from '../../platform.ts';

const alphabet = bytesOfLatin1('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/').u8;
/** A digest of 32 bytes in base64. */
const room = new Uint8Array(44);

const hexValue = (code: number): number => (code < 0x40 ? code - 0x30 : code - 0x57);

/** Base64 without padding of a digest given as hexadecimal in lower case. */
function base64OfHex(hex: string): string {
  let length = 0;
  let bits = 0;
  let count = 0;
  for (let i = 0; i < hex.length; i++) {
    bits = ((bits << 4) | hexValue(hex.charCodeAt(i))) & 0xfff;
    count += 4;
    if (count < 6) continue;
    count -= 6;
    room[length++] = alphabet[(bits >> count) & 63] ?? 0;
  }
  if (count > 0) room[length++] = alphabet[(bits << (6 - count)) & 63] ?? 0;
  return latin1(room, 0, length);
}

/** `SHA256:` and the digest in base64 without padding, as `ssh-keygen -l` prints it. */
export function fingerprint(platform: Platform, bytes: Bytes, start: number, end: number): string {
  return `SHA256:${base64OfHex(platform.digestOf('sha256', bytes.u8, start, end))}`;
}

/** What Zeek 8.2 logs of it: the first 24 of the digest's 32 bytes. */
export const shortened = (whole: string): string => whole.slice(0, 'SHA256:'.length + 32);

/** How the server's key travels, by the agreed method: number of the message that begins with it. */
export function hostKeyMessage(kex: string): number {
  // SSH_MSG_KEX_DH_GEX_REPLY (RFC 4419 §5) and SSH_MSG_KEXGSS_HOSTKEY (RFC 4462 §2.1) share a number.
  if (kex.startsWith('diffie-hellman-group-exchange-') || kex.startsWith('gss-')) return 33;
  // SSH_MSG_KEXDH_REPLY, SSH_MSG_KEX_ECDH_REPLY (RFC 4253 §8, RFC 5656 §4) and the hybrid methods.
  return kex.startsWith('rsa') ? -1 : 31;
}

/**
 * SSH 1: fingerprint over modulus and exponent of the host key in a public-key message that begins after its number
 * (cookie, server key as bits, exponent, modulus; host key likewise). Undefined when the message is cut.
 */
export function fingerprint1(platform: Platform, bytes: Bytes, start: number, end: number): string | undefined {
  const numbers: string[] = [];
  let at = start + 8;
  for (let i = 0; i < 4; i++) {
    if (i % 2 === 0) at += 4;
    if (at + 2 > end) return undefined;
    const length = (bytes.view.getUint16(at) + 7) >> 3;
    at += 2;
    if (length > end - at) return undefined;
    numbers.push(bytes.latin1(at, at + length));
    at += length;
  }
  const [, , exponent = '', modulus = ''] = numbers;
  const both = bytesOfLatin1(modulus + exponent);
  return fingerprint(platform, both, 0, both.u8.length);
}
