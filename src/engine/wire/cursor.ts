// Where the decoder stands in a frame: one reused object that the header readers move forward.
import { Bytes } from '../../base/bytes.ts';

/**
 * A position in a buffer with the two ends that matter: what was captured and what was on the wire.
 * Invariant: `at <= end <= wireEnd`. Readers check `has(n)` once, then read through `view` and step.
 */
export class Cursor {
  bytes: Bytes = new Bytes(new Uint8Array(0));
  view: DataView = this.bytes.view;
  /** First byte that was not read yet. */
  at = 0;
  /** End of the captured bytes. */
  end = 0;
  /** Where the bytes ended on the wire; beyond `end` when a snap length cut them. */
  wireEnd = 0;

  set(bytes: Bytes, start: number, captured: number, wire: number): void {
    this.bytes = bytes;
    this.view = bytes.view;
    this.at = start;
    this.end = start + captured;
    this.wireEnd = start + Math.max(wire, captured);
  }

  /** Whether at least `count` captured bytes are left. */
  has(count: number): boolean {
    return this.end - this.at >= count;
  }
}
