// The token of a log-in inside another protocol: SPNEGO around NTLM or Kerberos, or NTLM alone. RFC 4178, [MS-NLMP].
import type { Bytes } from '../../base/bytes.ts';
import type { Flow } from '../analyzers/analyzer.ts';
import { BerReader } from '../asn1/ber.ts';
import { isKerberosMessage } from '../kerberos/kerberos-message.ts';

/** Identifier octets. */
const tag = {
  initial: 0x60,
  response: 0xa1,
  sequence: 0x30,
  objectIdentifier: 0x06,
  octetString: 0x04,
  context0: 0xa0,
  context2: 0xa2,
} as const;
/** First octets of tokens that protect messages after the log-in. RFC 4121 §4.2.6. */
const protectingTokens = new Set([0x0404, 0x0504]);
const ber = new BerReader();

/** `NTLMSSP`, zero, message type 1 to 3. */
function isNtlm(bytes: Bytes, start: number, end: number): boolean {
  if (end - start < 12 || bytes.latin1(start, start + 8) !== 'NTLMSSP\0') return false;
  const type = bytes.view.getUint32(start + 8, true);
  return type >= 1 && type <= 3;
}

/** A Kerberos message after its mechanism and the two bytes of its kind. RFC 4121 §4.1. */
function isWrappedKerberos(bytes: Bytes, start: number, end: number): boolean {
  if (!ber.expect(tag.initial, bytes, start, end)) return false;
  const wrapEnd = ber.end;
  return ber.expect(tag.objectIdentifier, bytes, ber.start, wrapEnd) && isKerberosMessage(bytes, ber.end + 2, wrapEnd);
}

/** The fields of a negotiation token; the third, where there is one, holds the token of the mechanism. */
function readFields(flow: Flow, bytes: Bytes, start: number, end: number): boolean {
  if (!ber.expect(tag.sequence, bytes, start, end)) return false;
  const fieldsEnd = ber.end;
  let at = ber.start;
  while (at < fieldsEnd) {
    if (!ber.read(bytes, at, fieldsEnd) || ber.end > fieldsEnd) return false;
    at = ber.end;
    if (ber.tag !== tag.context2) continue;
    if (!ber.expect(tag.octetString, bytes, ber.start, ber.end)) return false;
    const { start: tokenStart, end: tokenEnd } = ber;
    if (isNtlm(bytes, tokenStart, tokenEnd)) flow.confirm('ntlm');
    else if (isKerberosMessage(bytes, tokenStart, tokenEnd) || isWrappedKerberos(bytes, tokenStart, tokenEnd)) flow.confirm('krb');
  }
  return true;
}

function isNegotiation(flow: Flow, bytes: Bytes, start: number, end: number): boolean {
  if (end - start >= 2 && protectingTokens.has(bytes.view.getUint16(start))) return true;
  if (!ber.read(bytes, start, end) || ber.end > end) return false;
  if (ber.tag === tag.response) return readFields(flow, bytes, ber.start, ber.end);
  if (ber.tag !== tag.initial || !ber.expect(tag.objectIdentifier, bytes, ber.start, ber.end)) return false;
  return ber.expect(tag.context0, bytes, ber.end, end) && readFields(flow, bytes, ber.start, ber.end);
}

/** Confirms what the token shows, in the order that Zeek does: the mechanism, then `gssapi` around it. */
export function confirmSecurityToken(flow: Flow, bytes: Bytes, start: number, end: number): void {
  if (isNtlm(bytes, start, end)) flow.confirm('ntlm');
  else if (isNegotiation(flow, bytes, start, end)) flow.confirm('gssapi');
}
