// Tunnels in UDP: VXLAN (RFC 7348), Geneve (RFC 8926), GTPv1-U (3GPP TS 29.281), Teredo (RFC 4380), AYIYA.
import type { Cursor } from './cursor.ts';
import { Next } from './next.ts';

/** What a tunnel header said. */
export const Verdict = {
  /** Not this protocol: the flow is rejected as its carrier. */
  violation: 0,
  /** This protocol, but nothing inside (control message, keep-alive). */
  empty: 1,
  /** The cursor stands at what is inside. */
  inside: 2,
  /** Nothing can be said, as for control messages that Zeek passes over. */
  ignored: 3,
} as const;

/** Reads one header of a tunnel; one object for all of them, reused. */
export class TunnelHeader {
  /** Header or frame inside, see next.ts. */
  next = 0;
  /** VNI; -1 when the tunnel has none. */
  id = -1;
  /** Why it is a violation, as Zeek puts it. */
  reason = '';

  #violation(reason: string): number {
    this.reason = reason;
    return Verdict.violation;
  }

  /** VXLAN: eight bytes, of which the flag I and the VNI matter; an Ethernet frame follows. */
  readVxlan(c: Cursor): number {
    if (!c.has(8)) return this.#violation('VXLAN header truncation');
    if ((c.view.getUint8(c.at) & 0x08) === 0) return this.#violation("VXLAN 'I' flag not set");
    this.id = c.view.getUint32(c.at + 4) >>> 8;
    this.next = Next.ethernet;
    c.at += 8;
    return c.at === c.end ? Verdict.empty : Verdict.inside;
  }

  /** Geneve: options are skipped by their total length; the protocol is an EtherType. */
  readGeneve(c: Cursor): number {
    if (!c.has(8)) return this.#violation('Geneve header truncation');
    const first = c.view.getUint8(c.at);
    if (first >> 6 !== 0) {
      this.reason = String(first >> 6);
      return Verdict.ignored;
    }
    const bytes = 8 + (first & 0x3f) * 4;
    if (!c.has(bytes)) return this.#violation('Geneve option header truncation');
    this.next = c.view.getUint16(c.at + 2);
    this.id = c.view.getUint32(c.at + 4) >>> 8;
    c.at += bytes;
    return c.at === c.end ? Verdict.empty : Verdict.inside;
  }

  /** GTPv1, user plane: G-PDU messages carry an IP packet behind optional fields and extension headers. */
  readGtp(c: Cursor): number {
    if (!c.has(8)) return this.#violation('Truncated GTPv1');
    const flags = c.view.getUint8(c.at);
    if (flags >> 5 !== 1) return this.#violation('GTPv1 bad Version');
    if ((flags & 0x10) === 0 || c.view.getUint8(c.at + 1) !== 255) return Verdict.ignored;
    c.at += 8;
    if ((flags & 7) !== 0 && !this.#skipGtpOptions(c, (flags & 4) !== 0)) return this.#violation('Truncated GTPv1');
    this.id = -1;
    this.next = Next.ip;
    if (!c.has(20)) return this.#violation('Truncated GTPv1');
    const version = c.view.getUint8(c.at) >> 4;
    return version === 4 || version === 6 ? Verdict.inside : this.#violation('non-IP packet in GTPv1');
  }

  /** Sequence number, N-PDU number, and a chain of extension headers in units of four bytes. */
  #skipGtpOptions(c: Cursor, hasExtensions: boolean): boolean {
    if (!c.has(4)) return false;
    let next = hasExtensions ? c.view.getUint8(c.at + 3) : 0;
    c.at += 4;
    while (next !== 0) {
      const bytes = c.has(1) ? c.view.getUint8(c.at) * 4 : 0;
      if (bytes === 0 || !c.has(bytes)) return false;
      next = c.view.getUint8(c.at + bytes - 1);
      c.at += bytes;
    }
    return true;
  }

  /** Teredo: an authentication and an origin indication may come first, each once and in this order; then IPv6. */
  readTeredo(c: Cursor): number {
    if (c.has(4) && c.view.getUint16(c.at) === 1) c.at = Math.min(c.end, c.at + teredoAuthenticationBytes(c));
    if (c.has(8) && c.view.getUint16(c.at) === 0) c.at += 8;
    if (!c.has(40) || c.view.getUint8(c.at) >> 4 !== 6) return this.#violation('Bad Teredo encapsulation');
    this.id = -1;
    this.next = Next.ipv6;
    return Verdict.inside;
  }

  /** AYIYA: lengths of identity and signature, then an IP packet for the operation "forward". */
  readAyiya(c: Cursor): number {
    if (!c.has(8)) return this.#violation('Truncated AYIYA');
    const identity = 1 << (c.view.getUint8(c.at) >> 4);
    const signature = (c.view.getUint8(c.at + 1) >> 4) * 4;
    const bytes = 8 + (identity & 0xff) + signature;
    if (!c.has(bytes)) return this.#violation('Truncated AYIYA');
    if ((c.view.getUint8(c.at + 2) & 0x0f) !== 1) return Verdict.ignored;
    const protocol = c.view.getUint8(c.at + 3);
    c.at += bytes;
    if (c.at === c.end) return Verdict.empty;
    this.id = -1;
    this.next = protocol === 4 || protocol === 41 ? Next.ip : Next.stop;
    return Verdict.inside;
  }
}

function teredoAuthenticationBytes(c: Cursor): number {
  return c.has(4) ? 4 + c.view.getUint8(c.at + 2) + c.view.getUint8(c.at + 3) + 9 : 0;
}

/** Prefix of Teredo addresses, 2001:0::/32. */
const teredoPrefix = 0x20010000;

/** Whether a datagram of another port is Teredo by its content: an IPv6 packet from or to a Teredo address, or its own headers. */
export function looksLikeTeredo(c: Cursor): boolean {
  if (!c.has(40)) return false;
  const first = c.view.getUint8(c.at);
  const second = c.view.getUint8(c.at + 1);
  if (first >> 4 === 6) return c.view.getUint32(c.at + 8) === teredoPrefix || c.view.getUint32(c.at + 24) === teredoPrefix;
  if (first !== 0 || second > 1) return false;
  const start = second === 1 ? teredoAuthenticationBytes(c) : 0;
  return c.has(start + 48) && c.view.getUint16(c.at + start) === 0 && c.view.getUint8(c.at + start + 8) >> 4 === 6;
}

/** Whether a datagram of another port is AYIYA as its clients send it: SHA-1, shared secret, forward. */
export const looksLikeAyiya = (c: Cursor): boolean => c.has(3) && c.view.getUint8(c.at + 1) === 0x52 && c.view.getUint8(c.at + 2) === 0x11;
