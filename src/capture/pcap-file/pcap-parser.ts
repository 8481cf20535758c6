// Classic pcap, record by record. draft-ietf-opsawg-pcap; libpcap's habits where files break it.
import type { BatchBuffer } from './batch-buffer.ts';
import type { ByteWindow } from './byte-window.ts';
import type { CaptureParser, ParserContext } from './capture-parser.ts';
import { isJoinedPcap, type PcapLayout, pcapHeaderBytes, readPcapHeader } from './pcap-header.ts';
import { PcapRecord } from './pcap-record.ts';
import { PcapSearch } from './pcap-search.ts';

type Stop = 'full' | 'starved' | 'lost' | 'joined';

/** Damages of one file after which a record's own bytes are not searched again: the work stays linear in hostile files. */
const maxRewinds = 1000;

/** Parser of the records behind a pcap file header. */
export class PcapParser implements CaptureParser {
  readonly format = 'pcap';
  needed: number;
  packets = 0;
  truncatedPackets = 0;
  readonly reportedDrops = undefined;
  readonly comments = 0;

  readonly #context: ParserContext;
  #record: PcapRecord;
  #search: PcapSearch;
  #headerBytes: number;
  #snapLength = 0;
  #point = 0;
  #lastTime = -1;
  /** Stream offset where the order of records was lost; negative while it holds. */
  #lostAt = -1;
  #lostInTail = false;

  constructor(layout: PcapLayout, context: ParserContext) {
    this.#context = context;
    this.#record = new PcapRecord(layout);
    this.#search = new PcapSearch(layout);
    this.#headerBytes = layout.recordHeaderBytes;
    this.needed = this.#headerBytes;
    this.#use(layout);
  }

  /** Goes by a file header: the one at the start, or one of a capture that was joined on. */
  #use(layout: PcapLayout): void {
    const { linkType, snapLength } = layout;
    this.#record = new PcapRecord(layout);
    this.#search = new PcapSearch(layout);
    this.#headerBytes = layout.recordHeaderBytes;
    this.#snapLength = snapLength === 0 ? 0x7fffffff : snapLength;
    this.#point = Math.max(0, this.#context.points.add({ linkType, snapLength, source: this.#context.source, interfaceName: '' }));
  }

  parse(window: ByteWindow, out: BatchBuffer): void {
    for (;;) {
      if (this.#lostAt >= 0 && !this.#find(window)) return;
      const stop = this.#takeRecords(window, out);
      if (stop === 'full') return;
      if (stop === 'lost') this.#lose(window, out);
      else if (stop === 'joined') this.#join(window);
      else if (!window.ended || window.start === window.end) return;
      else this.#loseTail(window);
    }
  }

  /** Reads records until something ends it. The hot loop: no calls but the record's and the batch's. */
  #takeRecords(window: ByteWindow, out: BatchBuffer): Stop {
    const { view } = window.bytes;
    const record = this.#record;
    const headerBytes = this.#headerBytes;
    const { end } = window;
    let at = window.start;
    let stop: Stop = 'full';
    while (out.count < out.capacity) {
      this.needed = headerBytes;
      if (end - at < headerBytes) {
        stop = 'starved';
        break;
      }
      record.read(view, at);
      if (!record.isOrdinary(this.#lastTime)) {
        const trust = this.#trust(window, at);
        if (trust !== 'trusted') {
          stop = trust;
          break;
        }
      }
      const next = at + headerBytes + record.stored;
      if (next > end) {
        this.needed = headerBytes + record.stored;
        stop = 'starved';
        break;
      }
      this.#deliver(out, at + headerBytes);
      at = next;
    }
    window.start = at;
    return stop;
  }

  #deliver(out: BatchBuffer, start: number): void {
    const { time, stored, wire } = this.#record;
    const captured = Math.min(stored, this.#snapLength);
    if (captured < wire) this.truncatedPackets++;
    this.#lastTime = time;
    out.add(time, start, captured, wire, this.#point, ++this.packets);
  }

  /** An odd header is believed when the one behind it can be followed, too. Leaves the odd one in `#record`. */
  #trust(window: ByteWindow, at: number): 'trusted' | 'joined' | 'lost' | 'starved' {
    const record = this.#record;
    const { view } = window.bytes;
    if (at + pcapHeaderBytes <= window.end && isJoinedPcap(view, at)) return 'joined';
    if (!record.isPossible()) return 'lost';
    const next = at + this.#headerBytes + record.stored;
    if (next + this.#headerBytes > window.end) {
      this.needed = next + this.#headerBytes - at;
      return window.ended ? 'trusted' : 'starved';
    }
    record.read(view, next);
    const possible = record.isPossible() || isJoinedPcap(view, next);
    record.read(view, at);
    return possible ? 'trusted' : 'lost';
  }

  #join(window: ByteWindow): void {
    const layout = readPcapHeader(window.bytes.view, window.start);
    window.start += pcapHeaderBytes;
    if (layout !== undefined) this.#use(layout);
  }

  /** The header at `window.start` is none. Perhaps the record before it lied about its length. */
  #lose(window: ByteWindow, out: BatchBuffer): void {
    const last = out.count - 1;
    const start = out.starts[last] ?? 0;
    if (last >= 0 && this.#context.damages.count < maxRewinds) {
      const swallowed = this.#search.findSwallowed(window, start, window.start, this.#lastTime);
      if (swallowed >= 0) {
        this.#shorten(out, last, swallowed - start);
        this.#context.damages.add('corrupt-record', window.offsetOf(start), 0, 'a record claimed the bytes of the records behind it');
        window.start = swallowed;
        return;
      }
    }
    this.#lostAt = window.offsetOf(window.start);
    this.#lostInTail = false;
    window.start++;
  }

  #shorten(out: BatchBuffer, index: number, captured: number): void {
    const before = out.captured[index] ?? 0;
    const wire = out.wire[index] ?? 0;
    if (captured >= before) return;
    if (before >= wire && captured < wire) this.truncatedPackets++;
    out.captured[index] = captured;
  }

  /** The file ends inside a record; or the record's length is wrong and more records are behind its header. */
  #loseTail(window: ByteWindow): void {
    this.#lostAt = window.offsetOf(window.start);
    this.#lostInTail = true;
    window.start++;
  }

  /** Goes on with a search; true when the order of records is found again. */
  #find(window: ByteWindow): boolean {
    const found = this.#search.find(window, this.#lastTime);
    this.needed = this.#search.needed;
    if (!found && !(window.ended && window.start === window.end)) return false;
    const skipped = window.offsetOf(window.start) - this.#lostAt;
    if (found || !this.#lostInTail) this.#context.damages.add('corrupt-record', this.#lostAt, skipped, 'no record header where one is due');
    else this.#context.damages.add('truncated-tail', this.#lostAt, skipped, 'the file ends inside a record');
    this.#lostAt = -1;
    return found;
  }
}
