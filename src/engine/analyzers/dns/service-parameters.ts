// Parameters of SVCB and HTTPS records. RFC 9460 §2.2, §7, §14.3.2.
import type { Bytes } from '../../../base/bytes.ts';
import type { CountWeird } from './name-reader.ts';

const MANDATORY = 0;
const ALPN = 1;
const NO_DEFAULT_ALPN = 2;
const PORT = 3;
const IPV4_HINT = 4;
const ENCRYPTED_HELLO = 5;
const IPV6_HINT = 6;

/**
 * Walks over the parameters and counts the malformed ones.
 * @returns where it stopped: `end`, or up to three bytes before it when they cannot be a parameter.
 */
export function readServiceParameters(bytes: Bytes, start: number, end: number, weird: CountWeird): number {
  const { view } = bytes;
  let at = start;
  while (end - at >= 4) {
    const key = view.getUint16(at);
    const length = view.getUint16(at + 2);
    at += 4;
    if (length > end - at) {
      weird('DNS_SVCB_param_value_toobig', `${length} capped to ${end - at}`);
      return end;
    }
    const wrong = problemOf(key, bytes, at, length);
    if (wrong !== undefined) weird(wrong);
    at += length;
  }
  return at;
}

/** Zeek's name for what is wrong with a value; undefined when nothing is. */
function problemOf(key: number, bytes: Bytes, at: number, length: number): string | undefined {
  switch (key) {
    case MANDATORY:
      return length === 0 || length % 2 !== 0 ? 'DNS_SVCB_mandatory_length_invalid' : undefined;
    case ALPN:
      return alpnFits(bytes, at, at + length) ? undefined : 'DNS_SVCB_alpn_length_invalid';
    case NO_DEFAULT_ALPN:
      return length > 0 ? 'DNS_SVCB_nodefaultalpn_value' : undefined;
    case PORT:
      return length !== 2 ? 'DNS_SVCB_port_length_invalid' : undefined;
    case IPV4_HINT:
      return length % 4 !== 0 ? 'DNS_SVCB_hint_length_invalid' : undefined;
    case IPV6_HINT:
      return length % 16 !== 0 ? 'DNS_SVCB_hint_length_invalid' : undefined;
    case ENCRYPTED_HELLO:
      return undefined;
    default:
      return 'DNS_SVCB_key_reserved_or_invalid';
  }
}

function alpnFits(bytes: Bytes, start: number, end: number): boolean {
  let at = start;
  while (at + 2 <= end) {
    const size = bytes.u8[at] ?? 0;
    if (size === 0 || size > end - at - 1) return false;
    at += 1 + size;
  }
  return at === end;
}
