// Packets to connections: finds or opens the connection, lets its transport look, ends it in time, and writes its rows.
import type { Bytes } from '../../base/bytes.ts';
import type { RecordName, RecordRow, RecordSink } from '../../model/records/index.ts';
import type { Expectation, Flow } from '../analyzers/analyzer.ts';
import type { FileStream, FileStreamOptions } from '../files/file-stream.ts';
import type { Platform } from '../platform.ts';
import type { Packet } from '../wire/packet.ts';
import type { AnalyzerBook } from './analyzer-book.ts';
import { payloadBytes } from './conn-row.ts';
import { type Connection, never, Transport } from './connection.ts';
import { ConnectionNames } from './connection-names.ts';
import { ConnectionPool } from './connection-pool.ts';
import { ConnectionWriter, isOpen } from './connection-writer.ts';
import { Expectations } from './expectations.ts';
import { FlowKey, oneWayFlag } from './flow-key.ts';
import type { HeldBudget } from './held-segments.ts';
import { HistoryBook, letters, seenOnce } from './history.ts';
import { icmpCounterpart } from './icmp-ports.ts';
import { Interaction } from './interaction.ts';
import type { LocalNets } from './local-nets.ts';
import { MacBook } from './mac-book.ts';
import { PeriodicChecks } from './periodic-checks.ts';
import { isTcpFlipped, isUdpFlipped } from './server-ports.ts';
import type { SessionHost } from './session-host.ts';
import { Sessions } from './sessions.ts';
import type { TcpHost } from './tcp-host.ts';
import { TcpTracker } from './tcp-tracker.ts';
import { TimerWheel } from './timers.ts';
import { QuotedPacket } from './unreachable.ts';
import type { Weirds } from './weirds.ts';

const protocols = { icmp: 1, igmp: 2, tcp: 6, udp: 17, icmp6: 58 } as const;
const minute = 60e6;
/** Step back in time that is not mere disorder, microseconds. */
const farBack = 3600e6;
/** Zeek's Tunnel::max_changes_per_connection. */
const mostTunnelChanges = 5;
/** Connections looked at to find one to give up. */
const victimLooks = 16;
const broadcast = 0xffffffff | 0;

export interface FlowTableOptions {
  readonly platform: Platform;
  readonly sink: RecordSink;
  readonly weirds: Weirds;
  readonly tcp: AnalyzerBook;
  readonly udp: AnalyzerBook;
  readonly nets: LocalNets;
  /** Most connections at once; then the least worth is ended early and counted. */
  readonly maxConnections: number;
  /** Most bytes kept above holes of all TCP streams together. */
  readonly maxHeldBytes: number;
  /** Of the hash of the table and of identifiers. */
  readonly seed: number;
  openFile(flow: Flow, options: FileStreamOptions): FileStream;
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

export class FlowTable implements TcpHost, SessionHost {
  readonly platform: Platform;
  readonly names: ConnectionNames;
  readonly histories = new HistoryBook();
  readonly held: HeldBudget;
  readonly counters: FlowCounters = { connections: 0, evicted: 0, malformed: 0, analyzerFailed: 0, peak: 0 };
  readonly expectations = new Expectations();
  /** Direction of the packet that `take` was given last. */
  fromClient = true;
  /** First failures of analyzers, for the log of the program. */
  readonly failures: { readonly analyzer: string; readonly error: unknown }[] = [];

  readonly #options: FlowTableOptions;
  readonly #pool = new ConnectionPool(this.histories);
  readonly #wheel = new TimerWheel();
  readonly #periodic = new PeriodicChecks();
  readonly #tcp = new TcpTracker(this);
  readonly #writer: ConnectionWriter;
  readonly #key: FlowKey;
  readonly #otherKey: FlowKey;
  readonly #quoted = new QuotedPacket();
  readonly #macs = new MacBook();
  /** Start and ordinal of the connection that gave way to the one being opened. */
  #replacedAt = -1;
  #replacedOrdinal = 0;
  /** Never goes back, as in Zeek: with packets in disorder, time-outs count from the latest. Zeek's clock begins at second 1. */
  #now = 1e6;

  constructor(options: FlowTableOptions) {
    this.#options = options;
    this.platform = options.platform;
    this.held = { bytes: 0, limit: options.maxHeldBytes, dropped: 0 };
    this.names = new ConnectionNames(options.nets, options.seed, options.contextText);
    this.#writer = new ConnectionWriter(options.sink, this.names);
    this.#key = new FlowKey(options.seed);
    this.#otherKey = new FlowKey(options.seed);
  }

  /** Connections at present. */
  get size(): number {
    return this.#pool.count;
  }

  /** Latest time of a packet; microseconds since the epoch. */
  get now(): number {
    return this.#now;
  }

  /** Lets time pass: ends what is over. Before each packet; cheap when nothing is due. */
  advance(at: number): void {
    // A far step back means that a time before was nonsense, or that another capture begins.
    if (at > this.#now || at < this.#now - farBack) this.#now = at;
    const now = this.#now;
    if (this.#wheel.isDue(now)) this.#wheel.advance(now, this.#look);
    if (now >= this.#periodic.nextDue) this.#periodic.run(now, this.#end);
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
    this.#pool.visit((connection) => this.#remove(connection, !connection.isOver(this.#now) && isOpen(connection)));
  }

  /** A packet that was delivered before, by another mirror. */
  noteDuplicate(packet: Packet): void {
    const { l4Start, protocol } = packet;
    const hasPorts = (protocol === protocols.tcp || protocol === protocols.udp) && packet.end >= l4Start + 4;
    if (!hasPorts) return;
    const { view } = packet.bytes;
    this.#otherKey.set(packet.context, protocol, packet, view.getUint16(l4Start), view.getUint16(l4Start + 2));
    const connection = this.#pool.find(this.#otherKey);
    if (connection !== null) connection.facts().duplicates++;
  }

  /** Two network contexts are one: flows of `from` go on under `to`. */
  unite(from: number, to: number): void {
    this.#pool.visit((connection) => {
      if (connection.context !== from) return;
      this.#otherKey.setFrom(connection, to);
      this.#pool.move(connection, this.#otherKey);
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
    let connection = this.#current();
    if (connection !== null && this.#tcp.isReuse(connection, packet)) {
      this.#replace(connection);
      connection = null;
    }
    if (connection === null) {
      connection = this.#open(packet, Transport.tcp, isTcpFlipped(view.getUint8(start + 13), sourcePort, targetPort));
    }
    if (this.#tcp.showsFlip(connection, packet)) this.flipFromStart(connection);
    const fromClient = this.#direction(connection, packet);
    const before = connection.endsAt;
    const isUsable = this.#tcp.process(connection, packet, fromClient);
    if (isUsable) connection.count(fromClient, packet.ipLength);
    if (connection.endsAt < before) this.#wheel.schedule(connection, connection.endsAt);
    return connection;
  }

  #takeUdp(packet: Packet): Connection | null {
    if (!this.#hasHeader(packet, 8, 'UDP')) return null;
    const { bytes, l4Start } = packet;
    const { view } = bytes;
    const sourcePort = view.getUint16(l4Start);
    const targetPort = view.getUint16(l4Start + 2);
    this.#key.set(packet.context, protocols.udp, packet, sourcePort, targetPort);
    const connection = this.#current() ?? this.#open(packet, Transport.udp, isUdpFlipped(sourcePort, targetPort));
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
    const connection = this.#current() ?? this.#open(packet, Transport.icmp, false);
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
    const connection = this.#current() ?? this.#open(packet, Transport.unknown, false);
    const fromClient = this.#direction(connection, packet);
    connection.lastAt = packet.at;
    connection.count(fromClient, packet.ipLength);
    return connection;
  }

  #hasHeader(packet: Packet, bytes: number, source: string): boolean {
    const there = packet.end - packet.l4Start;
    if (there >= bytes) return true;
    this.counters.malformed++;
    const claimed = there + packet.missing;
    this.weirdPacket(packet, claimed > 0 && claimed < bytes ? 'truncated_header' : 'internally_truncated_header', source);
    return false;
  }

  /** The packet's connection, unless its time is over: then it ends now. */
  #current(): Connection | null {
    const connection = this.#pool.find(this.#key);
    if (connection === null || !connection.isOver(this.#now)) return connection;
    this.#replace(connection);
    return null;
  }

  /** Ends a connection because another of its tuple begins. */
  #replace(connection: Connection): void {
    this.#replacedAt = connection.startedAt;
    this.#replacedOrdinal = connection.rare?.ordinal ?? 0;
    this.#remove(connection, false);
  }

  #open(packet: Packet, transport: Transport, flips: boolean): Connection {
    if (this.#pool.count >= this.#options.maxConnections) this.#evict();
    const connection = this.#pool.open(this.#key);
    const { at } = packet;
    this.counters.connections++;
    if (this.#pool.count > this.counters.peak) this.counters.peak = this.#pool.count;
    connection.begin(transport, packet.ipVersion === 6, packet.vlan, packet.innerVlan, at);
    connection.inactivityMs = minute / 1000;
    if (this.#replacedAt === at) connection.facts().ordinal = this.#replacedOrdinal + 1;
    this.#replacedAt = -1;
    // Nobody answers from the broadcast address, so it is the server's.
    if (flips && !(packet.ipVersion === 4 && (packet.d3 | 0) === broadcast)) {
      connection.clientIsLow = !connection.clientIsLow;
      connection.history = connection.history.append(letters.flip, this.histories);
    }
    this.#wheel.schedule(connection, at + minute);
    return connection;
  }

  #evict(): void {
    const victim = this.#pool.victim(victimLooks);
    if (victim === undefined) return;
    this.counters.evicted++;
    this.#remove(victim, false);
  }

  #direction(connection: Connection, packet: Packet): boolean {
    if (packet.tunnelDepth > 0) this.#noteParent(connection, packet);
    this.fromClient = this.#key.fromLow === connection.clientIsLow;
    if (packet.sourceMacHigh >= 0) this.#noteMac(connection, packet);
    return this.fromClient;
  }

  #noteMac(connection: Connection, packet: Packet): void {
    if (this.fromClient) {
      if (connection.clientMac === '') connection.clientMac = this.#macs.text(packet.sourceMacHigh, packet.sourceMacLow);
    } else if (connection.serverMac === '') connection.serverMac = this.#macs.text(packet.sourceMacHigh, packet.sourceMacLow);
  }

  /** Keeps the tunnels that carried the connection; one that changes again and again is not followed any more. */
  #noteParent(connection: Connection, packet: Packet): void {
    const parent = packet.parents[packet.tunnelDepth - 1];
    if (parent === undefined) return;
    const facts = connection.facts();
    if (parent === facts.tunnelParent || facts.tunnelChanges > mostTunnelChanges) return;
    if (facts.tunnelParent !== '') facts.tunnelChanges++;
    facts.tunnelParent = parent;
    if (facts.tunnelChanges > mostTunnelChanges) {
      this.weird(connection, 'tunnel_max_changes_per_connection_exceeded', undefined, String(mostTunnelChanges));
      this.#mark(connection, letters.partial, this.#key.fromLow === connection.clientIsLow);
    } else if (!facts.tunnelParents.includes(parent)) facts.tunnelParents.push(parent);
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
    const sessions = this.#sessions(connection);
    sessions.onBytes(fromClient, packet.bytes, packet.l4Start + 8, packet.end, this.#now);
  }

  #markUnreachable(context: number): void {
    const quoted = this.#quoted;
    this.#otherKey.set(context, quoted.protocol, quoted, quoted.sourcePort, quoted.targetPort);
    const connection = this.#pool.find(this.#otherKey);
    if (connection !== null) connection.facts().unreachable = quoted.verdict;
  }

  // ---- ends

  /** The wheel came to this connection. */
  readonly #look = (connection: Connection): void => {
    if (connection.isOver(this.#now)) this.#remove(connection, false);
    else this.#wheel.schedule(connection, connection.due);
  };

  readonly #end = (connection: Connection): void => this.#remove(connection, false);

  #remove(connection: Connection, stillOpen: boolean): void {
    this.#wheel.cancel(connection);
    connection.sessions?.onClose(this.#now);
    connection.clientEnd?.notes.held?.clear();
    connection.serverEnd?.notes.held?.clear();
    this.#writer.write(connection, stillOpen);
    if (connection.isCarrier) this.#options.onCarrierEnd(this.names.uid(connection), this.#now);
    this.#pool.close(connection);
  }

  #sessions(connection: Connection): Sessions {
    connection.sessions ??= new Sessions(connection, this, this.#expected(connection));
    return connection.sessions;
  }

  #expected(connection: Connection): string | undefined {
    if (this.expectations.isEmpty || connection.transport !== Transport.tcp) return undefined;
    const client = this.names.address(connection, true).text;
    const server = this.names.address(connection, false).text;
    return this.expectations.find(connection.context, client, server, connection.serverPort, connection.startedAt);
  }

  // ---- for the TCP tracker

  deliver(connection: Connection, fromClient: boolean, bytes: Bytes, start: number, end: number): void {
    const sessions = this.#sessions(connection);
    if (sessions.isListening) sessions.onBytes(fromClient, bytes, start, end, this.#now);
    connection.interaction ??= new Interaction(fromClient, connection.lastAt);
    connection.interaction.note(connection, fromClient, bytes, start, end);
  }

  gap(connection: Connection, fromClient: boolean, count: number): void {
    this.#sessions(connection).onGap(fromClient, count, this.#now);
  }

  end(connection: Connection, fromClient: boolean): void {
    const { sessions } = connection;
    if (sessions === null) return;
    sessions.onEnd(fromClient, this.#now);
    if (connection.clientEnd?.ended === true && connection.serverEnd?.ended === true) sessions.stopDetecting();
  }

  wantsContent(connection: Connection): boolean {
    return connection.sessions === null || connection.sessions.isListening;
  }

  weird(connection: Connection, name: string, source?: string, addl?: string): void {
    connection.isWeird = true;
    this.#options.weirds.raise(this.#now, name, this.names.subject(connection), source, addl);
  }

  /** An oddity of a packet that belongs to no connection. */
  weirdPacket(packet: Packet, name: string, source?: string, addl?: string): void {
    const subject = this.names.packetSubject(packet);
    this.#options.weirds.raise(this.#now, packet.tunnelDepth > 0 ? `${name}_in_tunnel` : name, subject, source, addl);
  }

  // ---- for sessions

  book(connection: Connection): AnalyzerBook {
    return connection.transport === Transport.tcp ? this.#options.tcp : this.#options.udp;
  }

  emit<N extends RecordName>(name: N, row: RecordRow<N>): void {
    this.#options.sink.emit(name, row);
  }

  expect(connection: Connection, expectation: Expectation): void {
    this.expectations.add(connection.context, expectation, this.#now);
  }

  openFile(flow: Flow, options: FileStreamOptions): FileStream {
    return this.#options.openFile(flow, options);
  }

  payload(connection: Connection): number {
    return payloadBytes(connection, true) + payloadBytes(connection, false);
  }

  flip(connection: Connection): void {
    connection.swapEnds();
    this.appendHistory(connection, '^');
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

  appendHistory(connection: Connection, letter: string): void {
    connection.history = connection.history.append(letter.charCodeAt(0), this.histories);
  }

  setInactivity(connection: Connection, micros: number, every: number | undefined): void {
    if (every !== undefined) {
      this.#periodic.add(connection, micros, every);
      return;
    }
    connection.inactivityMs = Math.ceil(micros / 1000);
    this.#wheel.schedule(connection, connection.due);
  }

  failed(analyzer: string, error: unknown): void {
    this.counters.analyzerFailed++;
    if (this.failures.length < 10) this.failures.push({ analyzer, error });
  }
}
