// DNS over TCP: each message has its length in front. RFC 1035 §4.2.2.
import { Bytes } from '../../../base/bytes.ts';
import type { EpochMicros } from '../../../base/units.ts';
import { CarryOver } from '../../stream/carry-over.ts';
import { DnsSession } from './session.ts';

const LENGTH_BYTES = 2;
const MAX_MESSAGE_BYTES = 0xffff;
const nothing = new Bytes(new Uint8Array(0));

/** One direction: what waits for the rest of its message, and what is passed over after a gap. */
class Side {
  readonly unread = new CarryOver(LENGTH_BYTES + MAX_MESSAGE_BYTES);
  /** Bytes left of a message that a gap has spoilt. */
  toSkip = 0;
}

/** Cuts the stream into messages and gives them to a session that takes one message at a time. */
export class DnsStreamSession extends DnsSession {
  #client = new Side();
  #server = new Side();

  override onBytes(fromClient: boolean, bytes: Bytes, start: number, end: number, at: EpochMicros): void {
    const side = fromClient ? this.#client : this.#server;
    const skipped = Math.min(side.toSkip, end - start);
    side.toSkip -= skipped;
    const { unread } = side;
    unread.open(bytes, start + skipped, end);
    while (unread.end - unread.position >= LENGTH_BYTES) {
      const from = unread.position + LENGTH_BYTES;
      const to = from + unread.bytes.view.getUint16(unread.position);
      if (to > unread.end) break;
      this.readMessage(fromClient, unread.bytes, from, to, at);
      unread.position = to;
    }
    unread.close();
  }

  /** Drops the message with the hole. Its length tells where the next one begins, unless the hole is larger: then at once. */
  onGap(fromClient: boolean, count: number, _at: EpochMicros): void {
    const side = fromClient ? this.#client : this.#server;
    const { unread } = side;
    unread.open(nothing, 0, 0);
    const waiting = unread.end - unread.position;
    const left = waiting < LENGTH_BYTES ? side.toSkip : LENGTH_BYTES + unread.bytes.view.getUint16(unread.position) - waiting;
    side.toSkip = Math.max(0, left - count);
    unread.position = unread.end;
    unread.close();
  }

  /** What was begun is read as far as it goes. */
  onEnd(fromClient: boolean, at: EpochMicros): void {
    const { unread } = fromClient ? this.#client : this.#server;
    unread.open(nothing, 0, 0);
    const from = unread.position + LENGTH_BYTES;
    if (from < unread.end) this.readMessage(false, unread.bytes, from, unread.end, at);
    unread.position = unread.end;
    unread.close();
  }

  override onFlip(): void {
    const client = this.#client;
    this.#client = this.#server;
    this.#server = client;
  }
}
