// TCP payload in order. What comes in order is passed on from the capture buffer itself; what stands above a hole is copied.
// Follows Zeek's rules: bytes are given up (a gap) when the other end acknowledged them, and what came first wins.
import type { Bytes } from '../../base/bytes.ts';
import type { Connection } from './connection.ts';
import { type Endpoint, EndState } from './endpoint.ts';
import { HeldSegments } from './held-segments.ts';
import { isLogarithmicStep, letters } from './history.ts';
import type { TcpHost } from './tcp-host.ts';

/** Zeek's tcp_max_initial_window: more than this without any acknowledgement means that we do not see them. */
const initialWindow = 16_384;
/** Zeek's tcp_max_above_hole_without_any_acks. */
const aboveHoleLimit = 16_384;
/** Zeek's tcp_excessive_data_without_further_acks. */
const unackedLimit = 10 * 1024 * 1024;
const isClean = (end: Endpoint): boolean =>
  end.state === EndState.established || (end.state === EndState.closed && end.previous === EndState.established);

export class Reassembly {
  readonly #host: TcpHost;

  constructor(host: TcpHost) {
    this.#host = host;
  }

  /** A segment with payload: `length` bytes from `start`, the first at relative sequence number `sequence`. */
  segment(connection: Connection, end: Endpoint, other: Endpoint, sequence: number, bytes: Bytes, start: number, length: number): void {
    if (end.skips) return;
    const upper = sequence + length;
    const known = Math.max(end.relativeAcked, end.trimmed);
    if (upper <= known) return;
    if (sequence < known) {
      start += known - sequence;
      sequence = known;
    }
    if (sequence <= end.delivered) {
      if (upper > end.delivered) this.#advance(connection, end, other, upper, bytes, start + end.delivered - sequence);
    } else {
      const notes = end.note();
      notes.held ??= new HeldSegments(this.#host.held);
      notes.held.insert(sequence, upper, bytes, start, this.#host.wantsContent(connection));
    }
    this.#limit(connection, end);
  }

  /** The other end acknowledged everything up to the relative sequence number: what is missing below it will not come. */
  acknowledged(connection: Connection, end: Endpoint, other: Endpoint, sequence: number): void {
    let upTo = sequence;
    if (end.notes.fins > 0 && upTo >= end.notes.finEnd) upTo = end.notes.finEnd - 1;
    if (upTo <= end.trimmed) return;
    if (upTo > end.delivered) this.#giveUp(connection, end, other, upTo);
    end.trimmed = upTo;
    if (end.notes.held !== null) this.#drain(connection, end, other);
  }

  /** Whether payload of this end is still to come before its close counts. */
  isPending(end: Endpoint, other: Endpoint): boolean {
    if (end.skips) return false;
    const { delivered } = end;
    const last = end.relativeLast;
    if (last < delivered) return false;
    if (delivered !== last - 1 && delivered !== last) return true;
    return end.state !== EndState.reset && other.hasUndelivered;
  }

  /** In order: new bytes up to `upper`, whose first undelivered one is `bytes[start]`, around what is held already. */
  #advance(connection: Connection, end: Endpoint, other: Endpoint, upper: number, bytes: Bytes, start: number): void {
    // Relative numbers may be larger than 32 bits, positions are not: as integers nobody behind us meets boxed numbers.
    const offset = start - end.delivered;
    while (end.delivered < upper) {
      const { held } = end.notes;
      const stop = held === null ? upper : Math.min(upper, held.firstStart);
      if (stop > end.delivered) {
        const from = end.delivered;
        end.delivered = stop;
        this.#host.deliver(connection, connection.clientEnd === end, bytes, (offset + from) | 0, (offset + stop) | 0);
      }
      if (stop < upper) this.#passFirst(connection, end);
    }
    if (end.notes.held !== null) this.#drain(connection, end, other);
    // Nobody acknowledges: we see one direction only. What is delivered need not wait.
    else if (end.delivered > initialWindow && end.nothingAcked && end.size(other.state) > initialWindow) end.trimmed = end.delivered;
  }

  /** Delivers what is held and now in order. */
  #drain(connection: Connection, end: Endpoint, other: Endpoint): void {
    const { held } = end.notes;
    if (held === null) return;
    while (held.count > 0 && held.firstStart <= end.delivered) this.#passFirst(connection, end);
    if (held.count === 0) end.note().held = null;
    if (end.delivered > initialWindow && end.nothingAcked && end.size(other.state) > initialWindow) end.trimmed = end.delivered;
  }

  #passFirst(connection: Connection, end: Endpoint): void {
    const { held } = end.notes;
    if (held === null) return;
    const from = held.firstStart;
    const to = held.ends[0] ?? from;
    const bytes = held.shift();
    if (to <= end.delivered) return;
    const skip = end.delivered - from;
    end.delivered = to;
    const fromClient = connection.clientEnd === end;
    if (bytes === null) this.#host.gap(connection, fromClient, to - from - skip);
    else this.#host.deliver(connection, fromClient, bytes, skip | 0, (to - from) | 0);
  }

  #giveUp(connection: Connection, end: Endpoint, other: Endpoint, upTo: number): void {
    // The numbering of a connection picked up in the middle is a guess: its first byte may not exist.
    if (upTo <= 2 && connection.partial) return;
    if (!end.skips) {
      for (let held = end.notes.held; held !== null && held.firstStart < upTo; held = end.notes.held) {
        this.#gap(connection, end, other, held.firstStart - end.delivered);
        this.#drain(connection, end, other);
      }
      if (upTo > end.delivered) this.#gap(connection, end, other, upTo - end.delivered);
    }
    if (upTo > end.delivered) end.delivered = upTo;
  }

  #gap(connection: Connection, end: Endpoint, other: Endpoint, count: number): void {
    const fromClient = connection.clientEnd === end;
    // In other states the sequence numbers are not trustworthy enough to call it a loss.
    if (isClean(end) && isClean(other)) {
      connection.facts().missedBytes += count;
      if (isLogarithmicStep(++end.note().gaps)) {
        connection.history = connection.history.append(letters.gap | (fromClient ? 0 : 0x20), this.#host.histories);
      }
    }
    end.delivered += count;
    this.#host.gap(connection, fromClient, count);
  }

  /** Gives up on a direction of which too much stands above a hole, or too much is never acknowledged. */
  #limit(connection: Connection, end: Endpoint): void {
    const { held } = end.notes;
    if (held !== null && held.lastEnd - end.delivered > aboveHoleLimit && end.nothingAcked) {
      this.#stop(connection, end, 'above_hole_data_without_any_acks');
    } else if (end.delivered - end.trimmed > unackedLimit || (held !== null && this.#unacked(end, held) > unackedLimit)) {
      this.#stop(connection, end, 'excessive_data_without_further_acks');
    }
  }

  #unacked(end: Endpoint, held: HeldSegments): number {
    return held.lastEnd - end.trimmed > unackedLimit ? Math.max(0, end.delivered - end.trimmed) + held.size : 0;
  }

  #stop(connection: Connection, end: Endpoint, why: string): void {
    this.#host.weird(connection, why, 'TCP');
    end.notes.held?.clear();
    end.note().held = null;
    end.markSkips();
  }
}
