// What the flow table knows of one connection. Pooled, reset in place, never made per packet; a million of them may be idle at
// once, so that small facts share a word, numbers stay in the range that V8 keeps unboxed, and rare facts have an object apart.
import { Endpoint } from './endpoint.ts';
import type { History } from './history.ts';
import type { Interaction } from './interaction.ts';
import type { Sessions } from './sessions.ts';

/** Transports as the proto column names them. */
export const Transport = { tcp: 0, udp: 1, icmp: 2, unknown: 3 } as const;
export type Transport = (typeof Transport)[keyof typeof Transport];

/** Microseconds: later than any packet. */
export const never = Number.MAX_SAFE_INTEGER;

/** Upper words of two IPv6 addresses; the last words stand in the connection. Signed. */
export interface UpperWords {
  readonly low0: number;
  readonly low1: number;
  readonly low2: number;
  readonly high0: number;
  readonly high1: number;
  readonly high2: number;
}

/** What few connections have. */
export class RareFacts {
  /** Payload bytes that the capture lacks. */
  missedBytes = 0;
  /** Packets that another mirror delivered again. */
  duplicates = 0;
  /** What an ICMP error said, see `unreachableNames`; 0 nothing. */
  unreachable = 0;
  /** Carriers, in order of appearance. */
  tunnelParents: string[] = [];
  /** Carrier of the last packet, and how often it was another than before. */
  tunnelParent = '';
  tunnelChanges = 0;
  /** The decoder's note on this flow as a tunnel, see wire/carrier.ts. */
  carrierState = 0;
  /** Distinguishes connections of one tuple that began in the same microsecond. */
  ordinal = 0;
}

/** Facts that share a word. The lowest two bits are the transport. */
const bit = {
  transport: 3,
  alive: 1 << 2,
  clientIsLow: 1 << 3,
  ipv6: 1 << 4,
  endsUnanswered: 1 << 5,
  partial: 1 << 6,
  clientSeen: 1 << 7,
  serverSeen: 1 << 8,
  closeDeferred: 1 << 9,
  weird: 1 << 10,
  carrier: 1 << 11,
  clientSent: 1 << 12,
  serverSent: 1 << 13,
} as const;

/** VLAN ids in one word: 13 bits each, 0 for untagged. */
const tagBits = 13;

/**
 * A connection. Both ends are named twice: `low` and `high` by the order of the key (addresses, then ports), which never
 * changes; client and server by who opened it, which `clientIsLow` tells and a flip turns round.
 */
export class Connection {
  /** Place in the table's pool. */
  readonly id: number;
  hash = 0;
  context = 0;
  /** IP protocol number; 0x100 is added for flows of one direction (ICMP without a counterpart), which are never swapped. */
  keyProtocol = 0;
  /** Last words of the addresses, signed. */
  low3 = 0;
  high3 = 0;
  /** Null for IPv4. */
  upper: UpperWords | null = null;
  /** Low port in the upper half. */
  ports = 0;
  #bits = 0;
  #tags = 0;

  /** First packet; microseconds since the epoch. */
  startedAt = 0.5;
  /** Last packet that counts for the duration. */
  lastAt = 0.5;
  /** A fixed end (unanswered SYN, closed connection), microseconds since the epoch, or `never`. */
  endsAt = 0.5;
  /** Silence after which the connection ends, milliseconds. */
  inactivityMs = 0;

  history: History;
  /** Letters that the history has already, see `seenOnce`. */
  seen = 0;
  clientPackets = 0;
  clientIpBytes = 0;
  /** Payload of UDP and ICMP; TCP counts by sequence numbers. */
  clientPayload = 0;
  /** Hardware address that the side sent from first; '' when there is none. */
  clientMac = '';
  serverPackets = 0;
  serverIpBytes = 0;
  serverPayload = 0;
  serverMac = '';
  /** TCP only; the server's is made when it is first needed. */
  clientEnd: Endpoint | null = null;
  serverEnd: Endpoint | null = null;

  /** Names in order of confirmation, joined by commas. */
  service = '';
  sessions: Sessions | null = null;
  interaction: Interaction | null = null;
  uid = '';
  rare: RareFacts | null = null;

  /** Neighbours in the slot of the timer wheel; see timers.ts. */
  slot = -1;
  earlier: Connection | null = null;
  later: Connection | null = null;

  constructor(id: number, history: History) {
    this.id = id;
    this.history = history;
  }

  get protocol(): number {
    return this.keyProtocol & 255;
  }
  get lowPort(): number {
    return this.ports >>> 16;
  }
  get highPort(): number {
    return this.ports & 0xffff;
  }
  get clientPort(): number {
    return this.clientIsLow ? this.lowPort : this.highPort;
  }
  get serverPort(): number {
    return this.clientIsLow ? this.highPort : this.lowPort;
  }

  get transport(): Transport {
    return (this.#bits & bit.transport) as Transport;
  }
  /** In the table now. */
  get alive(): boolean {
    return (this.#bits & bit.alive) !== 0;
  }
  set alive(value: boolean) {
    this.#set(bit.alive, value);
  }
  get clientIsLow(): boolean {
    return (this.#bits & bit.clientIsLow) !== 0;
  }
  set clientIsLow(value: boolean) {
    this.#set(bit.clientIsLow, value);
  }
  get isIpv6(): boolean {
    return (this.#bits & bit.ipv6) !== 0;
  }
  /** The fixed end holds only while the server has not answered. */
  get endsUnanswered(): boolean {
    return (this.#bits & bit.endsUnanswered) !== 0;
  }
  set endsUnanswered(value: boolean) {
    this.#set(bit.endsUnanswered, value);
  }
  /** First packets were not a SYN and its answer. */
  get partial(): boolean {
    return (this.#bits & bit.partial) !== 0;
  }
  set partial(value: boolean) {
    this.#set(bit.partial, value);
  }
  get clientSeen(): boolean {
    return (this.#bits & bit.clientSeen) !== 0;
  }
  set clientSeen(value: boolean) {
    this.#set(bit.clientSeen, value);
  }
  get serverSeen(): boolean {
    return (this.#bits & bit.serverSeen) !== 0;
  }
  set serverSeen(value: boolean) {
    this.#set(bit.serverSeen, value);
  }
  /** A close waits for bytes that are still missing. */
  get closeDeferred(): boolean {
    return (this.#bits & bit.closeDeferred) !== 0;
  }
  set closeDeferred(value: boolean) {
    this.#set(bit.closeDeferred, value);
  }
  /** A weird of this connection was raised. */
  get isWeird(): boolean {
    return (this.#bits & bit.weird) !== 0;
  }
  set isWeird(value: boolean) {
    this.#set(bit.weird, value);
  }
  get isCarrier(): boolean {
    return (this.#bits & bit.carrier) !== 0;
  }
  set isCarrier(value: boolean) {
    this.#set(bit.carrier, value);
  }
  /** The side sent a datagram. */
  get clientSent(): boolean {
    return (this.#bits & bit.clientSent) !== 0;
  }
  get serverSent(): boolean {
    return (this.#bits & bit.serverSent) !== 0;
  }

  /** VLAN ids of the first packet, -1 when untagged. */
  get vlan(): number {
    return (this.#tags >> tagBits) - 1;
  }
  get innerVlan(): number {
    return (this.#tags & ((1 << tagBits) - 1)) - 1;
  }

  #set(mask: number, value: boolean): void {
    this.#bits = value ? this.#bits | mask : this.#bits & ~mask;
  }

  /** What the first packet says beside the key. */
  begin(transport: Transport, isIpv6: boolean, vlan: number, innerVlan: number, at: number): void {
    this.#bits = (this.#bits & ~(bit.transport | bit.ipv6)) | transport | (isIpv6 ? bit.ipv6 : 0);
    this.#tags = ((vlan + 1) << tagBits) | (innerVlan + 1);
    this.startedAt = at;
    this.lastAt = at;
    this.endsAt = never;
  }

  /** Counts a packet and its IP length. */
  count(fromClient: boolean, ipLength: number): void {
    if (fromClient) {
      this.clientPackets++;
      this.clientIpBytes += ipLength;
    } else {
      this.serverPackets++;
      this.serverIpBytes += ipLength;
    }
  }

  /** Counts the payload of a datagram. */
  countPayload(fromClient: boolean, bytes: number): void {
    if (fromClient) {
      this.#bits |= bit.clientSent;
      this.clientPayload += bytes;
    } else {
      this.#bits |= bit.serverSent;
      this.serverPayload += bytes;
    }
  }

  /** Whether the connection's time is over at `at`. */
  isOver(at: number): boolean {
    return at >= this.lastAt + this.inactivityMs * 1000 || at >= this.endsAt;
  }

  /** When it is over if nothing more happens. */
  get due(): number {
    return Math.min(this.endsAt, this.lastAt + this.inactivityMs * 1000);
  }

  /** The rare facts, made now if there are none. */
  facts(): RareFacts {
    this.rare ??= new RareFacts();
    return this.rare;
  }

  /** The ends turned out to be the other way round. Appends nothing to the history; payload of datagrams stays where it is. */
  swapEnds(): void {
    this.clientIsLow = !this.clientIsLow;
    const { clientPackets, clientIpBytes, clientMac, clientEnd, clientSeen } = this;
    this.clientPackets = this.serverPackets;
    this.serverPackets = clientPackets;
    this.clientIpBytes = this.serverIpBytes;
    this.serverIpBytes = clientIpBytes;
    this.clientMac = this.serverMac;
    this.serverMac = clientMac;
    this.clientEnd = this.serverEnd;
    this.serverEnd = clientEnd;
    this.clientSeen = this.serverSeen;
    this.serverSeen = clientSeen;
    this.partial = false;
  }

  /** The two ends of a TCP connection, made on first use. */
  openClientEnd(): Endpoint {
    this.clientEnd ??= new Endpoint();
    return this.clientEnd;
  }
  openServerEnd(): Endpoint {
    this.serverEnd ??= new Endpoint();
    return this.serverEnd;
  }

  /** Makes a used connection fit for another life; the key and `begin` do the rest. */
  recycle(history: History): void {
    this.#bits = 0;
    this.history = history;
    this.seen = 0;
    this.clientPackets = 0;
    this.clientIpBytes = 0;
    this.clientPayload = 0;
    this.clientMac = '';
    this.serverPackets = 0;
    this.serverIpBytes = 0;
    this.serverPayload = 0;
    this.serverMac = '';
    this.clientEnd?.reset();
    this.serverEnd?.reset();
    this.service = '';
    this.sessions = null;
    this.interaction = null;
    this.uid = '';
    this.rare = null;
  }
}
