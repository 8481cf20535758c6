// What a resource record says, in the words of Zeek's `answers` column. RFC 1035 §3.3 and the RFC named at each type.

import type { Bytes } from '../../../base/bytes.ts';
import { formatIpv4, formatIpv6 } from '../../../base/ip.ts';
import { Memo } from '../../../base/memo.ts';
import { RrType } from './constants.ts';
import { isSecured, readSecured } from './dnssec-reader.ts';
import { MessageCursor } from './message-cursor.ts';
import type { CountWeird, NameReader } from './name-reader.ts';
import { readServiceParameters } from './service-parameters.ts';

/** Most addresses whose text is kept for the next time. */
const KEPT_ADDRESSES = 8192;

/**
 * Reads the data of one record. Bytes of the message behind the record can be reached where Zeek reaches them: it bounds
 * most reads by the message and not by the record, and a wrong length shifts everything behind it.
 */
export class RdataReader {
  /** What the record says; '' for a record without words; undefined for one that Zeek does not report. */
  text: string | undefined;
  readonly #names: NameReader;
  readonly #cursor: MessageCursor;
  readonly #addresses = new Memo<number, string>(KEPT_ADDRESSES);
  #weird: CountWeird = () => {};

  constructor(names: NameReader, bytes: Bytes) {
    this.#names = names;
    this.#cursor = new MessageCursor(bytes);
  }

  /** Next byte after `read` returned true. */
  get position(): number {
    return this.#cursor.position;
  }

  /** Says which message the records are of. `end` is where it ends. */
  begin(bytes: Bytes, end: number, weird: CountWeird): void {
    this.#cursor.bytes = bytes;
    this.#cursor.end = end;
    this.#weird = weird;
  }

  /**
   * @param at first byte of the data; `length` bytes from there lie within the message.
   * @param owner name of the record, for types that repeat it.
   * @param netbios the server's port is NetBIOS's: type 33 is not SRV there.
   * @returns false when nothing behind this record can be understood.
   */
  read(type: number, at: number, length: number, owner: string, netbios: boolean): boolean {
    this.#cursor.position = at;
    this.text = undefined;
    switch (type) {
      case RrType.A:
        return this.#ipv4(length);
      case RrType.AAAA:
      case RrType.A6:
        return this.#ipv6();
      case RrType.CNAME:
      case RrType.NS:
      case RrType.PTR:
        return this.#name(at, length, 0);
      case RrType.MX:
        return this.#name(at, length, 1);
      case RrType.SRV:
        // Node status of NetBIOS under the same number: left unread, as Zeek leaves it.
        return netbios || this.#name(at, length, 3);
      case RrType.TXT:
        return this.#strings('TXT', length);
      case RrType.SPF:
        return this.#strings('SPF', length);
      case RrType.SOA:
        return this.#authority(at, length);
      default:
        return this.#uncommon(type, at, length, owner);
    }
  }

  #uncommon(type: number, at: number, length: number, owner: string): boolean {
    switch (type) {
      case RrType.WKS:
        this.text = '';
        return true;
      case RrType.HINFO:
      case RrType.CAA:
      case RrType.NB:
      case RrType.OPT:
      case RrType.TKEY:
      case RrType.TSIG:
        return this.#passOver(length);
      case RrType.SVCB:
      case RrType.HTTPS:
        return this.#service(at, length);
      case RrType.NAPTR:
        return this.#naptr(at, length);
      case RrType.SSHFP:
        return this.#fingerprint(at, length);
      case RrType.LOC:
        return this.#location(at);
      default:
        return isSecured(type) ? this.#secured(type, length, owner) : this.#unknown(type, length);
    }
  }

  #passOver(length: number): boolean {
    this.#cursor.skip(length);
    return true;
  }

  #unknown(type: number, length: number): boolean {
    this.text = `<unknown type=${type}>`;
    this.#weird('DNS_RR_unknown_type', `${type}`);
    return this.#passOver(length);
  }

  #secured(type: number, length: number, owner: string): boolean {
    this.text = readSecured(type, this.#cursor, this.#names, length, owner, this.#weird);
    return this.text !== undefined;
  }

  #ipv4(length: number): boolean {
    if (length !== 4) {
      this.#weird('DNS_RR_bad_length');
      return false;
    }
    const address = this.#cursor.long();
    this.text = this.#addresses.get(address) ?? this.#addresses.set(address, formatIpv4(address));
    return true;
  }

  #ipv6(): boolean {
    const cursor = this.#cursor;
    const w0 = cursor.long();
    const w1 = cursor.long();
    const w2 = cursor.long();
    const w3 = cursor.long();
    this.text = w0 === 0 && w1 === 0 && w2 === 0xffff ? formatIpv4(w3) : formatIpv6(w0, w1, w2, w3);
    return true;
  }

  /** A name behind a number of 16-bit fields. */
  #name(at: number, length: number, shorts: number): boolean {
    const cursor = this.#cursor;
    for (let i = 0; i < shorts; i++) cursor.short();
    const next = this.#names.read(cursor.position, cursor.end);
    this.text = this.#names.text();
    return this.#settle(at, next, length);
  }

  #settle(at: number, next: number, length: number): boolean {
    if (next - at !== length) this.#weird('DNS_RR_length_mismatch');
    this.#cursor.position = next;
    return true;
  }

  /** SOA: the primary server's name is what Zeek shows. */
  #authority(at: number, length: number): boolean {
    const names = this.#names;
    const { end } = this.#cursor;
    const mailbox = names.read(at, end);
    const primary = names.text();
    const numbers = names.read(mailbox, end);
    if (end - numbers < 20) return false;
    this.text = primary;
    return this.#settle(at, numbers + 20, length);
  }

  /** TXT and SPF: character strings up to the end of the record. */
  #strings(label: string, length: number): boolean {
    const cursor = this.#cursor;
    const { bytes } = cursor;
    const end = cursor.position + length;
    let text = '';
    while (cursor.position < end) {
      const size = cursor.octet();
      const from = cursor.position;
      if (size > end - from) {
        this.#weird('DNS_TXT_char_str_past_rdlen');
        break;
      }
      text += `${text === '' ? '' : ' '}${label} ${size} ${bytes.text(from, from + size)}`;
      cursor.position = from + size;
    }
    this.text = text;
    return cursor.position === end;
  }

  /** SVCB and HTTPS, RFC 9460: read for what is wrong with it; Zeek's log has no place for the rest. */
  #service(at: number, length: number): boolean {
    if (length < 3) {
      this.#weird('DNS_SVCB_wrong_length');
      return false;
    }
    const cursor = this.#cursor;
    const priority = cursor.short();
    const next = this.#names.read(cursor.position, cursor.end, false);
    cursor.position = next;
    if (next < at + length) {
      if (priority === 0) this.#weird('DNS_SVCB_aliasmode_with_params');
      cursor.position = readServiceParameters(cursor.bytes, next, at + length, this.#weird);
    }
    return true;
  }

  /** NAPTR, RFC 3403 §4.1. */
  #naptr(at: number, length: number): boolean {
    const cursor = this.#cursor;
    const order = cursor.short();
    const preference = cursor.short();
    const end = at + length;
    const flags = this.#string(end);
    const service = this.#string(end);
    const expression = this.#string(end);
    if (flags === undefined || service === undefined || expression === undefined) return false;
    cursor.position = this.#names.read(cursor.position, cursor.end, false);
    const replacement = this.#names.text();
    const gap = expression !== '' && replacement !== '' ? ' ' : '';
    this.text = `NAPTR ${order} ${preference} ${flags} ${service} ${expression}${gap}${replacement}`;
    return true;
  }

  /** A character string that ends at `end` at the latest; undefined when it does not. */
  #string(end: number): string | undefined {
    const cursor = this.#cursor;
    if (cursor.position >= end) return undefined;
    const size = cursor.octet();
    const from = cursor.position;
    if (size > end - from) {
      this.#weird('DNS_TXT_char_str_past_rdlen');
      return undefined;
    }
    cursor.position = from + size;
    return cursor.bytes.text(from, from + size);
  }

  /** SSHFP, RFC 4255 §3.1. */
  #fingerprint(at: number, length: number): boolean {
    const cursor = this.#cursor;
    if (cursor.left < 2) return false;
    cursor.skip(Math.max(2, length));
    let hex = '';
    for (let i = at + 2; i < cursor.position; i++) hex += (cursor.bytes.u8[i] ?? 0).toString(16).padStart(2, '0');
    this.text = `SSHFP: ${hex}`;
    return true;
  }

  /** LOC, RFC 1876 §2: size and precisions in their coded form. */
  #location(at: number): boolean {
    const cursor = this.#cursor;
    if (cursor.left < 15) return false;
    const { u8 } = cursor.bytes;
    const version = u8[at] ?? 0;
    if (version !== 0) this.#weird('DNS_LOC_version_unrecognized', `${version}`);
    this.text = `LOC:  ${u8[at + 1]} ${u8[at + 2]} ${u8[at + 3]}`;
    cursor.skip(16);
    return true;
  }
}
