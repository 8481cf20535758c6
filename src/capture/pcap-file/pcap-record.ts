// One record header of classic pcap: seconds u32, fraction u32, captured length u32, length on the wire u32.
import { maxPacketBytes } from './capture-parser.ts';
import type { PcapLayout } from './pcap-header.ts';

const dayMicros = 86_400e6;

/** Largest captured length that is believed: libpcap's limit, or the file's own larger snap length up to 1 MiB. */
export function maxCapturedOf(layout: PcapLayout): number {
  return Math.max(maxPacketBytes, Math.min(layout.snapLength, 1 << 20));
}

/** A record header, read in place. */
export class PcapRecord {
  /** Microseconds since the epoch. */
  time = 0;
  /** Bytes that follow the header. */
  stored = 0;
  wire = 0;
  #fraction = 0;
  readonly layout: PcapLayout;
  readonly #fractionsPerSecond: number;
  readonly #maxStored: number;

  constructor(layout: PcapLayout) {
    this.layout = layout;
    this.#fractionsPerSecond = layout.nanoseconds ? 1e9 : 1e6;
    this.#maxStored = maxCapturedOf(layout);
  }

  /** Reads the header at `at`; the caller has made sure of its bytes. */
  read(view: DataView, at: number): void {
    const { littleEndian, nanoseconds, lengths } = this.layout;
    this.#fraction = view.getUint32(at + 4, littleEndian);
    this.time = view.getUint32(at, littleEndian) * 1e6 + (nanoseconds ? Math.floor(this.#fraction / 1000) : this.#fraction);
    const first = view.getUint32(at + 8, littleEndian);
    const second = view.getUint32(at + 12, littleEndian);
    const swapped = lengths === 'wire-first' || (lengths === 'smaller-first' && first > second);
    this.stored = swapped ? second : first;
    this.wire = swapped ? first : second;
  }

  /** Nothing is odd about it: its neighbours need not be asked. `lastTime` is negative before the first packet. */
  isOrdinary(lastTime: number): boolean {
    return (
      this.stored <= this.wire &&
      this.stored !== 0 &&
      this.wire <= maxPacketBytes &&
      this.#fraction < this.#fractionsPerSecond &&
      (lastTime < 0 || this.isNear(lastTime))
    );
  }

  /** Its length can be followed, and it is not a hole of zeros in the file. */
  isPossible(): boolean {
    return this.stored <= this.#maxStored && (this.stored !== 0 || this.wire !== 0 || this.time !== 0);
  }

  /** Less than a day from another packet. */
  isNear(time: number): boolean {
    return this.time - time < dayMicros && time - this.time < dayMicros;
  }
}
