// Sets of addresses as sorted intervals, IPv4 as IPv4-mapped IPv6: a /12 costs as little as one address.
import { VedetteError } from '../base/errors.ts';
import { formatIpv4, formatIpv6, parseAddress, parseCidr } from '../base/ip.ts';

/** Most addresses of one scan; beyond it a typing error (a /8) is likelier than a wish. */
export const maxAddresses = 1 << 20;

type Interval = readonly [first: bigint, last: bigint];

const ipv4Base = 0xffff_0000_0000n;
const isIpv4 = (value: bigint): boolean => value >> 32n === 0xffffn;

function numberOf(text: string): bigint | undefined {
  const words = parseAddress(text);
  return words?.reduce((value, word) => (value << 32n) | BigInt(word), 0n);
}

function textOf(value: bigint): string {
  const word = (shift: bigint): number => Number((value >> shift) & 0xffff_ffffn);
  return isIpv4(value) ? formatIpv4(word(0n)) : formatIpv6(word(96n), word(64n), word(32n), word(0n));
}

/** `203.0.113.7`, `203.0.113.0/24`, `203.0.113.10-20`, `203.0.113.10-203.0.114.5`, and the same of IPv6. */
function intervalOf(text: string): Interval | undefined {
  const cidr = parseCidr(text);
  if (cidr !== undefined) {
    const start = numberOf(text.split('/')[0] ?? '') ?? 0n;
    const size = 1n << BigInt(128 - cidr.bits);
    const first = (start / size) * size;
    return [first, first + size - 1n];
  }
  const [from = '', to = '', ...rest] = text.split('-');
  const first = numberOf(from);
  const last = /^\d{1,3}$/.test(to) ? numberOf(from.replace(/\d+$/, to)) : numberOf(to);
  if (first === undefined || last === undefined || rest.length > 0 || last < first || isIpv4(first) !== isIpv4(last)) return undefined;
  return [first, last];
}

function merged(intervals: readonly Interval[]): Interval[] {
  const sorted = intervals.toSorted((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  const result: [bigint, bigint][] = [];
  for (const [first, last] of sorted) {
    const before = result.at(-1);
    if (before === undefined || first > before[1] + 1n) result.push([first, last]);
    else if (last > before[1]) before[1] = last;
  }
  return result;
}

/** What is left of an interval without others, of which those before `next` end before it begins. */
function* pieces([start, last]: Interval, cuts: readonly Interval[], next: number): Iterable<Interval> {
  let first = start;
  for (let i = next; first <= last; i++) {
    const cut = cuts[i];
    if (cut === undefined || cut[0] > last) break;
    if (cut[0] > first) yield [first, cut[0] - 1n];
    first = cut[1] + 1n;
  }
  if (first <= last) yield [first, last];
}

/** A set that is not changed after it was made. */
export class AddressSet {
  readonly #intervals: readonly Interval[];

  private constructor(intervals: readonly Interval[]) {
    this.#intervals = intervals;
  }

  /** @throws {VedetteError} `usage` naming the text that is no address or range */
  static of(texts: Iterable<string>): AddressSet {
    const intervals: Interval[] = [];
    for (const text of texts) {
      const interval = intervalOf(text);
      if (interval === undefined) {
        const advice = 'give addresses, CIDRs or ranges such as 203.0.113.0/24, 203.0.113.10-20, 2001:db8::1 (names are not looked up)';
        throw new VedetteError('usage', { problem: `"${text}" is no address or range`, advice });
      }
      intervals.push(interval);
    }
    return new AddressSet(merged(intervals));
  }

  get size(): number {
    return Number(this.#intervals.reduce((sum, [first, last]) => sum + last - first + 1n, 0n));
  }

  has(text: string): boolean {
    const value = numberOf(text);
    if (value === undefined) return false;
    let [low, high] = [0, this.#intervals.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#intervals[middle]?.[1] ?? 0n) < value) low = middle + 1;
      else high = middle;
    }
    return (this.#intervals[low]?.[0] ?? value + 1n) <= value;
  }

  without(other: AddressSet): AddressSet {
    const result: Interval[] = [];
    let next = 0;
    for (const interval of this.#intervals) {
      while (next < other.#intervals.length && (other.#intervals[next]?.[1] ?? 0n) < interval[0]) next++;
      result.push(...pieces(interval, other.#intervals, next));
    }
    return new AddressSet(result);
  }

  /** Those of one version. */
  version(version: 4 | 6): AddressSet {
    return new AddressSet(this.#intervals.filter(([first]) => isIpv4(first) === (version === 4)));
  }

  /** Each address, ascending. */
  *addresses(): Iterable<string> {
    for (const [first, last] of this.#intervals) for (let at = first; at <= last; at++) yield textOf(at);
  }

  /** The fewest CIDRs that make the set; single addresses without a prefix length. */
  cidrs(): string[] {
    return this.#intervals.flatMap(([first, last]) => [...cidrsOf(first, last)]);
  }

  /** The lower half of them. */
  firstHalf(): AddressSet {
    const half = Math.ceil(this.size / 2);
    const taken: Interval[] = [];
    let left = BigInt(half);
    for (const [first, last] of this.#intervals) {
      if (left === 0n) break;
      const count = last - first + 1n < left ? last - first + 1n : left;
      taken.push([first, first + count - 1n]);
      left -= count;
    }
    return new AddressSet(taken);
  }
}

function* cidrsOf(start: bigint, last: bigint): Iterable<string> {
  const width = isIpv4(start) ? 32n : 128n;
  let first = start;
  while (first <= last) {
    let bits = 0n;
    const origin = isIpv4(first) ? first - ipv4Base : first;
    while (bits < width && (origin >> bits) % 2n === 0n && first + (1n << (bits + 1n)) - 1n <= last) bits++;
    yield bits === 0n ? textOf(first) : `${textOf(first)}/${width - bits}`;
    first += 1n << bits;
  }
}
