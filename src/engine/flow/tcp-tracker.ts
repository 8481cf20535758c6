// TCP connections from their packets: sequence space, history, windows, state, reassembly; in the order in which Zeek does it.
import type { Packet } from '../wire/packet.ts';
import type { Connection } from './connection.ts';
import { distance, Endpoint, EndState, relativeSequence } from './endpoint.ts';
import { isLogarithmicStep, letters, seenOnce } from './history.ts';
import { Reassembly } from './reassembly.ts';
import type { TcpHost } from './tcp-host.ts';
import { TcpSegment, tcpFlags } from './tcp-segment.ts';
import { TcpState } from './tcp-state.ts';

/** A SYN or RST this far from what was seen before says nothing about the stream. */
const trustedJump = 1_048_576;
/** Repeats of a FIN or RST that make a storm. */
const stormSize = 1000;
/** RFC 7323 §2.3. */
const largestWindowScale = 14;
/** Zeek's tcp_connection_linger, microseconds. */
const linger = 5e6;

const isOpen = (end: Endpoint): boolean => end.state !== EndState.inactive && !end.closed;

export class TcpTracker {
  readonly #host: TcpHost;
  readonly #state: TcpState;
  readonly #reassembly: Reassembly;
  readonly #segment = new TcpSegment();
  /** Stands for an end that a connection without ends would have. */
  readonly #none = new Endpoint();
  readonly #pair = { client: this.#none, server: this.#none };

  constructor(host: TcpHost) {
    this.#host = host;
    this.#state = new TcpState(host);
    this.#reassembly = new Reassembly(host);
  }

  /** Takes a packet into account. @returns false when its header was unusable: it counts for nothing then. */
  process(connection: Connection, packet: Packet, fromClient: boolean): boolean {
    const segment = this.#segment;
    const fault = segment.read(packet);
    if (fault !== '') {
      this.#host.weird(connection, fault, 'TCP');
      return false;
    }
    const { client, server } = this.#ends(connection, fromClient);
    const end = fromClient ? client : server;
    const other = fromClient ? server : client;
    this.#markPartial(connection, segment, fromClient);
    const behind = (segment.sequence + segment.span) | 0;
    this.#openSequence(connection, end, other, segment, behind);
    const sequence = relativeSequence(end, segment.sequence, end.last, end.notes.lastWraps);
    if (sequence < 0 && !segment.rst) this.#host.weird(connection, 'TCP_seq_underflow_or_misorder', 'TCP');
    if (segment.isPlain) this.#recordPlain(connection, segment, fromClient);
    else this.#recordControl(connection, end, segment, sequence, fromClient);
    this.#watchWindow(connection, end, other, segment, fromClient);
    if (!end.closed || !other.closed) connection.lastAt = segment.at;
    if (!segment.isPlain) this.#controls(connection, end, other, segment, sequence);
    const acked = segment.ack ? this.#acknowledge(connection, end, other, segment) : 0;
    const advance = this.#advanceLast(connection, end, segment, behind, fromClient);
    const closes = this.#state.update(connection, end, other, segment, fromClient, advance);
    this.#stream(connection, end, other, segment, sequence, acked);
    if (closes) this.#close(connection, end, other);
    return true;
  }

  /** Both ends; the server's is made when there is something to say of it: a lone SYN needs one only. */
  #ends(connection: Connection, fromClient: boolean): { client: Endpoint; server: Endpoint } {
    const pair = this.#pair;
    pair.client = connection.openClientEnd();
    if (connection.serverEnd !== null) pair.server = connection.serverEnd;
    else if (fromClient && (this.#segment.flags & (tcpFlags.syn | tcpFlags.ack)) === tcpFlags.syn) {
      this.#none.reset();
      pair.server = this.#none;
    } else {
      pair.server = connection.openServerEnd();
      // What the SYN said of the other side's window.
      pair.server.windowAcknowledged = pair.client.windowSequence;
    }
    return pair;
  }

  /** What the segment means for the streams: an acknowledgement of the other end's, payload of its own. */
  #stream(connection: Connection, end: Endpoint, other: Endpoint, segment: TcpSegment, sequence: number, acked: number): void {
    if (segment.ack) {
      this.#reassembly.acknowledged(connection, other, end, acked);
      this.#checkEnd(connection, other, end);
    }
    if (connection.clientEnd === end) connection.clientSeen = true;
    else connection.serverSeen = true;
    if (segment.length > 0 && !segment.rst && sequence >= 0) this.#payload(connection, end, other, segment, sequence);
    this.#checkEnd(connection, end, other);
  }

  /** Whether a SYN on a known tuple begins another connection. */
  isReuse(connection: Connection, packet: Packet): boolean {
    const { view } = packet.bytes;
    const flags = view.getUint8(packet.l4Start + 13);
    if ((flags & tcpFlags.syn) === 0 || view.getUint8(packet.l4Start + 12) < 0x50) return false;
    const client = connection.clientEnd ?? this.#none;
    const server = connection.serverEnd ?? this.#none;
    const isAnswer = (flags & tcpFlags.ack) !== 0;
    if (isAnswer && client.state !== EndState.inactive) return false;
    if (!client.closed && !server.closed) {
      return this.#isActiveReuse(connection, client, server, view.getInt32(packet.l4Start + 4), isAnswer);
    }
    if (client.state === EndState.reset || server.state === EndState.reset) return true;
    if (isOpen(client) || isOpen(server)) this.#host.weird(connection, 'active_connection_reuse', 'TCP');
    else if (packet.at - connection.lastAt < linger) this.#host.weird(connection, 'premature_connection_reuse', 'TCP');
    return true;
  }

  /**
   * Whether the packet shows that what opened the connection was the server's answer: a SYN-ACK came first, and somebody goes
   * on with the handshake. A SYN-ACK that nobody takes up may be a scan and stays as it is.
   */
  showsFlip(connection: Connection, packet: Packet): boolean {
    if (connection.clientEnd?.state !== EndState.synAckSent) return false;
    const flags = packet.bytes.view.getUint8(packet.l4Start + 13);
    return (flags & tcpFlags.ack) !== 0 && (flags & (tcpFlags.syn | tcpFlags.rst)) === 0;
  }

  #isActiveReuse(connection: Connection, client: Endpoint, server: Endpoint, sequence: number, isAnswer: boolean): boolean {
    const opener = isAnswer ? server : client;
    if (sequence === opener.first) return false;
    const isReversal = !isAnswer && opener.state === EndState.synAckSent && server.state === EndState.inactive && sequence === server.first;
    if (isReversal) return false;
    this.#host.weird(connection, opener.state === EndState.synSent ? 'SYN_seq_jump' : 'active_connection_reuse', 'TCP');
    return true;
  }

  #markPartial(connection: Connection, segment: TcpSegment, fromClient: boolean): void {
    if (fromClient) {
      if (!connection.clientSeen) connection.partial = !segment.syn || segment.ack;
    } else if (!connection.serverSeen && !connection.partial) connection.partial = !segment.syn;
  }

  /** Where the sequence numbers of this end begin. */
  #openSequence(connection: Connection, end: Endpoint, other: Endpoint, segment: TcpSegment, behind: number): void {
    const { sequence, syn } = segment;
    if (end.state === EndState.inactive) {
      // Without a SYN, number as though one had come just before.
      if (syn) end.begin(sequence, behind);
      else end.begin(sequence - 1, sequence);
    } else if (syn && this.#beginsAnew(connection, end, other, sequence)) {
      end.begin(sequence, behind);
    }
  }

  /** Whether a further SYN of an end is taken for its true beginning. */
  #beginsAnew(connection: Connection, end: Endpoint, other: Endpoint, sequence: number): boolean {
    if (end.state === EndState.closed) return false;
    // Numbers that an RST began with may have been forged.
    if (end.state === EndState.reset) return end.previous === EndState.inactive;
    const isSame = sequence === end.first;
    const isOpen = end.state >= EndState.partial;
    if (isOpen && end.size(other.state) > 0) this.#host.weird(connection, 'SYN_inside_connection');
    if (!isSame) this.#host.weird(connection, 'SYN_seq_jump');
    return isOpen || !isSame;
  }

  #letter(connection: Connection, letter: number, fromClient: boolean): void {
    connection.history = connection.history.append(fromClient ? letter : letter | 0x20, this.#host.histories);
  }

  /** Appends the letter unless this side has it already. @returns whether it had. */
  #once(connection: Connection, bit: number, letter: number, fromClient: boolean): boolean {
    const mask = fromClient ? bit : bit << 16;
    if ((connection.seen & mask) !== 0) return true;
    connection.seen |= mask;
    this.#letter(connection, letter, fromClient);
    return false;
  }

  #recordPlain(connection: Connection, segment: TcpSegment, fromClient: boolean): void {
    if (segment.length > 0) this.#once(connection, seenOnce.data, letters.data, fromClient);
    else if (segment.ack) this.#once(connection, seenOnce.ack, letters.ack, fromClient);
  }

  #recordControl(connection: Connection, end: Endpoint, segment: TcpSegment, sequence: number, fromClient: boolean): void {
    const { syn, fin, rst } = segment;
    if (fin && rst) this.#once(connection, seenOnce.finRst, letters.finRst, fromClient);
    else if (syn && (fin || rst)) this.#once(connection, seenOnce.multiFlag, letters.multiFlag, fromClient);
    else if (syn) {
      this.#again(connection, seenOnce.syn, segment.ack ? letters.synAck : letters.syn, sequence !== end.notes.seenSyn, fromClient);
      if (sequence !== end.notes.seenSyn) end.note().seenSyn = sequence;
    } else if (fin) {
      // The FIN stands behind the payload.
      const position = sequence + segment.length;
      this.#again(connection, seenOnce.fin, letters.fin, position !== end.notes.seenFin, fromClient);
      end.note().seenFin = position;
    } else {
      this.#again(connection, seenOnce.rst, letters.rst, sequence !== end.notes.seenReset, fromClient);
      if (sequence !== end.notes.seenReset) end.note().seenReset = sequence;
    }
  }

  /** Appends the letter the first time, and again where it stands at another place of the stream. */
  #again(connection: Connection, bit: number, letter: number, isElsewhere: boolean, fromClient: boolean): void {
    if (this.#once(connection, bit, letter, fromClient) && isElsewhere) this.#letter(connection, letter, fromClient);
  }

  #watchWindow(connection: Connection, end: Endpoint, other: Endpoint, segment: TcpSegment, fromClient: boolean): void {
    const window = (segment.window << end.windowScale) >>> 0;
    if (window === 0 && !segment.rst && other.state !== EndState.closed && end.state !== EndState.reset) {
      if (isLogarithmicStep(++end.note().zeroWindows)) this.#letter(connection, letters.zeroWindow, fromClient);
    }
    if (!segment.isPlain || end.state >= EndState.closed) return;
    const { sequence, acknowledgement } = segment;
    if (distance(sequence, end.windowSequence) < 0 || distance(acknowledgement, end.windowAcknowledged) < 0) return;
    const advance = distance(acknowledgement + window, end.windowAcknowledged + end.window);
    // Rounding by the scale may look like a smaller window.
    if (advance < 0 && -advance >= 1 << end.windowScale) this.#host.weird(connection, 'window_recision');
    end.window = window;
    end.windowAcknowledged = acknowledgement;
    end.windowSequence = sequence;
  }

  #controls(connection: Connection, end: Endpoint, other: Endpoint, segment: TcpSegment, sequence: number): void {
    if (segment.syn) {
      if (segment.rst) this.#host.weird(connection, 'TCP_christmas', 'TCP');
      if (segment.urg) this.#host.weird(connection, 'baroque_SYN', 'TCP');
      if (segment.length > 0) this.#host.weird(connection, 'SYN_with_data', 'TCP');
      this.#openWindow(connection, end, other, segment);
    }
    if (segment.fin) {
      const notes = end.note();
      notes.finEnd = sequence + segment.span;
      if (++notes.fins >= stormSize) this.#host.weird(connection, 'FIN_storm', 'TCP');
    }
    if (segment.rst && ++end.note().resets >= stormSize) this.#host.weird(connection, 'RST_storm', 'TCP');
  }

  #openWindow(connection: Connection, end: Endpoint, other: Endpoint, segment: TcpSegment): void {
    const scale = segment.windowScale();
    if (scale < 0) {
      end.windowScale = 0;
      // The answer decides: without the option nobody scales.
      if (segment.ack) other.windowScale = 0;
      return;
    }
    if (scale > largestWindowScale && !connection.isWeird) this.#host.weird(connection, 'TCP_scale_range', 'TCP', String(scale));
    end.windowScale = Math.min(scale, largestWindowScale);
    end.windowSequence = segment.sequence;
    end.windowAcknowledged = segment.acknowledgement;
    other.windowSequence = segment.acknowledgement;
    other.windowAcknowledged = segment.sequence;
  }

  /** What the acknowledgement says of the other end. @returns its relative sequence number. */
  #acknowledge(connection: Connection, end: Endpoint, other: Endpoint, segment: TcpSegment): number {
    const { acknowledgement } = segment;
    if (other.state === EndState.inactive) {
      const isWaiting = end.state === EndState.synSent || end.state === EndState.synAckSent || end.state === EndState.established;
      if (segment.isPlain && isWaiting && !connection.isWeird) this.#host.weird(connection, 'possible_split_routing');
      other.begin(acknowledgement - 1, acknowledgement - 1);
      return 1;
    }
    const acked = relativeSequence(other, acknowledgement, other.acked, other.notes.ackedWraps);
    if (acked < 0) {
      this.#host.weird(connection, 'TCP_ack_underflow_or_misorder', 'TCP');
      return 0;
    }
    if (segment.rst) return acked;
    const advance = distance(acknowledgement, other.acked);
    // An acknowledgement of 0 far ahead is more likely nonsense than a long stream that ends there.
    if (advance > 0 && !(acknowledgement === 0 && advance > trustedJump)) other.advanceAcked(acknowledgement);
    return acked;
  }

  /** @returns how far the segment goes beyond what was sent before. */
  #advanceLast(connection: Connection, end: Endpoint, segment: TcpSegment, behind: number, fromClient: boolean): number {
    const advance = distance(behind, end.last);
    if ((segment.syn || segment.rst) && (advance > trustedJump || advance < -trustedJump)) return advance;
    // A FIN right after the SYN: the stream between may be longer than half the number space.
    const onlySyn = segment.fin && end.last === ((end.first + 1) | 0);
    if (onlySyn || (end.state !== EndState.reset && advance > 0)) {
      end.advanceLast(behind);
    } else if (end.state !== EndState.reset && segment.length > 0 && isLogarithmicStep(++end.note().retransmissions)) {
      this.#letter(connection, letters.retransmission, fromClient);
    }
    return advance;
  }

  #payload(connection: Connection, end: Endpoint, other: Endpoint, segment: TcpSegment, sequence: number): void {
    if (segment.captured < segment.length) {
      // Part of it is not content: the whole counts as missing, as for Zeek.
      this.#host.weird(connection, 'truncated_tcp_payload', 'TCP');
      return;
    }
    const from = segment.syn ? sequence + 1 : sequence;
    this.#reassembly.segment(connection, end, other, from, segment.bytes, segment.start, segment.length);
  }

  /** Tells the analyzers when an end that said goodbye has nothing more to come. */
  #checkEnd(connection: Connection, end: Endpoint, other: Endpoint): void {
    if (end.ended || !(end.state >= EndState.closed || end.notes.fins > 0) || this.#reassembly.isPending(end, other)) return;
    end.markEnded();
    this.#host.end(connection, connection.clientEnd === end);
    if (!connection.closeDeferred) return;
    this.#close(connection, end, other);
    connection.closeDeferred = false;
  }

  #close(connection: Connection, end: Endpoint, other: Endpoint): void {
    if (this.#reassembly.isPending(end, other)) {
      connection.closeDeferred = true;
      return;
    }
    connection.closeDeferred = false;
    this.#state.close(connection, end, other);
  }
}
