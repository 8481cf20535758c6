// Addresses and MACs in the one form in which they are compared.
import { type AddressWords, formatIpv6, parseAddress, parseCidr } from '../base/ip.ts';

/** IPv4 as it is, IPv6 after RFC 5952 in lower case; undefined for what is no address. */
export function addressKey(text: string): string | undefined {
  const words = parseAddress(text);
  if (words === undefined) return undefined;
  return text.includes(':') ? formatIpv6(...words) : text;
}

/** Lower case with colons; undefined for what is no MAC. */
export function macKey(text: string): string | undefined {
  const digits = text.toLowerCase().replace(/[-:.]/g, '');
  return /^[0-9a-f]{12}$/.test(digits) ? (digits.match(/../g) ?? []).join(':') : undefined;
}

/** The range of this many bits (counted over 128) that the address lies in. */
export function rangeKey(words: AddressWords, bits: number): string {
  const masked = words.map((word, i) => {
    const left = bits - 32 * i;
    return left >= 32 ? word : left <= 0 ? 0 : (word & (0xffffffff << (32 - left))) >>> 0;
  });
  return `${bits}|${masked.join(',')}`;
}

/** A map from ranges to values, asked by address: one look-up for each prefix length in use. */
export class RangeMap<T> {
  readonly #values = new Map<string, T[]>();
  readonly #lengths = new Set<number>();

  /** Whether the text was a range or an address. */
  add(range: string, value: T): boolean {
    const cidr = parseCidr(range);
    if (cidr === undefined) return false;
    this.#lengths.add(cidr.bits);
    const key = rangeKey(cidr.words, cidr.bits);
    const values = this.#values.get(key);
    if (values === undefined) this.#values.set(key, [value]);
    else values.push(value);
    return true;
  }

  /** Values of all ranges that the address lies in, narrowest first. */
  find(address: string): readonly { readonly value: T; readonly bits: number }[] {
    const words = parseAddress(address);
    if (words === undefined) return [];
    return [...this.#lengths]
      .sort((a, b) => b - a)
      .flatMap((bits) => (this.#values.get(rangeKey(words, bits)) ?? []).map((value) => ({ value, bits })));
  }
}
