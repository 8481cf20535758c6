// Domain names on the wire: labels and compression pointers. RFC 1035 §3.1, §4.1.4.
import { Bytes } from '../../../base/bytes.ts';
import { NameCache } from './name-cache.ts';

/** Bytes of a name with its dots that are kept; a longer one is refused (RFC 1035 allows 255). */
const MAX_NAME_BYTES = 512;
/** From here on a name is counted as too long. */
const LONG_NAME_BYTES = 255;
/** Longest label; the two bits above mark a pointer. NetBIOS names are allowed to break the rule. */
const MAX_LABEL_BYTES = 63;
/** Pointers to pointers that are followed. They only go back, so this bounds work and not termination. */
const MAX_POINTERS = 20;
/** FNV-1a. */
const HASH_START = 0x811c9dc5 | 0;
const HASH_FACTOR = 0x01000193;

/** Counts a malformation by Zeek's name for it. */
export type CountWeird = (name: string, addl?: string) => void;

/**
 * Reads one name at a time into a buffer of its own: lower case, labels joined by dots, no dot at the end, '' for the root.
 * A malformed name gives -1 and is counted once; no input makes it loop: pointers must point backwards.
 */
export class NameReader {
  /** Bytes of the name read last. */
  length = 0;
  readonly #scratch = new Bytes(new Uint8Array(MAX_NAME_BYTES + 1));
  readonly #cache = new NameCache();
  #hash = HASH_START;
  #bytes = this.#scratch;
  #message = 0;
  #longLabels = false;
  #lower = true;
  #weird: CountWeird = () => {};

  /** Says which message the names are of. `message` is where it starts: pointers count from there. */
  begin(bytes: Bytes, message: number, longLabels: boolean, weird: CountWeird): void {
    this.#bytes = bytes;
    this.#message = message;
    this.#longLabels = longLabels;
    this.#weird = weird;
  }

  /** Reads the name at `at`, which may use bytes up to `end`. @returns the position behind it, -1 when it is malformed. */
  read(at: number, end: number, lower = true): number {
    this.length = 0;
    this.#hash = HASH_START;
    this.#lower = lower;
    return this.#labels(at, end, 0);
  }

  /** The name read last, as text for a record. */
  text(): string {
    return this.length === 0 ? '' : this.#cache.text(this.#scratch, this.length, this.#hash);
  }

  #labels(from: number, end: number, pointers: number): number {
    if (pointers > MAX_POINTERS) {
      this.#weird('DNS_max_compression_chain_depth_exceeded', `${pointers}`);
      return from;
    }
    const u8 = this.#bytes.u8;
    const begin = this.length;
    for (let at = from; at < end; ) {
      const label = u8[at] ?? 0;
      if (label === 0) return this.#finished(begin, at + 1);
      if (label >= 0xc0) {
        if (at + 2 > end) break;
        return this.#pointer(at, ((label & 0x3f) << 8) | (u8[at + 1] ?? 0), begin, pointers);
      }
      at = this.#label(at + 1, label, end);
      if (at < 0) return -1;
    }
    this.#weird('dns_invalid_name');
    return -1;
  }

  #pointer(at: number, offset: number, begin: number, pointers: number): number {
    const target = this.#message + offset;
    if (target >= at) {
      this.#weird('DNS_label_forward_compress_offset');
      return -1;
    }
    this.#lower = true;
    return this.#labels(target, at, pointers + 1) < 0 ? -1 : this.#finished(begin, at + 2);
  }

  /** Copies a label and a dot. @returns the position behind the label, -1 when it does not fit. */
  #label(at: number, count: number, end: number): number {
    if (count > end - at) return this.#malformed('DNS_label_len_gt_pkt');
    if (count > MAX_LABEL_BYTES && !this.#longLabels) return this.#malformed('DNS_label_too_long');
    if (count >= MAX_NAME_BYTES - this.length) return this.#malformed('DNS_label_len_gt_name_len');
    const from = this.#bytes.u8;
    const to = this.#scratch.u8;
    let hash = this.#hash;
    let length = this.length;
    for (let i = at; i < at + count; i++) {
      let byte = from[i] ?? 0;
      if (byte >= 0x41 && byte <= 0x5a && this.#lower) byte |= 0x20;
      to[length++] = byte;
      hash = Math.imul(hash ^ byte, HASH_FACTOR);
    }
    to[length++] = 0x2e;
    this.#hash = Math.imul(hash ^ 0x2e, HASH_FACTOR);
    this.length = length;
    return at + count;
  }

  /** Takes the last dot off. The hash keeps it: it still is a function of the bytes. */
  #finished(begin: number, next: number): number {
    const count = this.length - begin;
    if (count >= LONG_NAME_BYTES) this.#weird('DNS_NAME_too_long');
    if (count >= 2 && this.#scratch.u8[this.length - 1] === 0x2e) this.length--;
    return next;
  }

  #malformed(name: string): number {
    this.#weird(name);
    return -1;
  }
}
