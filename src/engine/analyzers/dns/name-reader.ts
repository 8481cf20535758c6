// Domain names on the wire: labels and compression pointers. RFC 1035 §3.1, §4.1.4.
import { Bytes } from '../../../base/bytes.ts';
import { NameCache } from './name-cache.ts';

/** Bytes of a name with its dots that are kept; RFC 1035 allows 255. */
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
 * A malformed name ends where it is malformed, which is counted; reading goes on behind it, as Zeek does. No input makes it
 * loop: a pointer must point backwards, and what it points at ends before it.
 */
export class NameReader {
  /** Bytes of the name read last. */
  length = 0;
  /** Nothing was wrong with it. */
  sound = true;
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

  /** Reads the name at `at`, which may use bytes up to `end`. @returns the position behind it. */
  read(at: number, end: number, lower = true): number {
    this.length = 0;
    this.sound = true;
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
      this.#count('DNS_max_compression_chain_depth_exceeded', `${pointers}`);
      return from;
    }
    const { u8 } = this.#bytes;
    const begin = this.length;
    let at = from;
    while (at < end) {
      const label = u8[at++] ?? 0;
      // The message's last byte names no label, whatever it says.
      if (label === 0 || at >= end) break;
      if (label >= 0xc0) {
        this.#follow(at - 1, ((label & 0x3f) << 8) | (u8[at] ?? 0), pointers);
        at++;
        break;
      }
      const problem = this.#problemOf(label, end - at);
      if (problem !== undefined) {
        this.#count(problem);
        if (label > end - at) at = end;
        break;
      }
      this.#copy(at, label);
      at += label;
    }
    this.#finish(begin);
    return at;
  }

  #follow(at: number, offset: number, pointers: number): void {
    const target = this.#message + offset;
    if (target >= at) {
      this.#count('DNS_label_forward_compress_offset');
      return;
    }
    this.#lower = true;
    this.#labels(target, at, pointers + 1);
  }

  #problemOf(label: number, left: number): string | undefined {
    if (label > left) return 'DNS_label_len_gt_pkt';
    if (label > MAX_LABEL_BYTES && !this.#longLabels) return 'DNS_label_too_long';
    return label >= MAX_NAME_BYTES - this.length ? 'DNS_label_len_gt_name_len' : undefined;
  }

  /** Copies a label and puts a dot behind it. */
  #copy(at: number, count: number): void {
    const from = this.#bytes.u8;
    const to = this.#scratch.u8;
    const lower = this.#lower;
    let hash = this.#hash;
    let length = this.length;
    for (let i = at; i < at + count; i++) {
      let byte = from[i] ?? 0;
      if (byte >= 0x41 && byte <= 0x5a && lower) byte |= 0x20;
      to[length++] = byte;
      hash = Math.imul(hash ^ byte, HASH_FACTOR);
    }
    to[length++] = 0x2e;
    this.#hash = Math.imul(hash ^ 0x2e, HASH_FACTOR);
    this.length = length;
  }

  /** Takes the last dot off. The hash keeps it: it still is a function of the bytes. */
  #finish(begin: number): void {
    const count = this.length - begin;
    if (count >= LONG_NAME_BYTES) this.#count('DNS_NAME_too_long');
    if (count >= 2 && this.#scratch.u8[this.length - 1] === 0x2e) this.length--;
  }

  #count(problem: string, detail?: string): void {
    this.sound = false;
    this.#weird(problem, detail);
  }
}
