// What the flow table knows of one connection. Pooled: one shape, reset in place, never made per packet.
import { Endpoint } from './endpoint.ts';
import type { History } from './history.ts';
import type { Interaction } from './interaction.ts';
import type { Sessions } from './sessions.ts';

/** Transports as the proto column names them. */
export const Transport = { tcp: 0, udp: 1, icmp: 2, unknown: 3 } as const;
export type Transport = (typeof Transport)[keyof typeof Transport];

/** Microseconds: later than any packet. */
export const never = Number.MAX_SAFE_INTEGER;

/** Counters of one direction. */
export class Traffic {
  packets = 0;
  ipBytes = 0;
  /** Payload of UDP and ICMP; -1 until the side sent something. TCP counts by sequence numbers. */
  payload = -1;
  macHigh = -1;
  macLow = 0;

  reset(): void {
    this.packets = 0;
    this.ipBytes = 0;
    this.payload = -1;
    this.macHigh = -1;
    this.macLow = 0;
  }
}

/**
 * A connection. Both ends are named twice: `low` and `high` by the order of the key (addresses, then ports), which never
 * changes; client and server by who opened it, which `clientIsLow` tells and a flip turns round.
 */
export class Connection {
  /** Place in the table's pool. */
  readonly id: number;
  /** In the table now. */
  alive = false;

  hash = 0;
  context = 0;
  /** IP protocol number; 0x100 is added for flows of one direction (ICMP without a counterpart), which are never swapped. */
  keyProtocol = 0;
  low0 = 0;
  low1 = 0;
  low2 = 0;
  low3 = 0;
  lowPort = 0;
  high0 = 0;
  high1 = 0;
  high2 = 0;
  high3 = 0;
  highPort = 0;
  clientIsLow = true;

  transport: Transport = Transport.unknown;
  ipVersion = 4;
  /** First packet; microseconds since the epoch. */
  startedAt = 0.5;
  /** Last packet that counts for the duration. */
  lastAt = 0.5;
  /** Silence after which the connection ends, microseconds. */
  inactivity = 0;
  /** A fixed end (unanswered SYN, closed connection), microseconds since the epoch, or `never`. */
  endsAt = 0.5;
  /** The fixed end holds only while the server has not answered. */
  endsUnanswered = false;
  /** Distinguishes connections of one tuple that began in the same microsecond. */
  ordinal = 0;

  history: History;
  /** Letters that the history has already, see `seenOnce`. */
  seen = 0;
  missedBytes = 0;
  client = new Traffic();
  server = new Traffic();
  /** TCP only. */
  clientEnd: Endpoint | null = null;
  serverEnd: Endpoint | null = null;

  /** First packets were not a SYN and its answer. */
  partial = false;
  clientSeen = false;
  serverSeen = false;
  /** A close waits for bytes that are still missing. */
  closeDeferred = false;
  /** A weird of this connection was raised. */
  isWeird = false;

  /** VLAN ids of the first packet, -1 when untagged. */
  vlan = -1;
  innerVlan = -1;
  isCarrier = false;
  /** The decoder's note on this flow as a tunnel, see wire/carrier.ts. */
  carrierState = 0;
  duplicates = 0;
  /** What an ICMP error said, see `unreachableNames`; 0 nothing. */
  unreachable = 0;
  tunnelParents: string[] | null = null;
  /** Carrier of the last packet, and how often it was another than before. */
  tunnelParent = '';
  tunnelChanges = 0;
  /** Names in order of confirmation, joined by commas. */
  service = '';
  sessions: Sessions | null = null;
  interaction: Interaction | null = null;
  uid = '';

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
  get clientPort(): number {
    return this.clientIsLow ? this.lowPort : this.highPort;
  }
  get serverPort(): number {
    return this.clientIsLow ? this.highPort : this.lowPort;
  }

  /** Whether the connection's time is over at `at`. */
  isOver(at: number): boolean {
    return at >= this.lastAt + this.inactivity || at >= this.endsAt;
  }

  /** The ends turned out to be the other way round. Appends nothing to the history. */
  swapEnds(): void {
    this.clientIsLow = !this.clientIsLow;
    const { client, clientEnd, clientSeen } = this;
    this.client = this.server;
    this.server = client;
    this.clientEnd = this.serverEnd;
    this.serverEnd = clientEnd;
    this.clientSeen = this.serverSeen;
    this.serverSeen = clientSeen;
    this.partial = false;
  }

  /** Makes a used connection fit for another life; the key and times are set by the table. */
  recycle(history: History): void {
    this.history = history;
    this.endsAt = never;
    this.endsUnanswered = false;
    this.seen = 0;
    this.missedBytes = 0;
    this.client.reset();
    this.server.reset();
    this.clientEnd?.reset();
    this.serverEnd?.reset();
    this.partial = false;
    this.clientSeen = false;
    this.serverSeen = false;
    this.closeDeferred = false;
    this.isWeird = false;
    this.isCarrier = false;
    this.carrierState = 0;
    this.duplicates = 0;
    this.unreachable = 0;
    this.tunnelParents = null;
    this.tunnelParent = '';
    this.tunnelChanges = 0;
    this.service = '';
    this.sessions = null;
    this.interaction = null;
    this.uid = '';
    this.ordinal = 0;
  }

  /** The two ends of a TCP connection, made on first use. */
  openEnds(): void {
    this.clientEnd ??= new Endpoint();
    this.serverEnd ??= new Endpoint();
  }
}
