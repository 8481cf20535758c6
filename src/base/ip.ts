// Addresses as numbers and as text. IPv6 text follows RFC 5952 as inet_ntop prints it.
import { latin1 } from './bytes.ts';

/** Room for the longest text; digits are written here and read as one piece, which is cheaper than joining strings. */
const room = new Uint8Array(48);
const dot = 0x2e;
const colon = 0x3a;

/** Writes a number below 256 in decimal. @returns where it ends */
function putOctet(octet: number, start: number): number {
  let at = start;
  if (octet >= 100) room[at++] = 0x30 + Math.floor(octet / 100);
  if (octet >= 10) room[at++] = 0x30 + (Math.floor(octet / 10) % 10);
  room[at++] = 0x30 + (octet % 10);
  return at;
}

function putIpv4(address: number, start: number): number {
  let at = putOctet(address >>> 24, start);
  room[at++] = dot;
  at = putOctet((address >>> 16) & 255, at);
  room[at++] = dot;
  at = putOctet((address >>> 8) & 255, at);
  room[at++] = dot;
  return putOctet(address & 255, at);
}

/** Writes a number below 65536 in hexadecimal. @returns where it ends */
function putGroup(group: number, start: number): number {
  let at = start;
  let shift = group > 0xfff ? 12 : group > 0xff ? 8 : group > 0xf ? 4 : 0;
  for (; shift >= 0; shift -= 4) {
    const digit = (group >>> shift) & 15;
    room[at++] = digit < 10 ? 0x30 + digit : 0x57 + digit;
  }
  return at;
}

/** Dotted quad of an IPv4 address given as an unsigned 32-bit integer. */
export function formatIpv4(address: number): string {
  return latin1(room, 0, putIpv4(address, 0));
}

/** First index and length of the longest run of two or more zero groups; length 0 when there is none. RFC 5952 §4.2. */
function longestZeroRun(groups: Uint16Array): { at: number; length: number } {
  let best = { at: -1, length: 1 };
  for (let i = 0; i < 8; ) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > best.length) best = { at: i, length: end - i };
    i = end + 1;
  }
  return best.at < 0 ? { at: -1, length: 0 } : best;
}

const groups = new Uint16Array(8);

/**
 * Text of an IPv6 address given as four unsigned 32-bit words, most significant first.
 * IPv4-mapped (`::ffff:a.b.c.d`) and IPv4-compatible (`::a.b.c.d`) addresses end in a dotted quad, as inet_ntop does.
 */
export function formatIpv6(w0: number, w1: number, w2: number, w3: number): string {
  if (w0 === 0 && w1 === 0 && w2 >>> 0 === 0xffff) return `::ffff:${formatIpv4(w3)}`;
  if (w0 === 0 && w1 === 0 && w2 === 0 && w3 >>> 0 > 0xffff) return `::${formatIpv4(w3)}`;
  groups[0] = w0 >>> 16;
  groups[1] = w0;
  groups[2] = w1 >>> 16;
  groups[3] = w1;
  groups[4] = w2 >>> 16;
  groups[5] = w2;
  groups[6] = w3 >>> 16;
  groups[7] = w3;
  const run = longestZeroRun(groups);
  let at = 0;
  for (let i = 0; i < 8; i++) {
    if (i === run.at) {
      room[at++] = colon;
      if (i === 0) room[at++] = colon;
      i += run.length - 1;
      continue;
    }
    at = putGroup(groups[i] ?? 0, at);
    if (i < 7) room[at++] = colon;
  }
  return latin1(room, 0, at);
}

/** An address as four words, IPv4 as IPv4-mapped IPv6, so that one comparison serves both. */
export type AddressWords = readonly [number, number, number, number];

/** Four decimal parts of one to three digits; leading zeros are read as decimal. */
function parseIpv4(text: string): number | undefined {
  if (text.length < 7 || text.length > 15) return undefined;
  let value = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === dot && digits > 0) {
      value = value * 256 + part;
      dots++;
      part = 0;
      digits = 0;
      continue;
    }
    if (code < 0x30 || code > 0x39) return undefined;
    part = part * 10 + code - 0x30;
    if (++digits > 3 || part > 255) return undefined;
  }
  return dots === 3 && digits > 0 ? value * 256 + part : undefined;
}

function parseGroups(text: string): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    if (part.includes('.') && i === parts.length - 1) {
      const quad = parseIpv4(part);
      if (quad === undefined) return undefined;
      groups.push(quad >>> 16, quad & 0xffff);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined;
      groups.push(Number.parseInt(part, 16));
    }
  }
  return groups;
}

/** Words of an IPv4 or IPv6 address in text form; undefined when it is neither. */
export function parseAddress(text: string): AddressWords | undefined {
  const quad = parseIpv4(text);
  if (quad !== undefined) return [0, 0, 0xffff, quad];
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) return undefined;
  const head = parseGroups(halves[0] ?? '');
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '') : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  const word = (i: number): number => (((groups[i] ?? 0) << 16) | (groups[i + 1] ?? 0)) >>> 0;
  return [word(0), word(2), word(4), word(6)];
}

/** A range of addresses. */
export interface Cidr {
  readonly words: AddressWords;
  /** Bits of the prefix counted over 128; an IPv4 /24 is 120. */
  readonly bits: number;
}

/** Range of a CIDR text (`10.0.0.0/8`, `2001:db8::/32`) or of a single address; undefined when it is neither. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = '', prefix, ...rest] = text.split('/');
  const words = parseAddress(address);
  if (words === undefined || rest.length > 0) return undefined;
  const width = address.includes(':') ? 128 : 32;
  if (prefix !== undefined && !/^\d{1,3}$/.test(prefix)) return undefined;
  const length = prefix === undefined ? width : Number(prefix);
  return length > width ? undefined : { words, bits: 128 - width + length };
}

/** Whether the first `bits` bits differ; all 32 when more are asked for. */
const differ = (a: number, b: number, bits: number): boolean => bits > 0 && (a ^ b) >>> (bits >= 32 ? 0 : 32 - bits) !== 0;

/** Whether the address lies in the range. */
export function inCidr({ words, bits }: Cidr, w0: number, w1: number, w2: number, w3: number): boolean {
  return !(
    differ(w3, words[3], bits - 96) ||
    differ(w2, words[2], bits - 64) ||
    differ(w1, words[1], bits - 32) ||
    differ(w0, words[0], bits)
  );
}

/** A range as text: `10.0.0.0/8`, `2001:db8::/32`; a single address without its prefix length. */
export function formatCidr({ words: [w0, w1, w2, w3], bits }: Cidr): string {
  const isIpv4 = w0 === 0 && w1 === 0 && w2 === 0xffff && bits >= 96;
  const address = isIpv4 ? formatIpv4(w3) : formatIpv6(w0, w1, w2, w3);
  return bits === 128 ? address : `${address}/${isIpv4 ? bits - 96 : bits}`;
}
