// Puts fragmented datagrams together again. RFC 791 §3.2, RFC 8200 §4.5; overlaps are settled as Zeek does: what came first stays.
import { Bytes } from '../../base/bytes.ts';
import { formatIpv4, formatIpv6 } from '../../base/ip.ts';
import type { IpReader } from './ip.ts';
import type { Packet } from './packet.ts';
import type { WireReport } from './report.ts';
import type { StrayDatagram } from './stray-fragments.ts';

/** Datagrams under way at a time; each may hold 64 KB. */
const maxDatagrams = 1024;
const maxHeldBytes = 16 * 1024 * 1024;
/** Buffers up to this size are kept for reuse as many as there may be at a time, larger ones only a few. */
const smallBuffer = 2048;
/** Pieces with holes between them that one datagram may have; an attacker's, not a network's. */
const maxPieces = 1024;
/** RFC 791 suggests 15 s, RFC 8200 says 60 s. */
const lifetimeMicros = 60e6;
/** Sizes that Zeek finds odd. */
const smallestFragment = 64;
const largestDatagram = 64_000;
const maxDatagramBytes = 65_535;

/** One datagram: its header, its bytes so far, and which of them are there. Reused. */
class Datagram {
  key = '';
  firstAt = 0;
  lastAt = 0;
  fragments = 0;
  /** Addresses of the sender and the target, as in `Packet`, and its context. */
  readonly addresses = new Uint32Array(8);
  context = 0;
  /** Header (without the fragment header of IPv6), then payload. */
  u8 = new Uint8Array(smallBuffer);
  headerBytes = 0;
  protocol = 0;
  /** IPv6: where the header names what follows it. */
  nextAt = 0;
  /** Bytes of payload; 0 while the last fragment is missing. */
  payloadBytes = 0;
  /** Pieces that are there, in order, not touching: starts and ends relative to the payload. */
  readonly starts: number[] = [];
  readonly ends: number[] = [];

  reset(key: string, packet: Packet): void {
    this.key = key;
    this.firstAt = packet.at;
    this.lastAt = packet.at;
    this.fragments = 0;
    this.context = packet.context;
    this.protocol = packet.protocol;
    const { addresses } = this;
    addresses[0] = packet.s0;
    addresses[1] = packet.s1;
    addresses[2] = packet.s2;
    addresses[3] = packet.s3;
    addresses[4] = packet.d0;
    addresses[5] = packet.d1;
    addresses[6] = packet.d2;
    addresses[7] = packet.d3;
    this.headerBytes = 0;
    this.payloadBytes = 0;
    this.starts.length = 0;
    this.ends.length = 0;
  }

  /** @returns bytes by which the buffer grew */
  ensure(bytes: number): number {
    const before = this.u8.length;
    if (bytes <= before) return 0;
    const grown = new Uint8Array(Math.max(bytes, before * 2));
    grown.set(this.u8);
    this.u8 = grown;
    return grown.length - before;
  }

  get isComplete(): boolean {
    return this.payloadBytes > 0 && this.starts.length > 0 && this.starts[0] === 0 && (this.ends[0] ?? 0) >= this.payloadBytes;
  }
}

const high = (word: number): number => word >>> 16;
const low = (word: number): number => word & 0xffff;

/** Context, addresses and identification as the characters of a text: in a flood of fragments, decimal digits would cost the most. */
const keyOf = ({ context, s0, s1, s2, s3, d0, d1, d2, d3 }: Packet, id: number): string =>
  // biome-ignore format: one word a pair
  String.fromCharCode(
    high(context), low(context), high(s0), low(s0), high(s1), low(s1), high(s2), low(s2), high(s3), low(s3),
    high(d0), low(d0), high(d1), low(d1), high(d2), low(d2), high(d3), low(d3), high(id), low(id),
  );

/** Text of the address at `from` in `words`. */
function addressText(words: Uint32Array, from: number): string {
  const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = words.subarray(from, from + 4);
  return w0 === 0 && w1 === 0 && w2 === 0xffff ? formatIpv4(w3) : formatIpv6(w0, w1, w2, w3);
}

/** Where a complete datagram lies; valid until the next one is complete at the same depth. */
export interface Assembled {
  readonly bytes: Bytes;
  readonly length: number;
}

/** Keeps fragments until a datagram is whole. Bounded in datagrams, bytes, pieces and time; the oldest goes first. */
export class Reassembly {
  readonly #report: WireReport;
  readonly #onAbandoned: (datagram: StrayDatagram) => void;
  readonly #contextText: (context: number) => string | undefined;
  readonly #byKey = new Map<string, Datagram>();
  readonly #free: Datagram[] = [];
  /** Complete ones that are still being read; a datagram inside one of them needs a buffer of its own. */
  readonly #lent: Datagram[] = [];
  #heldBytes = 0;

  /** `onAbandoned` learns of datagrams that never became whole. */
  constructor(report: WireReport, contextText: (context: number) => string | undefined, onAbandoned: (datagram: StrayDatagram) => void) {
    this.#report = report;
    this.#contextText = contextText;
    this.#onAbandoned = onAbandoned;
  }

  /** Bytes of buffers in use, for tests of the bound. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /**
   * Adds the fragment that `packet` and `ip` describe.
   * @returns the whole datagram when this was the last missing piece, readable until `reclaim`
   */
  add(packet: Packet, ip: IpReader): Assembled | undefined {
    this.#report.counters.fragments++;
    const key = keyOf(packet, ip.fragmentId);
    this.#expire(packet.at);
    const datagram = this.#byKey.get(key) ?? this.#open(key, packet);
    datagram.fragments++;
    datagram.lastAt = packet.at;
    if (!this.#insert(datagram, packet, ip)) {
      this.#abandon(datagram);
      return undefined;
    }
    if (!datagram.isComplete) return undefined;
    this.#report.counters.reassembled++;
    this.#release(datagram);
    this.#lent.push(datagram);
    return finish(datagram, packet.ipVersion);
  }

  /** The buffers of complete datagrams are free again: call when a frame is done with. */
  reclaim(): void {
    for (const datagram of this.#lent) this.#keep(datagram);
    this.#lent.length = 0;
  }

  #open(key: string, packet: Packet): Datagram {
    if (this.#byKey.size >= maxDatagrams || this.#heldBytes >= maxHeldBytes) this.#dropOldest();
    const datagram = this.#free.pop() ?? new Datagram();
    datagram.reset(key, packet);
    this.#heldBytes += datagram.u8.length;
    this.#byKey.set(key, datagram);
    return datagram;
  }

  #dropOldest(): void {
    for (const oldest of this.#byKey.values()) {
      this.#abandon(oldest);
      return;
    }
  }

  #expire(at: number): void {
    for (const oldest of this.#byKey.values()) {
      if (at - oldest.firstAt < lifetimeMicros) return;
      this.#abandon(oldest);
    }
  }

  /** Gives up on everything that is not whole: the capture is over. */
  finish(): void {
    for (const datagram of this.#byKey.values()) this.#abandon(datagram);
  }

  #abandon(datagram: Datagram): void {
    this.#report.counters.fragmentsExpired++;
    const { addresses, protocol, firstAt, lastAt, fragments } = datagram;
    this.#onAbandoned({
      sender: addressText(addresses, 0),
      target: addressText(addresses, 4),
      protocol,
      context: this.#contextText(datagram.context),
      firstAt,
      lastAt,
      fragments,
    });
    this.#release(datagram);
    this.#keep(datagram);
  }

  #release(datagram: Datagram): void {
    this.#byKey.delete(datagram.key);
    this.#heldBytes -= datagram.u8.length;
  }

  /** For the next datagram. */
  #keep(datagram: Datagram): void {
    if (this.#free.length < (datagram.u8.length <= smallBuffer ? maxDatagrams : 16)) this.#free.push(datagram);
  }

  /** @returns false when the datagram is beyond hope */
  #insert(datagram: Datagram, packet: Packet, ip: IpReader): boolean {
    const fragmentHeader = packet.ipVersion === 6 ? 8 : 0;
    const headerBytes = packet.l4Start - packet.ipStart - fragmentHeader;
    this.#checkOddities(datagram, packet, ip, headerBytes);
    const length = packet.end - packet.l4Start;
    const upper = ip.fragmentOffset + length;
    if (headerBytes + upper > maxDatagramBytes) {
      this.#report.weird('excessively_large_fragment');
      return false;
    }
    this.#noteSize(datagram, ip, upper, packet.ipLength);
    if (datagram.headerBytes === 0) {
      this.#heldBytes += datagram.ensure(headerBytes + upper);
      copyHeader(datagram, packet, ip, headerBytes);
    }
    this.#heldBytes += datagram.ensure(datagram.headerBytes + upper);
    if (ip.fragmentOffset === 0) datagram.protocol = packet.protocol;
    return this.#place(datagram, packet, ip.fragmentOffset, upper);
  }

  #checkOddities(datagram: Datagram, packet: Packet, ip: IpReader, headerBytes: number): void {
    const known = datagram.headerBytes !== 0;
    if (known && (packet.protocol !== datagram.protocol || headerBytes !== datagram.headerBytes)) {
      this.#report.weird('fragment_protocol_inconsistency');
    }
    if (ip.dontFragment) this.#report.weird('fragment_with_DF');
  }

  #noteSize(datagram: Datagram, ip: IpReader, upper: number, ipLength: number): void {
    if (!ip.moreFragments) {
      if (datagram.payloadBytes !== 0 && upper !== datagram.payloadBytes) this.#report.weird('fragment_size_inconsistency');
      datagram.payloadBytes = Math.max(datagram.payloadBytes, upper);
    } else if (ipLength < smallestFragment) this.#report.weird('excessively_small_fragment');
    if (upper > largestDatagram) this.#report.weird('excessively_large_fragment');
    if (datagram.payloadBytes !== 0 && upper > datagram.payloadBytes) {
      this.#report.weird('fragment_size_inconsistency');
      datagram.payloadBytes = upper;
    }
  }

  /** Copies what is not there yet and joins pieces that touch. */
  #place(datagram: Datagram, packet: Packet, lower: number, upper: number): boolean {
    const { starts, ends } = datagram;
    const source = packet.bytes.u8;
    const sourceAt = packet.l4Start - lower;
    const targetAt = datagram.headerBytes;
    let first = 0;
    while (first < starts.length && (ends[first] ?? 0) < lower) first++;
    let from = lower;
    let joinedStart = lower;
    let joinedEnd = upper;
    let last = first;
    for (; last < starts.length && (starts[last] ?? 0) <= upper; last++) {
      const start = starts[last] ?? 0;
      const end = ends[last] ?? 0;
      if (from < start) copy(datagram.u8, targetAt + from, source, sourceAt + from, start - from);
      this.#compare(datagram, packet, Math.max(start, lower), Math.min(end, upper), sourceAt);
      from = Math.max(from, end);
      joinedStart = Math.min(joinedStart, start);
      joinedEnd = Math.max(joinedEnd, end);
    }
    if (from < upper) copy(datagram.u8, targetAt + from, source, sourceAt + from, upper - from);
    starts.splice(first, last - first, joinedStart);
    ends.splice(first, last - first, joinedEnd);
    return starts.length <= maxPieces;
  }

  #compare(datagram: Datagram, packet: Packet, lower: number, upper: number, sourceAt: number): void {
    if (lower >= upper) return;
    for (let i = lower; i < upper; i++) {
      if (datagram.u8[datagram.headerBytes + i] !== packet.bytes.u8[sourceAt + i]) {
        this.#report.weird('fragment_inconsistency');
        return;
      }
    }
    this.#report.weird('fragment_overlap');
  }
}

function copy(target: Uint8Array, targetAt: number, source: Uint8Array, sourceAt: number, length: number): void {
  for (let i = 0; i < length; i++) target[targetAt + i] = source[sourceAt + i] ?? 0;
}

/** The header of the first fragment that came; IPv6 loses its fragment header and names what followed that. */
function copyHeader(datagram: Datagram, packet: Packet, ip: IpReader, headerBytes: number): void {
  copy(datagram.u8, 0, packet.bytes.u8, packet.ipStart, headerBytes);
  datagram.headerBytes = headerBytes;
  datagram.protocol = packet.protocol;
  datagram.nextAt = packet.ipVersion === 6 ? ip.fragmentNextAt - packet.ipStart : 0;
}

/** Makes the header say what is there now. */
function finish(datagram: Datagram, version: number): Assembled {
  const bytes = new Bytes(datagram.u8);
  const length = datagram.headerBytes + Math.max(datagram.payloadBytes, datagram.ends[0] ?? 0);
  if (version === 4) {
    bytes.view.setUint16(2, length);
    bytes.view.setUint16(6, 0);
  } else {
    bytes.view.setUint16(4, length - 40);
    bytes.view.setUint8(datagram.nextAt, datagram.protocol);
  }
  return { bytes, length };
}
