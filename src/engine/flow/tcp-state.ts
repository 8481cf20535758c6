// Zeek's state machine of a TCP connection: what each end has done, and what is odd about it.
import { type Connection, never } from './connection.ts';
import { distance, type Endpoint, EndState } from './endpoint.ts';
import { isTcpServerPort } from './server-ports.ts';
import type { TcpHost } from './tcp-host.ts';
import type { TcpSegment } from './tcp-segment.ts';

const second = 1e6;
/** Zeek's tcp_inactivity_timeout. */
const establishedInactivityMs = 300_000;
/** Zeek's tcp_attempt_delay, tcp_close_delay and tcp_reset_delay. */
const shortDelay = 5 * second;
/** Interactive services on these ports may be silent for an hour. */
const patientPorts = new Set([21, 22, 23, 513]);
const patientInactivityMs = 3_600_000;

export class TcpState {
  readonly #host: TcpHost;

  constructor(host: TcpHost) {
    this.#host = host;
  }

  /**
   * Takes a segment of `end` into account.
   * @param advance sequence numbers beyond the highest before, negative or 0 when there is nothing new.
   * @returns whether the segment closes its end.
   */
  update(connection: Connection, end: Endpoint, other: Endpoint, segment: TcpSegment, fromClient: boolean, advance: number): boolean {
    switch (end.state) {
      case EndState.inactive:
        return this.#fromInactive(connection, end, other, segment, fromClient);
      case EndState.synSent:
      case EndState.synAckSent:
        return this.#fromSynSent(connection, end, other, segment, fromClient);
      case EndState.partial:
      case EndState.established:
        return segment.isPlain ? false : this.#fromEstablished(connection, end, other, segment);
      case EndState.closed:
        return segment.isPlain ? false : this.#fromClosed(connection, end, other, segment, advance);
      case EndState.reset:
        this.#fromReset(connection, segment);
        return false;
    }
  }

  #set(connection: Connection, end: Endpoint, other: Endpoint, state: EndState): void {
    if (state === end.state) return;
    if (state > EndState.synAckSent && end.inHandshake && other.inHandshake) connection.inactivityMs = establishedInactivityMs;
    end.enter(state);
    if (!connection.endsUnanswered) return;
    const { clientEnd, serverEnd } = connection;
    const isUnanswered = serverEnd === null || serverEnd.state === EndState.inactive;
    if (isUnanswered && clientEnd?.inHandshake === true) return;
    connection.endsUnanswered = false;
    connection.endsAt = never;
  }

  #weird(connection: Connection, name: string): void {
    this.#host.weird(connection, name, 'TCP');
  }

  #fromInactive(connection: Connection, end: Endpoint, other: Endpoint, segment: TcpSegment, fromClient: boolean): boolean {
    let closes = false;
    if (segment.syn) {
      if (fromClient) this.#clientSyn(connection, end, other, segment);
      else this.#serverSyn(connection, end, other, segment);
    }
    if (segment.fin) {
      this.#set(connection, end, other, EndState.closed);
      closes = true;
      if (other.state !== EndState.partial && !segment.syn) this.#weird(connection, 'spontaneous_FIN');
    }
    if (segment.rst) {
      this.#set(connection, end, other, EndState.reset);
      closes = true;
      if (other.state === EndState.inactive) this.#weird(connection, 'spontaneous_RST');
    }
    if (end.state === EndState.inactive) this.#withoutFlags(connection, end, other, segment, fromClient);
    return closes;
  }

  #clientSyn(connection: Connection, end: Endpoint, other: Endpoint, segment: TcpSegment): void {
    if (segment.ack) {
      this.#weird(connection, 'connection_originator_SYN_ack');
      this.#set(connection, end, other, EndState.synAckSent);
    } else this.#set(connection, end, other, EndState.synSent);
    connection.endsAt = segment.at + shortDelay;
    connection.endsUnanswered = true;
  }

  #serverSyn(connection: Connection, end: Endpoint, other: Endpoint, segment: TcpSegment): void {
    if (segment.ack) this.#checkSynAck(connection, other, segment);
    else if (other.state === EndState.synAckSent && segment.sequence === end.first) {
      // SYN and SYN-ACK came in the wrong order: it is the other end that opened the connection.
      this.#host.flipFromStart(connection);
      this.#set(connection, other, end, EndState.established);
      connection.clientSeen = true;
    } else this.#weird(connection, 'simultaneous_open');
    if (other.state === EndState.synSent) this.#set(connection, other, end, EndState.established);
    else if (other.state === EndState.inactive) this.#weird(connection, 'unsolicited_SYN_response');
    this.#set(connection, end, other, EndState.established);
    if (other.state !== EndState.partial) this.#established(connection);
  }

  #checkSynAck(connection: Connection, other: Endpoint, segment: TcpSegment): void {
    if (other.state === EndState.inactive || other.state === EndState.partial) return;
    const ack = segment.acknowledgement;
    if (distance(ack, other.first) < 0 || distance(ack, other.last) > 0) this.#weird(connection, 'bad_SYN_ack');
  }

  #established(connection: Connection): void {
    const half = connection.clientEnd?.state === EndState.inactive;
    const { clientPort, serverPort } = connection;
    const port = half && !isTcpServerPort(serverPort) && isTcpServerPort(clientPort) ? clientPort : serverPort;
    if (patientPorts.has(port)) connection.inactivityMs = patientInactivityMs;
  }

  /** Data or a bare acknowledgement is the first that is seen of this end. */
  #withoutFlags(connection: Connection, end: Endpoint, other: Endpoint, segment: TcpSegment, fromClient: boolean): void {
    // Some TCPs acknowledge a SYN before they answer it.
    if (!fromClient && segment.length === 0 && other.state === EndState.synSent) return;
    if (segment.ack && other.state === EndState.established) {
      // The client's SYN was missed, its server's answer was not.
      this.#set(connection, end, other, EndState.established);
      connection.partial = false;
      if (fromClient) connection.clientSeen = true;
      else connection.serverSeen = true;
    } else this.#set(connection, end, other, EndState.partial);
  }

  #fromSynSent(connection: Connection, end: Endpoint, other: Endpoint, segment: TcpSegment, fromClient: boolean): boolean {
    if (segment.syn) this.#repeatedSyn(connection, end, segment, fromClient);
    let closes = false;
    if (segment.fin) {
      if (other.state === EndState.inactive || other.state === EndState.synSent) this.#weird(connection, 'inappropriate_FIN');
      this.#set(connection, end, other, EndState.closed);
      closes = true;
    }
    if (segment.rst) {
      this.#set(connection, end, other, EndState.reset);
      return true;
    }
    if (segment.length > 0) this.#weird(connection, 'data_before_established');
    return closes;
  }

  #repeatedSyn(connection: Connection, end: Endpoint, segment: TcpSegment, fromClient: boolean): void {
    if (fromClient) {
      if (segment.ack && !segment.fin && !segment.rst && end.state !== EndState.synAckSent)
        this.#weird(connection, 'repeated_SYN_with_ack');
    } else if (!segment.ack && end.state !== EndState.synSent) this.#weird(connection, 'repeated_SYN_reply_wo_ack');
  }

  #fromEstablished(connection: Connection, end: Endpoint, other: Endpoint, segment: TcpSegment): boolean {
    if (segment.syn && !segment.ack && end.state === EndState.partial && other.state === EndState.inactive) {
      this.#weird(connection, 'SYN_after_partial');
      this.#set(connection, end, other, EndState.synSent);
    }
    if (segment.fin && !segment.rst) {
      this.#set(connection, end, other, EndState.closed);
      // The other end sent FIN and then RST: that was a normal end after all.
      if (other.state === EndState.reset && other.previous === EndState.closed) this.#set(connection, other, end, EndState.closed);
      return true;
    }
    if (segment.rst) this.#set(connection, end, other, EndState.reset);
    return segment.rst;
  }

  #fromClosed(connection: Connection, end: Endpoint, other: Endpoint, segment: TcpSegment, advance: number): boolean {
    if (segment.syn) this.#weird(connection, 'SYN_after_close');
    if (segment.fin && advance > 0) this.#weird(connection, 'FIN_advanced_last_seq');
    if (!segment.rst || other.state === EndState.closed) return false;
    this.#set(connection, end, other, EndState.reset);
    if (connection.endsAt > segment.at + shortDelay) connection.endsAt = segment.at + shortDelay;
    return !end.closed;
  }

  #fromReset(connection: Connection, segment: TcpSegment): void {
    if (segment.syn) this.#weird(connection, 'SYN_after_reset');
    if (segment.fin) this.#weird(connection, 'FIN_after_reset');
    if (segment.length > 0 && !segment.rst) this.#weird(connection, 'data_after_reset');
  }

  /** One end is closed and delivered: the connection goes soon when the other end is, too, or cannot be. */
  close(connection: Connection, end: Endpoint, other: Endpoint): void {
    if (end.closed) return;
    end.markClosed();
    if (end.state !== EndState.reset && !other.closed && other.state !== EndState.inactive) return;
    connection.endsUnanswered = false;
    connection.endsAt = connection.lastAt + shortDelay;
  }
}
