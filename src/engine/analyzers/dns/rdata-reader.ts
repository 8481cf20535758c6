// What a resource record says, in the words of Zeek's `answers` column. RFC 1035 §3.3 and the RFC named at each type.
import type { Bytes } from '../../../base/bytes.ts';
import { formatIpv4, formatIpv6 } from '../../../base/ip.ts';
import { RrType } from './constants.ts';
import { countDigest, countKeyFlags, countSigningAlgorithm } from './dnssec-weirds.ts';
import type { CountWeird, NameReader } from './name-reader.ts';
import { readServiceParameters } from './service-parameters.ts';

/** Most addresses whose text is kept for the next time. */
const KEPT_ADDRESSES = 8192;

/**
 * Reads the data of one record. Bytes of the message behind the record can be reached where Zeek reaches them: it bounds
 * most reads by the message and not by the record, and a wrong length shifts everything behind it.
 */
export class RdataReader {
  /** Next byte after `read` returned true. */
  position = 0;
  /** What the record says; '' for a record without words; undefined for one that Zeek does not report. */
  text: string | undefined;
  readonly #names: NameReader;
  readonly #addresses = new Map<number, string>();
  #bytes: Bytes;
  #end = 0;
  #weird: CountWeird = () => {};

  constructor(names: NameReader, bytes: Bytes) {
    this.#names = names;
    this.#bytes = bytes;
  }

  /** Says which message the records are of. `end` is where it ends. */
  begin(bytes: Bytes, end: number, weird: CountWeird): void {
    this.#bytes = bytes;
    this.#end = end;
    this.#weird = weird;
  }

  /**
   * @param at first byte of the data; `length` bytes from there lie within the message.
   * @param owner name of the record, for types that repeat it.
   * @param netbios the server's port is NetBIOS's: type 33 is not SRV there.
   * @returns false when nothing behind this record can be understood.
   */
  read(type: number, at: number, length: number, owner: string, netbios: boolean): boolean {
    this.position = at;
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
        this.position = at + length;
        return true;
      case RrType.SVCB:
      case RrType.HTTPS:
        return this.#service(at, length);
      case RrType.NAPTR:
        return this.#naptr(at, length);
      case RrType.SSHFP:
        return this.#fingerprint(at, length);
      case RrType.LOC:
        return this.#location();
      default:
        return this.#secured(type, at, length, owner);
    }
  }

  /** DNSSEC. RFC 4034, RFC 5155. */
  #secured(type: number, at: number, length: number, owner: string): boolean {
    switch (type) {
      case RrType.RRSIG:
        return this.#signature(at, length);
      case RrType.DNSKEY:
        return this.#key(at, length);
      case RrType.DS:
        return this.#delegation(at, length);
      case RrType.NSEC:
        return this.#next(at, length, owner);
      case RrType.NSEC3:
        return this.#hashedNext(at, length);
      case RrType.NSEC3PARAM:
        return this.#hashParameters();
      case RrType.BINDS:
        if (this.#end - at < 5) return false;
        this.text = 'BIND9 signing signal';
        this.position = at + 4;
        this.#skip(length - 4);
        return true;
      default:
        this.text = `<unknown type=${type}>`;
        this.#weird('DNS_RR_unknown_type', `${type}`);
        this.position = at + length;
        return true;
    }
  }

  /** Next 16 bits, 0 (and no step) when the message has fewer. */
  #short(): number {
    if (this.#end - this.position < 2) return 0;
    const value = this.#bytes.view.getUint16(this.position);
    this.position += 2;
    return value;
  }

  #long(): number {
    if (this.#end - this.position < 4) return 0;
    const value = this.#bytes.view.getUint32(this.position);
    this.position += 4;
    return value;
  }

  #skip(count: number): void {
    this.position += Math.max(0, Math.min(count, this.#end - this.position));
  }

  #octet(): number {
    return this.position < this.#end ? (this.#bytes.u8[this.position++] ?? 0) : 0;
  }

  #ipv4(length: number): boolean {
    if (length !== 4) {
      this.#weird('DNS_RR_bad_length');
      return false;
    }
    const address = this.#long();
    let text = this.#addresses.get(address);
    if (text === undefined) {
      if (this.#addresses.size >= KEPT_ADDRESSES) this.#addresses.clear();
      text = formatIpv4(address);
      this.#addresses.set(address, text);
    }
    this.text = text;
    return true;
  }

  #ipv6(): boolean {
    const w0 = this.#long();
    const w1 = this.#long();
    const w2 = this.#long();
    const w3 = this.#long();
    this.text = w0 === 0 && w1 === 0 && w2 === 0xffff ? formatIpv4(w3) : formatIpv6(w0, w1, w2, w3);
    return true;
  }

  /** A name behind a number of 16-bit fields. */
  #name(at: number, length: number, shorts: number): boolean {
    for (let i = 0; i < shorts; i++) this.#short();
    const next = this.#names.read(this.position, this.#end);
    this.text = this.#names.text();
    return this.#settle(at, next, length);
  }

  #settle(at: number, next: number, length: number): boolean {
    if (next - at !== length) this.#weird('DNS_RR_length_mismatch');
    this.position = next;
    return true;
  }

  /** SOA: the primary server's name is what Zeek shows. */
  #authority(at: number, length: number): boolean {
    const names = this.#names;
    const mailbox = names.read(at, this.#end);
    const primary = names.text();
    const numbers = names.read(mailbox, this.#end);
    if (this.#end - numbers < 20) return false;
    this.text = primary;
    return this.#settle(at, numbers + 20, length);
  }

  /** TXT and SPF: character strings up to the end of the record. */
  #strings(label: string, length: number): boolean {
    const { u8 } = this.#bytes;
    const end = this.position + length;
    let text = '';
    let at = this.position;
    for (; at < end; ) {
      const size = u8[at] ?? 0;
      if (size > end - at - 1) {
        this.#weird('DNS_TXT_char_str_past_rdlen');
        this.text = text;
        return false;
      }
      text += `${text === '' ? '' : ' '}${label} ${size} ${this.#bytes.text(at + 1, at + 1 + size)}`;
      at += 1 + size;
    }
    this.text = text;
    this.position = at;
    return true;
  }

  /** SVCB and HTTPS, RFC 9460: read for what is wrong with it; Zeek's log has no place for the rest. */
  #service(at: number, length: number): boolean {
    if (length < 3) {
      this.#weird('DNS_SVCB_wrong_length');
      return false;
    }
    const priority = this.#short();
    const next = this.#names.read(this.position, this.#end, false);
    this.position = next;
    if (next < at + length) {
      if (priority === 0) this.#weird('DNS_SVCB_aliasmode_with_params');
      this.position = readServiceParameters(this.#bytes, next, at + length, this.#weird);
    }
    return true;
  }

  /** NAPTR, RFC 3403 §4.1. */
  #naptr(at: number, length: number): boolean {
    const order = this.#short();
    const preference = this.#short();
    const end = Math.min(at + length, this.#end);
    if (this.position >= end) return false;
    const flags = this.#string(end);
    const service = this.#string(end);
    const expression = this.#string(end);
    const next = this.#names.read(this.position, this.#end, false);
    if (flags === undefined || service === undefined || expression === undefined) return false;
    const replacement = this.#names.text();
    const gap = expression !== '' && replacement !== '' ? ' ' : '';
    this.text = `NAPTR ${order} ${preference} ${flags} ${service} ${expression}${gap}${replacement}`;
    this.position = next;
    return true;
  }

  /** A character string that ends at `end` at the latest; undefined when it does not. */
  #string(end: number): string | undefined {
    if (this.position >= end) return undefined;
    const size = this.#octet();
    if (size > end - this.position) {
      this.#weird('DNS_TXT_char_str_past_rdlen');
      return undefined;
    }
    this.position += size;
    return this.#bytes.text(this.position - size, this.position);
  }

  /** SSHFP, RFC 4255 §3.1. */
  #fingerprint(at: number, length: number): boolean {
    if (this.#end - at < 2) return false;
    this.position = at + 2;
    this.#skip(length - 2);
    let hex = '';
    for (let i = at + 2; i < this.position; i++) hex += (this.#bytes.u8[i] ?? 0).toString(16).padStart(2, '0');
    this.text = `SSHFP: ${hex}`;
    return true;
  }

  /** LOC, RFC 1876 §2: size and precisions in their coded form. */
  #location(): boolean {
    const at = this.position;
    if (this.#end - at < 15) return false;
    const { u8 } = this.#bytes;
    const version = u8[at] ?? 0;
    if (version !== 0) this.#weird('DNS_LOC_version_unrecognized', `${version}`);
    this.text = `LOC:  ${u8[at + 1]} ${u8[at + 2]} ${u8[at + 3]}`;
    this.#skip(16);
    return true;
  }

  #signature(at: number, length: number): boolean {
    if (this.#end - at < 18) return false;
    const covered = this.#short();
    countSigningAlgorithm('RRSIG', this.#bytes.u8[at + 2] ?? 0, this.#weird);
    const next = this.#names.read(at + 18, this.#end);
    this.text = `RRSIG ${covered} ${this.#names.text() || '<Root>'}`;
    this.position = next;
    this.#skip(at + length - next);
    return true;
  }

  #key(at: number, length: number): boolean {
    if (this.#end - at < 4) return false;
    const flags = this.#short();
    const protocol = this.#octet();
    const algorithm = this.#octet();
    this.#skip(length - 4);
    countKeyFlags(flags, protocol, this.#weird);
    countSigningAlgorithm('DNSKEY', algorithm, this.#weird);
    this.text = `DNSKEY ${algorithm}`;
    return true;
  }

  #delegation(at: number, length: number): boolean {
    if (this.#end - at < 4) return false;
    this.position = at + 2;
    const algorithm = this.#octet();
    const digest = this.#octet();
    this.#skip(length - 4);
    countDigest(digest, this.#weird);
    this.text = `DS ${algorithm} ${digest}`;
    return true;
  }

  #next(at: number, length: number, owner: string): boolean {
    const next = this.#names.read(at, this.#end);
    this.text = `NSEC ${owner} ${this.#names.text()}`;
    this.position = next;
    this.#typeBitmaps(length - (next - at), 'DNSSEC_NSEC_bitmapLen0');
    return true;
  }

  #hashedNext(at: number, length: number): boolean {
    if (this.#end - at < 6) return false;
    this.position = at + 4;
    this.#skip(this.#octet());
    this.#skip(this.#octet());
    this.#typeBitmaps(length - (this.position - at), 'DNSSEC_NSEC3_bitmapLen0');
    this.text = 'NSEC3';
    return true;
  }

  #hashParameters(): boolean {
    if (this.#end - this.position < 5) return false;
    this.position += 4;
    this.#skip(this.#octet());
    this.text = 'NSEC3PARAM';
    return true;
  }

  /** Windows of a type bitmap, RFC 4034 §4.1.2: stepped over. */
  #typeBitmaps(length: number, weird: string): void {
    let left = length;
    while (left > 0 && this.position < this.#end) {
      const header = this.#short();
      const size = header & 0xff;
      if (size === 0) {
        this.#weird(weird, `${header >>> 8}`);
        return;
      }
      this.#skip(size);
      left -= 2 + size;
    }
  }
}
