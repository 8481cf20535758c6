// A position in a message that reads big-endian numbers and never runs over the end.
import type { Bytes } from '../../../base/bytes.ts';

/** A number that the message has no bytes for is 0, and takes none: so Zeek reads on in a message that is cut short. */
export class MessageCursor {
  bytes: Bytes;
  position = 0;
  /** Exclusive. */
  end = 0;

  constructor(bytes: Bytes) {
    this.bytes = bytes;
  }

  /** Bytes left. */
  get left(): number {
    return this.end - this.position;
  }

  octet(): number {
    return this.position < this.end ? (this.bytes.u8[this.position++] ?? 0) : 0;
  }

  short(): number {
    if (this.left < 2) return 0;
    const value = this.bytes.view.getUint16(this.position);
    this.position += 2;
    return value;
  }

  long(): number {
    if (this.left < 4) return 0;
    const value = this.bytes.view.getUint32(this.position);
    this.position += 4;
    return value;
  }

  /** Steps over up to `count` bytes, never back. */
  skip(count: number): void {
    this.position += Math.max(0, Math.min(count, this.left));
  }
}
