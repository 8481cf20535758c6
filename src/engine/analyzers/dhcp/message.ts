// One DHCP message, read in place. RFC 2131 §2, RFC 2132; client name RFC 4702.
//
//    0               1               2               3
//   +---------------+---------------+---------------+---------------+
// 0 | op            | hardware type | address length| hops          |
// 4 | transaction id                                                |
// 8 | seconds                       | flags                         |
// 12| client address                | your address (16)             |
// 20| next server                   | relay (24)                    |
// 28| hardware address, 16 bytes                                    |
// 44| server name, 64 bytes         | boot file, 128 bytes (108)    |
// 236| cookie 63 82 53 63           | options (240)                 |
//   +---------------+---------------+---------------+---------------+
import type { Bytes } from '../../../base/bytes.ts';
import { formatMac } from '../../../base/mac-text.ts';

const HEADER_BYTES = 240;
const COOKIE = 0x63825363;

/** Options that are read. */
const Option = {
  PAD: 0,
  HOST_NAME: 12,
  DOMAIN_NAME: 15,
  REQUESTED_ADDRESS: 50,
  LEASE_TIME: 51,
  MESSAGE_TYPE: 53,
  MESSAGE: 56,
  CLIENT_ID: 61,
  CLIENT_FQDN: 81,
  END: 255,
} as const;

/** Hardware type of Ethernet in a client identifier. */
const ETHERNET = 1;

/** Options that are of one size whatever their length says, as Zeek's grammar has them: subnet, time offset, addresses, times, flags. */
const fixedSizes = new Map([
  [1, 4],
  [2, 4],
  [19, 1],
  [28, 4],
  [Option.REQUESTED_ADDRESS, 4],
  [Option.LEASE_TIME, 4],
  [Option.MESSAGE_TYPE, 1],
  [54, 4],
  [57, 2],
  [58, 4],
  [59, 4],
  [116, 1],
]);
/** Options that are lists of addresses: a rest of the length is not stepped over. */
const addressLists = new Set([3, 4, 5, 6, 42, 44]);

export type DhcpResult =
  | 'sound'
  /** Not whole, or no end of the options. */
  | 'broken'
  /** BOOTP or something else: the options are of another kind. */
  | 'no-cookie';

/** View over one message; valid until the next `read`, as long as the capture buffer. Texts are fit for records. */
export class DhcpMessage {
  transactionId = 0;
  /** 0 when the option is missing. */
  type = 0;
  /** Address given to the client, as an unsigned integer; 0 when none. */
  yourAddress = 0;
  hardwareAddress = '';
  /** Hardware address in the client identifier, when that is of Ethernet. */
  clientIdAddress: string | undefined;
  hostName: string | undefined;
  clientFqdn: string | undefined;
  domainName: string | undefined;
  message: string | undefined;
  requestedAddress: number | undefined;
  /** Seconds. */
  leaseTime: number | undefined;

  read(bytes: Bytes, start: number, end: number): DhcpResult {
    if (end - start < HEADER_BYTES) return 'broken';
    const { view } = bytes;
    this.#clear();
    this.transactionId = view.getUint32(start + 4);
    this.yourAddress = view.getUint32(start + 16);
    this.hardwareAddress = formatMac(bytes, start + 28, 16);
    if (!this.#readOptions(bytes, start + HEADER_BYTES, end)) return 'broken';
    return view.getUint32(start + 236) === COOKIE ? 'sound' : 'no-cookie';
  }

  #clear(): void {
    this.type = 0;
    this.clientIdAddress = undefined;
    this.hostName = undefined;
    this.clientFqdn = undefined;
    this.domainName = undefined;
    this.message = undefined;
    this.requestedAddress = undefined;
    this.leaseTime = undefined;
  }

  /** @returns whether the options came to their end within the message. */
  #readOptions(bytes: Bytes, start: number, end: number): boolean {
    const { u8 } = bytes;
    for (let at = start; at < end; ) {
      const code = u8[at++] ?? 0;
      if (code === Option.END) return true;
      if (code === Option.PAD) continue;
      if (at >= end) return false;
      const length = u8[at++] ?? 0;
      const size = fixedSizes.get(code) ?? (addressLists.has(code) ? length & ~3 : length);
      if (size > end - at || !this.#readOption(code, bytes, at, size)) return false;
      at += size;
    }
    return false;
  }

  /** @returns false when the option is too short for what it should hold. */
  #readOption(code: number, bytes: Bytes, at: number, size: number): boolean {
    const { view } = bytes;
    switch (code) {
      case Option.MESSAGE_TYPE:
        if (this.type === 0) this.type = view.getUint8(at);
        return true;
      case Option.HOST_NAME:
        this.hostName = bytes.text(at, at + size);
        return true;
      case Option.DOMAIN_NAME:
        this.domainName = domainText(bytes, at, size);
        return true;
      case Option.MESSAGE:
        this.message = bytes.text(at, at + size);
        return true;
      case Option.REQUESTED_ADDRESS:
        this.requestedAddress = view.getUint32(at);
        return true;
      case Option.LEASE_TIME:
        this.leaseTime = view.getUint32(at);
        return true;
      case Option.CLIENT_ID:
        return this.#readClientId(bytes, at, size);
      case Option.CLIENT_FQDN:
        // Flags and two response codes come before the name; RFC 4702 §2.
        if (size < 3) return false;
        this.clientFqdn = bytes.text(at + 3, at + size);
        return true;
      default:
        return true;
    }
  }

  #readClientId(bytes: Bytes, at: number, size: number): boolean {
    if (size < 1) return false;
    this.clientIdAddress = bytes.u8[at] === ETHERNET ? formatMac(bytes, at + 1, size - 1) : undefined;
    return true;
  }
}

/** Without zeros at the end. A single character counts as none: so Zeek has it. */
function domainText(bytes: Bytes, at: number, size: number): string {
  let last = size - 1;
  while (last > 0 && bytes.u8[at + last] === 0) last--;
  return last <= 0 ? '' : bytes.text(at, at + last + 1);
}
