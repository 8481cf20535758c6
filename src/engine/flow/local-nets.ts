// Which addresses are local: Zeek's private and special-use ranges, and what the operator names.
import { type Cidr, parseCidr } from '../../base/ip.ts';

/** Special-use ranges, RFC 6890 and its updates, as Zeek's Site::private_address_space has them. */
const ipv4Ranges = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24'],
  ...['192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/24', '239.0.0.0/8', '240.0.0.0/4'],
];
const ipv6Ranges = [
  ...['::/128', '::1/128', '64:ff9b:1::/48', '100::/64', '2001::/23', '2001:db8::/32', 'fc00::/7', 'fe80::/10', 'fec0::/10'],
];

/** Words and masks of ranges, four of each a range: no array is made per question. */
class Ranges {
  readonly #words: number[] = [];
  readonly #masks: number[] = [];

  add({ words, bits }: Cidr): void {
    for (const [i, word] of words.entries()) {
      const left = Math.min(32, Math.max(0, bits - i * 32));
      const mask = left === 0 ? 0 : -1 << (32 - left);
      this.#masks.push(mask);
      this.#words.push(word & mask);
    }
  }

  has(w0: number, w1: number, w2: number, w3: number): boolean {
    const words = this.#words;
    const masks = this.#masks;
    for (let i = 0; i < words.length; i += 4) {
      if ((w3 & (masks[i + 3] ?? 0)) !== words[i + 3]) continue;
      if ((w2 & (masks[i + 2] ?? 0)) !== words[i + 2] || (w1 & (masks[i + 1] ?? 0)) !== words[i + 1]) continue;
      if ((w0 & (masks[i] ?? 0)) === words[i]) return true;
    }
    return false;
  }
}

/** The 6to4 range (RFC 3056) of an IPv4 one: its prefix behind 2002::/16. */
function sixToFour(range: Cidr): Cidr {
  const address = range.words[3];
  return { words: [0x20020000 + (address >>> 16), (address << 16) >>> 0, 0, 0], bits: range.bits - 96 + 16 };
}

const parsed = (texts: readonly string[]): Cidr[] => texts.flatMap((text) => parseCidr(text) ?? []);
const isIpv4 = ({ words: [w0, w1, w2], bits }: Cidr): boolean => w0 === 0 && w1 === 0 && w2 === 0xffff && bits >= 96;

/** Decides whether an address is local. */
export class LocalNets {
  readonly #ipv4 = new Ranges();
  readonly #ipv6 = new Ranges();

  /** @param own further ranges that are local. */
  constructor(own: readonly Cidr[]) {
    const special = parsed(ipv4Ranges);
    for (const range of [...special, ...own]) if (isIpv4(range)) this.#ipv4.add(range);
    for (const range of [...parsed(ipv6Ranges), ...special.map(sixToFour), ...own]) if (!isIpv4(range)) this.#ipv6.add(range);
  }

  /** Words as in the flow key (IPv4 as IPv4-mapped IPv6); signed or unsigned. */
  contains(w0: number, w1: number, w2: number, w3: number): boolean {
    const isMapped = w0 === 0 && w1 === 0 && w2 >>> 0 === 0xffff;
    return (isMapped ? this.#ipv4 : this.#ipv6).has(w0, w1, w2, w3);
  }
}
