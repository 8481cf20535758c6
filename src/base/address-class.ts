// Which kind of address it is, by the IANA special-purpose registries (RFC 6890 and its updates).
import { type AddressWords, type Cidr, inCidr, parseAddress, parseCidr } from './ip.ts';
import { Memo } from './memo.ts';

const ranges = (texts: readonly string[]): readonly Cidr[] => texts.flatMap((text) => parseCidr(text) ?? []);

/** Ranges that belong to whoever uses them: ours by default. RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291. */
export const privateRanges = ranges([
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
]);

const multicastRanges = ranges(['224.0.0.0/4', 'ff00::/8', '255.255.255.255/32']);

const otherSpecialRanges = ranges(['0.0.0.0/8', '127.0.0.0/8', '192.0.0.0/24', '240.0.0.0/4', '::/127', '100::/64']);

export function inAny(list: readonly Cidr[], words: AddressWords): boolean {
  for (const range of list) if (inCidr(range, words[0], words[1], words[2], words[3])) return true;
  return false;
}

/** Multicast or limited broadcast. */
export const isMulticastWords = (words: AddressWords): boolean => inAny(multicastRanges, words);

/**
 * Unicast beyond a private network. The documentation and benchmark ranges (RFC 5737, RFC 3849, RFC 2544) count:
 * laboratories and published samples use them as the Internet.
 */
export const isPublicWords = (words: AddressWords): boolean =>
  !inAny(privateRanges, words) && !inAny(multicastRanges, words) && !inAny(otherSpecialRanges, words);

/** An answer per address text, remembered for the last `capacity` addresses so that repeated questions cost a map look-up. */
export function remembered(capacity: number, decide: (words: AddressWords) => boolean): (address: string) => boolean {
  const known = new Memo<string, boolean>(capacity);
  return (address) => {
    const hit = known.get(address);
    if (hit !== undefined) return hit;
    const words = parseAddress(address);
    return known.set(address, words !== undefined && decide(words));
  };
}
