// The ends that payloads name: addresses in every spelling that inet_aton understands, host names, ports.
import { formatIpv4, formatIpv6, parseAddress } from '../../base/ip.ts';
import type { Callback, CallbackKind } from './sign.ts';

/** One part of an address as inet_aton(3) reads it: decimal, octal with a leading 0, hexadecimal with 0x. */
function partOf(text: string): number | undefined {
  if (/^0x[0-9a-f]{1,8}$/i.test(text)) return Number.parseInt(text.slice(2), 16);
  if (/^0[0-7]{1,11}$/.test(text)) return Number.parseInt(text, 8);
  return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

/** IPv4 in one to four parts, the last one filling what is left (inet_aton(3)); undefined when it is none. */
function looseIpv4(text: string): string | undefined {
  const parts = text.split('.').map(partOf);
  const last = parts.at(-1);
  if (parts.length > 4 || last === undefined || parts.includes(undefined)) return undefined;
  const head = parts.slice(0, -1);
  const room = 256 ** (4 - head.length);
  if (last >= room || head.some((part) => part === undefined || part > 255)) return undefined;
  const value = head.reduce<number>((sum, part, i) => sum + (part ?? 0) * 256 ** (3 - i), last);
  // A small number alone is a number, not an address.
  return parts.length === 1 && value < 0x01000000 ? undefined : formatIpv4(value);
}

/** Words that stand where an address should be put in. */
const placeholder = /^(?:ip|host|hostname|lhost|rhost|attacker|attacker-ip|your-ip|target|server|address|undefined|null|example|\d+)$/;

/** Canonical text of a host; undefined for what is neither address nor host name. */
export function canonicalHost(token: string): string | undefined {
  const text = token.replace(/^\[|\]$/g, '').toLowerCase();
  // First as inet_aton reads it: a leading zero means octal there.
  const address = looseIpv4(text);
  if (address !== undefined) return address;
  const words = parseAddress(text);
  if (words !== undefined) return words[2] === 0xffff && words[0] === 0 && words[1] === 0 ? formatIpv4(words[3]) : formatIpv6(...words);
  if (placeholder.test(text) || text.length > 253) return undefined;
  return /^[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_-]{1,63}){0,10}\.?$/.test(text) && /[a-z]/.test(text)
    ? text.replace(/\.$/, '')
    : undefined;
}

/** Whether the host is an address and not a name. */
export const isAddressText = (host: string): boolean => parseAddress(host) !== undefined;

/** A callback from what a pattern captured; undefined when it names no end. */
export function callbackOf(kind: CallbackKind, host: string | undefined, port?: string): Callback | undefined {
  const canonical = host === undefined ? undefined : canonicalHost(host);
  if (canonical === undefined || /^(?:0\.|127\.|localhost$|::1?$)/.test(canonical)) return undefined;
  const number = port === undefined || port === '' ? Number.NaN : Number(port);
  return number >= 1 && number <= 65_535 ? { host: canonical, port: number, kind } : { host: canonical, kind };
}

const literalAddress = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/;
const literalPort = /(?<![\w.])(\d{2,5})(?![\w.])/;

/** First address literal in the text and the number that follows it within 120 characters: for languages that set variables first. */
export function callbackNear(kind: CallbackKind, text: string): Callback | undefined {
  const address = literalAddress.exec(text);
  if (address === null) return undefined;
  const behind = address.index + address[0].length;
  return callbackOf(kind, address[0], literalPort.exec(text.slice(behind, behind + 120))?.[1]);
}
