// Finding the next record in a damaged pcap file: records carry no marker, so headers that follow one another are the mark.
import type { ByteWindow } from './byte-window.ts';
import { isJoinedPcap, mayStartPcap, type PcapLayout, pcapHeaderBytes } from './pcap-header.ts';
import { PcapRecord } from './pcap-record.ts';

/** Headers in a row that make a find certain: fewer when the time fits the packets before. */
const chainNearKnownTime = 2;
const chainElsewhere = 4;
const maxChain = 24;
/** Larger than any length that an ordinary record has. */
const maxWire = 1 << 20;

type Answer = 'yes' | 'no' | 'more';

/** Looks for record headers in a window. */
export class PcapSearch {
  /** Unread bytes that are needed to decide about the place where `find` stopped. */
  needed = 0;
  readonly #record: PcapRecord;
  readonly #headerBytes: number;

  constructor(layout: PcapLayout) {
    this.#record = new PcapRecord(layout);
    this.#headerBytes = layout.recordHeaderBytes;
  }

  /**
   * Moves `window.start` to the next record; true when it is certain. False means: all bytes were looked at (the
   * window has ended), or `needed` bytes must be there to go on.
   */
  find(window: ByteWindow, lastTime: number): boolean {
    const { view } = window.bytes;
    for (let at = window.start; at + this.#headerBytes <= window.end; at++) {
      if (!this.#isWorthALook(view, at)) continue;
      const answer = this.#isFileHeader(window, at) ? 'yes' : this.#startsChain(view, at, window, lastTime);
      if (answer === 'no') continue;
      window.start = at;
      return answer === 'yes';
    }
    window.start = window.ended ? window.end : Math.max(window.start, window.end - this.#headerBytes + 1);
    this.needed = this.#headerBytes;
    return false;
  }

  /** Most places are none: the captured length and the first byte of a file header tell soon. */
  #isWorthALook(view: DataView, at: number): boolean {
    const { littleEndian, lengths } = this.#record.layout;
    const first = view.getUint32(at + 8, littleEndian);
    const second = view.getUint32(at + 12, littleEndian);
    const ordered = lengths === 'captured-first' ? first <= second : true;
    return (ordered && first !== 0 && first <= maxWire && second <= maxWire) || mayStartPcap(view.getUint8(at));
  }

  /**
   * A record whose length is wrong swallows its successors. Looks among the bytes it claims, `[from, to)`, for a record
   * from which headers lead past `to`. Returns its position or -1.
   */
  findSwallowed(window: ByteWindow, from: number, to: number, lastTime: number): number {
    for (let at = from; at < to; at++) {
      if (this.#isFileHeader(window, at) || this.#leadsPast(window, at, to, lastTime)) return at;
    }
    return -1;
  }

  /** A whole capture was joined on behind a record that was cut short. */
  #isFileHeader(window: ByteWindow, at: number): boolean {
    return at + pcapHeaderBytes <= window.end && isJoinedPcap(window.bytes.view, at);
  }

  #startsChain(view: DataView, first: number, window: ByteWindow, lastTime: number): Answer {
    const record = this.#record;
    record.read(view, first);
    if (!record.isOrdinary(-1) || record.time === 0) return 'no';
    const time = record.time;
    const wanted = lastTime >= 0 && record.isNear(lastTime) ? chainNearKnownTime : chainElsewhere;
    let at = first;
    for (let links = 1; links < wanted; links++) {
      at += this.#headerBytes + record.stored;
      if (window.ended && at === window.end) return 'yes';
      if (at + this.#headerBytes > window.end) {
        this.needed = at + this.#headerBytes - first;
        return window.ended ? 'no' : 'more';
      }
      record.read(view, at);
      if (!record.isOrdinary(time)) return 'no';
    }
    return 'yes';
  }

  #leadsPast(window: ByteWindow, first: number, to: number, lastTime: number): boolean {
    const record = this.#record;
    let at = first;
    for (let links = 0; links < maxChain && at + this.#headerBytes <= window.end; links++) {
      record.read(window.bytes.view, at);
      if (!record.isOrdinary(lastTime)) return false;
      if (at > to) return true;
      at += this.#headerBytes + record.stored;
    }
    return window.ended && at === window.end && at > to;
  }
}
