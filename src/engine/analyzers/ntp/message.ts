// One NTP packet, read in place. RFC 5905 §7.3; extension fields RFC 5906 §10; control RFC 1305 B; private ntpd's ntp_request.h.
//
//    0                   1                   2                   3
//   +--+-----+-----+---------------+---------------+---------------+
// 0 |LI| ver | mode| stratum       | poll (2^x s)  | precision     |
// 4 | root delay, 16.16 s          | root dispersion, 16.16 s (8)  |
// 12| reference id                 | reference time, 32.32 s (16)  |
// 24| origin time | receive time (32) | transmit time (40)         |
// 48| extension fields, message authentication code               |
//   +-------------------------------------------------------------+
import type { Bytes } from '../../../base/bytes.ts';
import { formatIpv4 } from '../../../base/ip.ts';
import { type EpochMicros, epochMicros } from '../../../base/units.ts';

/** Modes. 1 to 5 carry times; 0 is reserved. */
export const Mode = { CLIENT: 3, SERVER: 4, BROADCAST: 5, CONTROL: 6, PRIVATE: 7 } as const;

const STANDARD_BYTES = 48;
const CONTROL_BYTES = 12;
/** As far as the length of the data, which counts from there. */
const PRIVATE_BYTES = 6;
/** Key and digest that end a private packet whose authentication bit is set. */
const PRIVATE_MAC_BYTES = 20;
/** What is behind the times is an authentication code alone up to this size: key and SHA-1. RFC 5906 §10. */
const MAX_MAC_BYTES = 24;
/** Kind, length, association, times and length of the value, in Zeek's reading of RFC 5906 §10. */
const EXTENSION_HEADER_BYTES = 18;
/** From 1900 to 1970, seconds. */
const EPOCH_OFFSET = 2208988800;

/** View over one packet; valid until the next `read`, as long as the capture buffer. */
export class NtpMessage {
  /** Extension fields that were understood. */
  extensions = 0;
  #bytes: Bytes;
  #start = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  /** Points the view at a packet; false when it is not whole. */
  read(bytes: Bytes, start: number, end: number): boolean {
    if (end <= start) return false;
    this.#bytes = bytes;
    this.#start = start;
    this.extensions = 0;
    const { mode } = this;
    if (mode === 0) return true;
    if (mode < Mode.CONTROL) return end - start >= STANDARD_BYTES && this.#readExtensions(start + STANDARD_BYTES, end);
    return mode === Mode.CONTROL ? this.#isWholeControl(end - start) : this.#isWholePrivate(end - start);
  }

  get version(): number {
    return (this.#octet(0) >>> 3) & 7;
  }
  get mode(): number {
    return this.#octet(0) & 7;
  }
  get stratum(): number {
    return this.#octet(1);
  }
  /** Seconds. */
  get poll(): number {
    return 2 ** this.#bytes.view.getInt8(this.#start + 2);
  }
  /** Seconds. */
  get precision(): number {
    return 2 ** this.#bytes.view.getInt8(this.#start + 3);
  }
  /** Seconds. */
  get rootDelay(): number {
    return this.#shortTime(4);
  }
  /** Seconds. */
  get rootDispersion(): number {
    return this.#shortTime(8);
  }
  /** Four characters for stratum 0 (kiss code) and 1 (kind of clock), an IPv4 address above. */
  get referenceId(): string {
    const at = this.#start + 12;
    return this.stratum <= 1 ? this.#bytes.text(at, at + 4) : formatIpv4(this.#bytes.view.getUint32(at));
  }
  get referenceTime(): EpochMicros {
    return this.#time(16);
  }
  get originTime(): EpochMicros {
    return this.#time(24);
  }
  get receiveTime(): EpochMicros {
    return this.#time(32);
  }
  get transmitTime(): EpochMicros {
    return this.#time(40);
  }

  #octet(offset: number): number {
    return this.#bytes.u8[this.#start + offset] ?? 0;
  }

  /** Both halves signed: Zeek reads them so. */
  #shortTime(offset: number): number {
    const { view } = this.#bytes;
    const at = this.#start + offset;
    return view.getInt16(at) + view.getInt16(at + 2) / 0x10000;
  }

  /** Rounded to microseconds from the nearest double in seconds, as a program that keeps times in doubles prints it. */
  #time(offset: number): EpochMicros {
    const { view } = this.#bytes;
    const at = this.#start + offset;
    const seconds = view.getUint32(at);
    const fraction = view.getUint32(at + 4);
    if (seconds === 0 && fraction === 0) return epochMicros(0);
    const time = seconds - EPOCH_OFFSET + fraction / 0x100000000;
    const whole = Math.floor(time);
    return epochMicros(whole * 1e6 + roundHalfEven((time - whole) * 1e6));
  }

  /** Steps over the extension fields up to the authentication code. */
  #readExtensions(start: number, end: number): boolean {
    let at = start;
    while (end - at > MAX_MAC_BYTES) {
      at = this.#extensionEnd(at, end);
      if (at < 0) return false;
      this.extensions++;
    }
    return true;
  }

  /** A value and a signature, each behind its length, and padding up to the field's length. @returns -1 when they do not fit. */
  #extensionEnd(at: number, end: number): number {
    const { view } = this.#bytes;
    const signature = at + EXTENSION_HEADER_BYTES + view.getUint32(at + EXTENSION_HEADER_BYTES - 4);
    if (signature + 4 > end) return -1;
    const filled = signature + 4 + view.getUint32(signature);
    const next = at + view.getUint16(at + 2);
    return filled > next || next > end ? -1 : next;
  }

  #isWholeControl(length: number): boolean {
    return length >= CONTROL_BYTES && length >= CONTROL_BYTES + this.#bytes.view.getUint16(this.#start + 10);
  }

  #isWholePrivate(length: number): boolean {
    if (length < PRIVATE_BYTES) return false;
    const data = this.#bytes.view.getUint16(this.#start + 4) & 0x0fff;
    const authentication = this.#octet(1) >= 0x80 ? PRIVATE_MAC_BYTES : 0;
    return length >= PRIVATE_BYTES + data + authentication;
  }
}

function roundHalfEven(value: number): number {
  const whole = Math.floor(value);
  const rest = value - whole;
  if (rest !== 0.5) return Math.round(value);
  return whole % 2 === 0 ? whole : whole + 1;
}
