// The filter language of `vedette packets`, close to tcpdump's: primitives joined by and, or, not and brackets.
import { type Cidr, inCidr, parseCidr } from '../base/ip.ts';
import type { Packet } from '../engine/wire/packet.ts';
import { sourcePort, targetPort } from '../engine/wire/packet-text.ts';

/** Whether a packet is wanted; `context` is asked for only where the filter speaks of it. */
export type PacketTest = (packet: Packet, contextOf: (packet: Packet) => string | undefined) => boolean;

/** What is wrong with a filter, for a sentence: "…; expected an address after host". */
export class FilterError extends Error {
  override readonly name = 'FilterError';
}

const protocols: Readonly<Record<string, (packet: Packet) => boolean>> = {
  tcp: ({ protocol }) => protocol === 6,
  udp: ({ protocol }) => protocol === 17,
  icmp: ({ protocol }) => protocol === 1 || protocol === 58,
  sctp: ({ protocol }) => protocol === 132,
  ip: ({ ipVersion }) => ipVersion === 4,
  ip6: ({ ipVersion }) => ipVersion === 6,
};

type Side = 'src' | 'dst' | 'either';

/** Most words of a filter, and brackets in brackets: nobody types more. */
const maxWords = 400;
const maxDepth = 40;

class Parser {
  readonly #words: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#words = text.match(/[()!]|&&|\|\||[^\s()!&|]+/g) ?? [];
    if (this.#words.length > maxWords) throw new FilterError('the filter is too long');
  }

  parse(): PacketTest {
    if (this.#words.length === 0) throw new FilterError('the filter is empty');
    const test = this.#or();
    if (this.#at < this.#words.length) throw new FilterError(`"${this.#words[this.#at] ?? ''}" is not expected here`);
    return test;
  }

  #take(...words: readonly string[]): boolean {
    if (!words.includes(this.#words[this.#at] ?? '')) return false;
    this.#at++;
    return true;
  }

  #or(): PacketTest {
    let left = this.#and();
    while (this.#take('or', '||')) {
      const [before, right] = [left, this.#and()];
      left = (packet, contextOf) => before(packet, contextOf) || right(packet, contextOf);
    }
    return left;
  }

  /** Primitives side by side are joined as well: `tcp port 80`. */
  #and(): PacketTest {
    let left = this.#not();
    while (this.#take('and', '&&') || (this.#at < this.#words.length && ![')', 'or', '||'].includes(this.#words[this.#at] ?? ''))) {
      const [before, right] = [left, this.#not()];
      left = (packet, contextOf) => before(packet, contextOf) && right(packet, contextOf);
    }
    return left;
  }

  #not(): PacketTest {
    if (++this.#depth > maxDepth) throw new FilterError('the filter is nested too deep');
    try {
      if (this.#take('not', '!')) {
        const inner = this.#not();
        return (packet, contextOf) => !inner(packet, contextOf);
      }
      if (!this.#take('(')) return this.#primitive();
      const inner = this.#or();
      if (!this.#take(')')) throw new FilterError('a bracket is not closed');
      return inner;
    } finally {
      this.#depth--;
    }
  }

  #primitive(): PacketTest {
    const word = this.#words[this.#at++] ?? '';
    const protocol = Object.hasOwn(protocols, word) ? protocols[word] : undefined;
    if (protocol !== undefined) return protocol;
    if (word === 'src' || word === 'dst') return this.#end(this.#words[this.#at++] ?? '', word);
    return this.#end(word, 'either');
  }

  #end(word: string, side: Side): PacketTest {
    switch (word) {
      case 'host':
      case 'net':
        return address(side, this.#cidr(word));
      case 'port':
        return port(side, ...this.#ports(word));
      case 'proto':
        return this.#primitive();
      case 'context': {
        const wanted = this.#value(word, 'a context');
        return (packet, contextOf) => contextOf(packet) === wanted;
      }
      case 'after':
      case 'before': {
        const at = this.#time(word);
        return word === 'after' ? (packet) => packet.at >= at : (packet) => packet.at < at;
      }
      default: {
        // A bare address or range, as one pastes it.
        const range = parseCidr(word);
        if (range !== undefined) return address(side, range);
        const known = 'host, net, port, src, dst, tcp, udp, icmp, sctp, ip, ip6, context, after, before, and, or, not';
        throw new FilterError(word === '' ? 'the filter ends too early' : `"${word}" is no word of a filter (${known})`);
      }
    }
  }

  #value(after: string, what: string): string {
    const word = this.#words[this.#at++];
    if (word === undefined) throw new FilterError(`${what} is missing after ${after}`);
    return word;
  }

  #cidr(after: string): Cidr {
    const word = this.#value(after, 'an address');
    const range = parseCidr(word);
    if (range === undefined) throw new FilterError(`"${word}" is not an address or CIDR`);
    return range;
  }

  #ports(after: string): [number, number] {
    const word = this.#value(after, 'a number');
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(word);
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? match?.[1]);
    if (match === null || first > last || last > 65_535) throw new FilterError(`"${word}" is not a port or a range of ports`);
    return [first, last];
  }

  /** ISO 8601, UTC where no zone is given, or seconds since the epoch. @returns microseconds since the epoch */
  #time(after: string): number {
    const word = this.#value(after, 'a time');
    if (/^\d{9,11}(?:\.\d+)?$/.test(word)) return Number(word) * 1e6;
    const millis = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/.test(word)
      ? Date.parse(/T/.test(word) && !/(?:Z|[+-]\d\d:?\d\d)$/.test(word) ? `${word}Z` : word)
      : Number.NaN;
    if (Number.isNaN(millis)) throw new FilterError(`"${word}" is not a time such as 2023-03-05T20:38:41Z`);
    return millis * 1000;
  }
}

function address(side: Side, range: Cidr): PacketTest {
  const isSource = (p: Packet): boolean => inCidr(range, p.s0 >>> 0, p.s1 >>> 0, p.s2 >>> 0, p.s3 >>> 0);
  const isTarget = (p: Packet): boolean => inCidr(range, p.d0 >>> 0, p.d1 >>> 0, p.d2 >>> 0, p.d3 >>> 0);
  if (side === 'src') return isSource;
  return side === 'dst' ? isTarget : (packet) => isSource(packet) || isTarget(packet);
}

function port(side: Side, first: number, last: number): PacketTest {
  const fits = (value: number): boolean => value >= first && value <= last;
  const hasPorts = (p: Packet): boolean => (p.protocol === 6 || p.protocol === 17 || p.protocol === 132) && !p.fragment;
  if (side === 'src') return (packet) => hasPorts(packet) && fits(sourcePort(packet));
  if (side === 'dst') return (packet) => hasPorts(packet) && fits(targetPort(packet));
  return (packet) => hasPorts(packet) && (fits(sourcePort(packet)) || fits(targetPort(packet)));
}

/** The test that a filter describes. @throws {FilterError} */
export const parsePacketFilter = (text: string): PacketTest => new Parser(text).parse();
