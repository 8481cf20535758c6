// Puts fragmented datagrams together again. RFC 791 §3.2, RFC 8200 §4.5; overlaps are settled as Zeek does: what came first stays.
import { Bytes } from '../../base/bytes.ts';
import { Datagram, smallBuffer } from './datagram.ts';
import { DatagramTable } from './datagram-table.ts';
import type { IpReader } from './ip.ts';
import type { Packet } from './packet.ts';
import type { WireReport } from './report.ts';

/** Datagrams under way at a time; each may hold 64 KB. */
const maxDatagrams = 1024;
const maxHeldBytes = 16 * 1024 * 1024;
/** Larger buffers kept for reuse; small ones are kept as many as there may be at a time. */
const largeSpare = 16;
/** Pieces with holes between them that one datagram may have; an attacker's, not a network's. */
const maxPieces = 1024;
/** RFC 791 suggests 15 s, RFC 8200 says 60 s. */
const lifetimeMicros = 60e6;
/** Sizes that Zeek finds odd. */
const smallestFragment = 64;
const largestDatagram = 64_000;
const maxDatagramBytes = 65_535;
/** Up to so many bytes a loop is cheaper than a view. */
const copiedBytewise = 64;

/** Where a complete datagram lies; valid until the next one is complete at the same depth. */
export interface Assembled {
  readonly bytes: Bytes;
  readonly length: number;
}

/** Keeps fragments until a datagram is whole. Bounded in datagrams, bytes, pieces and time; the oldest goes first. */
export class Reassembly {
  readonly #report: WireReport;
  readonly #onAbandoned: (datagram: Datagram) => void;
  readonly #table = new DatagramTable();
  readonly #free: Datagram[] = [];
  /** Complete ones that are still being read; a datagram inside one of them needs a buffer of its own. */
  readonly #lent: Datagram[] = [];
  #heldBytes = 0;

  /** `onAbandoned` learns of datagrams that never became whole; what it is given is reused afterwards. */
  constructor(report: WireReport, onAbandoned: (datagram: Datagram) => void) {
    this.#report = report;
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
    this.#expire(packet.at);
    const datagram = this.#table.find(packet, ip.fragmentId) ?? this.#open(packet, ip.fragmentId);
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

  #open(packet: Packet, id: number): Datagram {
    const { oldest } = this.#table;
    if (oldest !== null && (this.#table.size >= maxDatagrams || this.#heldBytes >= maxHeldBytes)) this.#abandon(oldest);
    const datagram = this.#free.pop() ?? new Datagram();
    this.#table.open(datagram, packet, id);
    this.#heldBytes += datagram.u8.length;
    return datagram;
  }

  #expire(at: number): void {
    for (let { oldest } = this.#table; oldest !== null && at - oldest.firstAt >= lifetimeMicros; oldest = this.#table.oldest) {
      this.#abandon(oldest);
    }
  }

  /** Gives up on everything that is not whole: the capture is over. */
  finish(): void {
    for (let { oldest } = this.#table; oldest !== null; oldest = this.#table.oldest) this.#abandon(oldest);
  }

  #abandon(datagram: Datagram): void {
    this.#report.counters.fragmentsExpired++;
    this.#onAbandoned(datagram);
    this.#release(datagram);
    this.#keep(datagram);
  }

  #release(datagram: Datagram): void {
    this.#table.remove(datagram);
    this.#heldBytes -= datagram.u8.length;
  }

  /** For the next datagram. */
  #keep(datagram: Datagram): void {
    if (this.#free.length < (datagram.u8.length <= smallBuffer ? maxDatagrams : largeSpare)) this.#free.push(datagram);
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
    replace(starts, first, last - first, joinedStart);
    replace(ends, first, last - first, joinedEnd);
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

/** Puts one value in place of some; mostly of the last one, or behind it. */
function replace(list: number[], first: number, count: number, value: number): void {
  if (count === 1) list[first] = value;
  else if (first === list.length) list.push(value);
  else list.splice(first, count, value);
}

function copy(target: Uint8Array, targetAt: number, source: Uint8Array, sourceAt: number, length: number): void {
  if (length > copiedBytewise) {
    target.set(source.subarray(sourceAt, sourceAt + length), targetAt);
    return;
  }
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
