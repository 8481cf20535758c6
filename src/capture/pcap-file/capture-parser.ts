// What a capture format is to the reader: bytes in a window become packets of a batch. No I/O here.
import type { BatchBuffer } from './batch-buffer.ts';
import type { ByteWindow } from './byte-window.ts';
import type { DamageLog } from './damage-log.ts';
import type { PointRegistry } from './point-registry.ts';

/** Where a parser puts what is not a packet. */
export interface ParserContext {
  /** The file as the person typed it, or `-`. */
  readonly source: string;
  readonly points: PointRegistry;
  readonly damages: DamageLog;
}

/** An incremental parser of one capture file. */
export interface CaptureParser {
  readonly format: 'pcap' | 'pcapng';
  /** Unread bytes that must be in the window before the next call can get further. */
  readonly needed: number;
  /** Packets delivered so far. */
  readonly packets: number;
  /** Packets shorter in the capture than on the wire. */
  readonly truncatedPackets: number;
  /** What the capturing program said it lost; undefined when it said nothing. */
  readonly reportedDrops: number | undefined;
  /** Comments on packets, interfaces and sections. */
  readonly comments: number;
  /**
   * Takes records from the window until the batch is full or a whole record is not there. When the window has ended,
   * every byte is taken and what is not a record is damage. Never throws, whatever the bytes.
   */
  parse(window: ByteWindow, out: BatchBuffer): void;
}

/** No record, and no block, may claim more than this; a larger claim is damage. */
export const maxBlockBytes = 16 * 1024 * 1024;

/** libpcap's MAXIMUM_SNAPLEN: no usual link carries a larger packet. */
export const maxPacketBytes = 262144;
