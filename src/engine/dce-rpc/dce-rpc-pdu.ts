// Messages of DCE/RPC, over TCP or in a named pipe of SMB. C706 §12.6, [MS-RPCE].
import type { Bytes } from '../../base/bytes.ts';
import type { Flow } from '../analyzers/analyzer.ts';
import { confirmSecurityToken } from '../spnego/security-token.ts';

/** Version, minor version, type, flags, data representation, lengths, call. */
export const pduHeaderLength = 16;
export const pduType = { request: 0, response: 2 } as const;
const highestType = 19;
/** Type, level, padding, reserved, context before the token. */
const authHeaderLength = 8;
/** Who checks the log-in. */
const negotiated = 0x09;
const ntlm = 0x0a;
const kerberos = 0x10;

/** Length of the message whose ten first bytes are there; -1 when it is none. */
export function pduLength(bytes: Bytes, start: number): number {
  const { u8 } = bytes;
  if (u8[start] !== 5 || (u8[start + 2] ?? 0xff) > highestType) return -1;
  const length = bytes.view.getUint16(start + 8, isLittleEndian(bytes, start));
  return length < pduHeaderLength ? -1 : length;
}

const isLittleEndian = (bytes: Bytes, start: number): boolean => (bytes.u8[start + 4] ?? 0) >> 4 !== 0;

/** Confirms what a whole message shows: the log-in it carries, then `dce_rpc`. @returns its type. */
export function confirmPdu(flow: Flow, bytes: Bytes, start: number, end: number): number {
  const authLength = bytes.view.getUint16(start + 10, isLittleEndian(bytes, start));
  const tokenAt = end - authLength;
  if (authLength > 0 && tokenAt - authHeaderLength >= start + pduHeaderLength) {
    const type = bytes.u8[tokenAt - authHeaderLength];
    if (type === negotiated || type === ntlm || type === kerberos) confirmSecurityToken(flow, bytes, tokenAt, end);
  }
  flow.confirm('dce_rpc');
  return bytes.u8[start + 2] ?? 0;
}

/** Confirms every whole message in what was written to or read from a pipe. */
export function confirmPipeData(flow: Flow, bytes: Bytes, start: number, end: number): void {
  let at = start;
  while (at + pduHeaderLength <= end) {
    const length = pduLength(bytes, at);
    if (length < 0 || at + length > end) return;
    confirmPdu(flow, bytes, at, at + length);
    at += length;
  }
}
