// One conversation whose directions came in two spaces: mirrors that number directions, taps with an interface per direction,
// VLANs that a router joins.
import { isOrdered, pairHash } from '../wire/address-pairs.ts';
import { IpProtocol } from '../wire/ip.ts';
import type { Packet } from '../wire/packet.ts';
import { ContextKind, type Contexts } from './contexts.ts';

/** An answer comes within this time, or proves nothing. */
const answerMicros = 5e6;
/** Acknowledgements lie this close to what was sent; a chance hit has odds of one to 4096. */
const sequenceSlack = 1 << 20;
const buckets = 4096;
const ways = 4;
/** Words of an entry: what is looked at together lies together. `seenAt` takes two, see `#times`. */
const word = { hash: 0, check: 1, context: 2, ends: 3, expected: 4, seenAt: 6 } as const;
const stride = 8;

const TcpFlag = { fin: 1, syn: 2, rst: 4, ack: 16 } as const;
const IcmpEcho = new Set([0, 8, 128, 129]);

/**
 * Watches packets while there is more than one space, and unites two when a conversation proves that they are one:
 *
 * - its directions are in two sibling spaces (they differ in one identifier, or one has a VLAN tag more), TCP acknowledges what the
 *   other direction sent, and neither space holds both directions of any conversation (of tunnel ids and interfaces); VLANs that
 *   a router joins may be complete by themselves, since routing needs addresses that differ;
 * - UDP and ICMP echo: the same without the acknowledgement, within seconds;
 * - TCP that goes on, with the sequence numbers it had, at another capture point: a capture cut into files.
 *
 * A space that shows both directions of this conversation itself is never united because of it, so equal tuples of two tenants
 * stay apart whatever their order.
 */
export class Directions {
  readonly #contexts: Contexts;
  /** Entries, `ways` to a bucket. `context`: the space and below it the side, or -1; `expected`: TCP's number behind the last packet. */
  readonly #words = new Int32Array(buckets * ways * stride);
  /** The same memory: when an entry was seen. */
  readonly #times = new Float64Array(this.#words.buffer);
  /** Of the packet in hand. */
  #tupleHash = 0;
  #tupleCheck = 0;
  /** Which side sent: 1 or 2; 0 when the packet belongs to no conversation. */
  #side = 0;
  #isTcp = false;
  #sequence = 0;
  #sequenceEnd = 0;
  #acknowledged = 0;
  #hasAck = false;
  #isOpening = false;

  constructor(contexts: Contexts) {
    this.#contexts = contexts;
    for (let entry = 0; entry < this.#words.length; entry += stride) this.#words[entry + word.context] = -1;
  }

  /** May change `packet.context`. @param ends number of the innermost tunnel's address pair, -1 outside tunnels */
  watch(packet: Packet, ends: number): void {
    this.#read(packet);
    if (this.#side === 0) return;
    const other = this.#findOther(packet, ends);
    if (other >= 0) packet.context = other;
    this.#note(packet, ends);
  }

  #read(packet: Packet): void {
    this.#side = 0;
    const at = packet.l4Start;
    if (packet.end - at < 8) return;
    const { view } = packet.bytes;
    this.#isTcp = packet.protocol === IpProtocol.tcp;
    let ports = 0;
    if (this.#isTcp || packet.protocol === IpProtocol.udp) ports = view.getUint16(at) + view.getUint16(at + 2);
    else if ((packet.protocol === 1 || packet.protocol === 58) && IcmpEcho.has(view.getUint8(at))) ports = view.getUint16(at + 4);
    else return;
    if (this.#isTcp && !this.#readTcp(packet, view, at)) return;
    const pair = pairHash(packet);
    this.#tupleHash = Math.imul(pair ^ ports, 0x9e3779b1) ^ packet.protocol;
    this.#tupleCheck = Math.imul(pair ^ (ports << 8), 0x85ebca6b) ^ ((packet.s3 + packet.d3) | 0);
    this.#side = isOrdered(packet) ? 1 : 2;
  }

  #readTcp(packet: Packet, view: DataView, at: number): boolean {
    if (packet.end - at < 14) return false;
    const flags = view.getUint8(at + 13);
    const headerBytes = (view.getUint8(at + 12) >> 4) * 4;
    const payload = Math.max(0, packet.end + packet.missing - at - headerBytes);
    this.#sequence = view.getInt32(at + 4);
    this.#acknowledged = view.getInt32(at + 8);
    this.#hasAck = (flags & TcpFlag.ack) !== 0 && (flags & TcpFlag.rst) === 0;
    this.#isOpening = (flags & TcpFlag.syn) !== 0;
    this.#sequenceEnd = (this.#sequence + payload + ((flags & (TcpFlag.syn | TcpFlag.fin)) !== 0 ? 1 : 0)) | 0;
    return true;
  }

  /** @returns the common context when a conversation proves one, else -1 */
  #findOther(packet: Packet, ends: number): number {
    const bucket = this.#bucket();
    let candidate = -1;
    let isKnownHere = false;
    for (let entry = bucket; entry < bucket + ways * stride; entry += stride) {
      if (!this.#isSame(entry, packet)) continue;
      const context = this.#contexts.canonical(this.#word(entry, word.context) >> 2);
      const isReverse = (this.#word(entry, word.context) & 3) !== this.#side;
      if (context !== packet.context) {
        if (this.#proves(entry, isReverse, isKnownHere, ends, context, packet.context)) candidate = context;
      } else if (isReverse) {
        this.#contexts.markComplete(context);
        return -1;
      } else isKnownHere = true;
    }
    return candidate < 0 ? -1 : this.#contexts.uniteDirections(candidate, packet.context, this.#isTcp);
  }

  #proves(entry: number, isReverse: boolean, isKnownHere: boolean, ends: number, a: number, b: number): boolean {
    return isReverse ? this.#isAnswer(entry, ends, a, b) : !isKnownHere && this.#goesOn(entry, a, b);
  }

  #bucket(): number {
    return ((this.#tupleHash ^ (this.#tupleHash >>> 13)) & (buckets - 1)) * ways * stride;
  }

  #isSame(entry: number, packet: Packet): boolean {
    return (
      this.#words[entry] === this.#tupleHash &&
      this.#words[entry + word.check] === this.#tupleCheck &&
      this.#word(entry, word.context) >= 0 &&
      (this.#isTcp || packet.at - (this.#times[(entry + word.seenAt) >> 1] ?? 0) <= answerMicros)
    );
  }

  #isAnswer(entry: number, ends: number, a: number, b: number): boolean {
    if (!this.#isTcp) return this.#sameEnds(entry, ends, a, b);
    if (!this.#hasAck) return false;
    return Math.abs((this.#acknowledged - this.#expected(entry)) | 0) < sequenceSlack && this.#sameEnds(entry, ends, a, b);
  }

  /** Tunnel identifiers number directions only between the same two ends. */
  #sameEnds(entry: number, ends: number, a: number, b: number): boolean {
    const isTunnel = this.#contexts.kind(a) >= ContextKind.vxlan || this.#contexts.kind(b) >= ContextKind.vxlan;
    return !isTunnel || this.#words[entry + word.ends] === ends;
  }

  #goesOn(entry: number, a: number, b: number): boolean {
    if (!this.#isTcp || this.#isOpening || this.#contexts.kind(a) !== ContextKind.point || this.#contexts.kind(b) !== ContextKind.point)
      return false;
    return Math.abs((this.#sequence - this.#expected(entry)) | 0) < sequenceSlack;
  }

  #expected(entry: number): number {
    return this.#word(entry, word.expected);
  }

  #word(entry: number, field: number): number {
    return this.#words[entry + field] ?? 0;
  }

  #note(packet: Packet, ends: number): void {
    const bucket = this.#bucket();
    const mark = (packet.context << 2) | this.#side;
    const words = this.#words;
    let place = bucket;
    for (let entry = bucket; entry < bucket + ways * stride; entry += stride) {
      if (words[entry] === this.#tupleHash && words[entry + word.check] === this.#tupleCheck && words[entry + word.context] === mark) {
        place = entry;
        break;
      }
      if ((this.#times[(entry + word.seenAt) >> 1] ?? 0) < (this.#times[(place + word.seenAt) >> 1] ?? 0)) place = entry;
    }
    words[place + word.hash] = this.#tupleHash;
    words[place + word.check] = this.#tupleCheck;
    words[place + word.context] = mark;
    words[place + word.ends] = ends;
    words[place + word.expected] = this.#sequenceEnd;
    this.#times[(place + word.seenAt) >> 1] = packet.at;
  }
}
