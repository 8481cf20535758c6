// Packets to connections: finds or opens the connection, lets its transport look, ends it in time, and writes its rows.
import type { Bytes } from '../../base/bytes.ts';
import type { Packet } from '../wire/packet.ts';
import { type Connection, never, Transport } from './connection.ts';
import { ConnectionNames } from './connection-names.ts';
import { ConnectionWriter, isOpen } from './connection-writer.ts';
import { Connections } from './connections.ts';
import { FlowKey, oneWayFlag } from './flow-key.ts';
import type { HeldBudget } from './held-segments.ts';
import { HistoryBook, letters, seenOnce } from './history.ts';
import { icmpCounterpart } from './icmp-ports.ts';
import { Interaction } from './interaction.ts';
import type { LocalNets } from './local-nets.ts';
import { mostTunnelChanges, PacketOrigin } from './packet-origin.ts';
import { isTcpFlipped, isUdpFlipped } from './server-ports.ts';
import { type AnalyzerFailure, SessionServices, type SessionServicesOptions } from './session-services.ts';
import type { TcpHost } from './tcp-host.ts';
import { TcpTracker } from './tcp-tracker.ts';
import { QuotedPacket } from './unreachable.ts';

const protocols = { icmp: 1, igmp: 2, tcp: 6, udp: 17, icmp6: 58 } as const;

export interface FlowTableOptions extends SessionServicesOptions {
  readonly nets: LocalNets;
  /** Most connections at once; then the least worth is ended early and counted. */
  readonly maxConnections: number;
  /** Most bytes kept above holes of all TCP streams together. */
  readonly maxHeldBytes: number;
  /** Of the hash of the table and of identifiers. */
  readonly seed: number;
  contextText(context: number): string | undefined;
  /** A tunnel's connection is over. */
  onCarrierEnd(uid: string, at: number): void;
}

/** What the table did, beside records. */
export interface FlowCounters {
  connections: number;
  /** Ended early because there were too many. */
  evicted: number;
  /** Packets whose transport header was cut or nonsense. */
  malformed: number;
  /** Sessions that threw: bugs of ours. */
  analyzerFailed: number;
  /** Most connections at once. */
  peak: number;
}

export class FlowTable implements TcpHost {
  readonly names: ConnectionNames;
  readonly histories = new HistoryBook();
  readonly held: HeldBudget;
  /** Direction of the packet that `take` was given last. */
  fromClient = true;

  readonly #options: FlowTableOptions;
  readonly #connections: Connections;
  readonly #services: SessionServices;
  readonly #tcp = new TcpTracker(this);
  readonly #writer: ConnectionWriter;
  readonly #key: FlowKey;
  readonly #otherKey: FlowKey;
  readonly #quoted = new QuotedPacket();
  readonly #origin = new PacketOrigin();
  /** Packets whose transport header was cut or nonsense. */
  #malformed = 0;
  /** The capture is over: what ends now may have been open still. */
  #isFinishing = false;

  constructor(options: FlowTableOptions) {
    this.#options = options;
    this.held = { bytes: 0, limit: options.maxHeldBytes, dropped: 0 };
    this.names = new ConnectionNames(options.nets, options.seed, options.contextText);
    this.#writer = new ConnectionWriter(options.sink, this.names);
    this.#connections = new Connections(this.histories, options.maxConnections, this.#onEnd);
    this.#services = new SessionServices(options, this.names, this.#connections, this.histories);
    this.#key = new FlowKey(options.seed);
    this.#otherKey = new FlowKey(options.seed);
  }

  get counters(): FlowCounters {
    const { opened, evicted, peak } = this.#connections;
    return { connections: opened, evicted, peak, malformed: this.#malformed, analyzerFailed: this.#services.failed };
  }

  /** What analyzers threw, the first ten. */
  get failures(): readonly AnalyzerFailure[] {
    return this.#services.failures;
  }

  /** Announcements of connections that were given up because there were too many. */
  get expectationsDropped(): number {
    return this.#services.expectations.dropped;
  }

  /** Connections at present. */
  get size(): number {
    return this.#connections.count;
  }

  /** Latest time of a packet; microseconds since the epoch. */
  get now(): number {
    return this.#connections.now;
  }

  /** Lets time pass: ends what is over. Before each packet; cheap when nothing is due. */
  advance(at: number): void {
    this.#connections.advance(at);
  }

  /** Counts a packet in its connection. @returns null when it belongs to none */
  take(packet: Packet): Connection | null {
    if (packet.fragment) return null;
    switch (packet.protocol) {
      case protocols.tcp:
        return this.#takeTcp(packet);
      case protocols.udp:
        return this.#takeUdp(packet);
      case protocols.icmp:
      case protocols.icmp6:
        return this.#takeIcmp(packet);
      default:
        return this.#takeOther(packet);
    }
  }

  /** The capture is over: everything ends. Connections that were still open get an open_conn row as well. */
  finish(): void {
    this.#isFinishing = true;
    this.#connections.visit((connection) => this.#connections.end(connection));
  }

  /** A packet that was delivered before, by another mirror. */
  noteDuplicate(packet: Packet): void {
    const { l4Start, protocol } = packet;
    const hasPorts = (protocol === protocols.tcp || protocol === protocols.udp) && packet.end >= l4Start + 4;
    if (!hasPorts) return;
    const { view } = packet.bytes;
    this.#otherKey.set(packet.context, protocol, packet, view.getUint16(l4Start), view.getUint16(l4Start + 2));
    const connection = this.#connections.find(this.#otherKey);
    if (connection !== null) connection.facts().duplicates++;
  }

  /** Two network contexts are one: flows of `from` go on under `to`. */
  unite(from: number, to: number): void {
    this.#connections.visit((connection) => {
      if (connection.context !== from) return;
      this.#otherKey.setFrom(connection, to);
      this.#connections.move(connection, this.#otherKey);
    });
  }

  // ---- packets by transport

  #takeTcp(packet: Packet): Connection | null {
    if (!this.#hasHeader(packet, 20, 'TCP')) return null;
    const { view } = packet.bytes;
    const start = packet.l4Start;
    const sourcePort = view.getUint16(start);
    const targetPort = view.getUint16(start + 2);
    this.#key.set(packet.context, protocols.tcp, packet, sourcePort, targetPort);
    let connection = this.#connections.current(this.#key);
    if (connection !== null && this.#tcp.isReuse(connection, packet)) {
      this.#connections.replace(connection);
      connection = null;
    }
    if (connection === null) {
      connection = this.#connections.open(
        this.#key,
        packet,
        Transport.tcp,
        isTcpFlipped(view.getUint8(start + 13), sourcePort, targetPort),
      );
    }
    if (this.#tcp.showsFlip(connection, packet)) this.flipFromStart(connection);
    const fromClient = this.#direction(connection, packet);
    const before = connection.endsAt;
    const isUsable = this.#tcp.process(connection, packet, fromClient);
    if (isUsable) connection.count(fromClient, packet.ipLength);
    if (connection.endsAt < before) this.#connections.hasten(connection);
    return connection;
  }

  #takeUdp(packet: Packet): Connection | null {
    if (!this.#hasHeader(packet, 8, 'UDP')) return null;
    const { bytes, l4Start } = packet;
    const { view } = bytes;
    const sourcePort = view.getUint16(l4Start);
    const targetPort = view.getUint16(l4Start + 2);
    this.#key.set(packet.context, protocols.udp, packet, sourcePort, targetPort);
    const connection =
      this.#connections.current(this.#key) ??
      this.#connections.open(this.#key, packet, Transport.udp, isUdpFlipped(sourcePort, targetPort));
    const fromClient = this.#direction(connection, packet);
    connection.lastAt = packet.at;
    const claimed = packet.end - l4Start + packet.missing;
    const stated = view.getUint16(l4Start + 4);
    if (stated !== claimed) this.weird(connection, 'UDP_datagram_length_mismatch', 'UDP', `${stated} != ${claimed}`);
    this.#letter(connection, seenOnce.data, fromClient ? letters.data : letters.data | 0x20, fromClient);
    connection.countPayload(fromClient, stated - 8);
    if (packet.end > l4Start + 8) this.#datagram(connection, fromClient, packet);
    // When the content showed that the ends are the other way round, Zeek counts the packet for the new client, and so do we.
    connection.count(fromClient, packet.ipLength);
    return connection;
  }

  #takeIcmp(packet: Packet): Connection | null {
    if (!this.#hasHeader(packet, 8, 'ICMP')) return null;
    const { view } = packet.bytes;
    const type = view.getUint8(packet.l4Start);
    const counterpart = icmpCounterpart(packet.protocol === protocols.icmp6, type);
    const isOneWay = counterpart < 0;
    const second = isOneWay ? view.getUint8(packet.l4Start + 1) : counterpart;
    this.#key.set(packet.context, isOneWay ? packet.protocol | oneWayFlag : packet.protocol, packet, type, second);
    const connection = this.#connections.current(this.#key) ?? this.#connections.open(this.#key, packet, Transport.icmp, false);
    const fromClient = this.#direction(connection, packet);
    connection.lastAt = packet.at;
    connection.countPayload(fromClient, packet.end - packet.l4Start + packet.missing - 8);
    if (packet.missing === 0) connection.count(fromClient, packet.ipLength);
    if (this.#quoted.read(packet)) this.#markUnreachable(packet.context);
    return connection;
  }

  #takeOther(packet: Packet): Connection | null {
    if (packet.protocol === protocols.igmp) return null;
    this.#key.set(packet.context, packet.protocol, packet, 0, 0);
    const connection = this.#connections.current(this.#key) ?? this.#connections.open(this.#key, packet, Transport.unknown, false);
    const fromClient = this.#direction(connection, packet);
    connection.lastAt = packet.at;
    connection.count(fromClient, packet.ipLength);
    return connection;
  }

  #hasHeader(packet: Packet, bytes: number, source: string): boolean {
    const there = packet.end - packet.l4Start;
    if (there >= bytes) return true;
    this.#malformed++;
    const claimed = there + packet.missing;
    this.weirdPacket(packet, claimed > 0 && claimed < bytes ? 'truncated_header' : 'internally_truncated_header', source);
    return false;
  }

  #direction(connection: Connection, packet: Packet): boolean {
    this.fromClient = this.#key.fromLow === connection.clientIsLow;
    if (this.#origin.note(connection, packet, this.fromClient)) {
      this.weird(connection, 'tunnel_max_changes_per_connection_exceeded', undefined, String(mostTunnelChanges));
      this.#mark(connection, letters.partial, this.fromClient);
    }
    return this.fromClient;
  }

  #mark(connection: Connection, letter: number, fromClient: boolean): void {
    connection.history = connection.history.append(fromClient ? letter : letter | 0x20, this.histories);
  }

  #letter(connection: Connection, bit: number, letter: number, fromClient: boolean): void {
    const mask = fromClient ? bit : bit << 16;
    if ((connection.seen & mask) !== 0) return;
    connection.seen |= mask;
    connection.history = connection.history.append(letter, this.histories);
  }

  #datagram(connection: Connection, fromClient: boolean, packet: Packet): void {
    const sessions = this.#services.of(connection);
    sessions.onBytes(fromClient, packet.bytes, packet.l4Start + 8, packet.end, this.now);
  }

  #markUnreachable(context: number): void {
    const quoted = this.#quoted;
    this.#otherKey.set(context, quoted.protocol, quoted, quoted.sourcePort, quoted.targetPort);
    const connection = this.#connections.find(this.#otherKey);
    if (connection !== null) connection.facts().unreachable = quoted.verdict;
  }

  // ---- ends

  readonly #onEnd = (connection: Connection): void => {
    const wasOpen = this.#isFinishing && !connection.isOver(this.now) && isOpen(connection);
    connection.sessions?.onClose(this.now);
    connection.clientEnd?.notes.held?.clear();
    connection.serverEnd?.notes.held?.clear();
    this.#writer.write(connection, wasOpen);
    if (connection.isCarrier) this.#options.onCarrierEnd(this.names.uid(connection), this.now);
  };

  // ---- for the TCP tracker

  deliver(connection: Connection, fromClient: boolean, bytes: Bytes, start: number, end: number): void {
    const sessions = this.#services.of(connection);
    if (sessions.isListening) sessions.onBytes(fromClient, bytes, start, end, this.now);
    connection.interaction ??= new Interaction(fromClient, connection.lastAt);
    connection.interaction.note(connection, fromClient, bytes, start, end);
  }

  gap(connection: Connection, fromClient: boolean, count: number): void {
    this.#services.of(connection).onGap(fromClient, count, this.now);
  }

  end(connection: Connection, fromClient: boolean): void {
    const { sessions } = connection;
    if (sessions === null) return;
    sessions.onEnd(fromClient, this.now);
    if (connection.clientEnd?.ended === true && connection.serverEnd?.ended === true) sessions.stopDetecting();
  }

  wantsContent(connection: Connection): boolean {
    return connection.sessions === null || connection.sessions.isListening;
  }

  weird(connection: Connection, name: string, source?: string, addl?: string): void {
    this.#services.weird(connection, name, source, addl);
  }

  /** An oddity of a packet that belongs to no connection. */
  weirdPacket(packet: Packet, name: string, source?: string, addl?: string): void {
    const subject = this.names.packetSubject(packet);
    this.#options.weirds.raise(this.now, packet.tunnelDepth > 0 ? `${name}_in_tunnel` : name, subject, source, addl);
  }

  /** TCP: as though the connection had been the other way round from its first packet. */
  flipFromStart(connection: Connection): void {
    connection.swapEnds();
    connection.seen = (connection.seen << 16) | (connection.seen >>> 16);
    const { text } = connection.history;
    let history = this.histories.empty.append(letters.flip, this.histories);
    for (let i = 0; i < text.length; i++) history = history.append(text.charCodeAt(i) ^ 0x20, this.histories);
    connection.history = history;
    connection.clientSeen = true;
    if (connection.endsUnanswered) connection.endsAt = never;
    connection.endsUnanswered = false;
    connection.sessions?.flip();
  }
}
