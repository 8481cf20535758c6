// The one batch that a reader fills again and again.
import { Bytes } from '../../base/bytes.ts';
import type { PacketBatch } from '../../model/packet-batch.ts';

/** A batch with room for `capacity` packets. Parsers fill it; whoever took it reads it before the next is asked for. */
export class BatchBuffer implements PacketBatch {
  bytes: Bytes = new Bytes(new Uint8Array(0));
  count = 0;
  readonly capacity: number;
  readonly times: Float64Array;
  readonly starts: Uint32Array;
  readonly captured: Uint32Array;
  readonly wire: Uint32Array;
  readonly points: Uint16Array;
  readonly numbers: Float64Array;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.times = new Float64Array(capacity);
    this.starts = new Uint32Array(capacity);
    this.captured = new Uint32Array(capacity);
    this.wire = new Uint32Array(capacity);
    this.points = new Uint16Array(capacity);
    this.numbers = new Float64Array(capacity);
  }

  /** Empties the batch and points it at another buffer. */
  reset(bytes: Bytes): void {
    this.bytes = bytes;
    this.count = 0;
  }

  /** Appends a packet; the caller has checked that `count < capacity`. */
  add(time: number, start: number, captured: number, wire: number, point: number, number: number): void {
    const i = this.count;
    this.times[i] = time;
    this.starts[i] = start;
    this.captured[i] = captured;
    this.wire[i] = wire;
    this.points[i] = point;
    this.numbers[i] = number;
    this.count = i + 1;
  }
}
