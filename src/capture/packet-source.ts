// Port: where packets come from. Adapters: pcap-file/ (files, standard input), later tcpdump/ and receivers.
import type { CapturePoint, PacketBatch } from '../model/packet-batch.ts';

/** What was wrong with a capture; analysis went on before and after it. */
export interface CaptureDamage {
  readonly source: string;
  /** Stable code: `truncated-tail`, `corrupt-block`, `unknown-link-type`, `undecodable-compression`, … */
  readonly code: string;
  /** Byte offset in the (decompressed) stream. */
  readonly offset: number;
  /** Bytes that had to be skipped; 0 when unknown. */
  readonly skippedBytes: number;
  readonly message: string;
}

/** Counters of one capture file or live capture. */
export interface CaptureSummary {
  readonly source: string;
  readonly format: 'pcap' | 'pcapng';
  readonly compression: 'none' | 'gzip' | 'zstd' | 'lz4';
  /** Bytes read from outside (compressed where the file is). */
  readonly bytes: number;
  readonly packets: number;
  /** Packets shorter in the capture than on the wire. */
  readonly truncatedPackets: number;
  /** What the capturing program said it lost (pcapng isb_ifdrop, isb_osdrop); absent when it said nothing. */
  readonly reportedDrops?: number;
  /** Comments that people or programs left in the file (pcapng opt_comment); absent when there are none. */
  readonly comments?: number;
  /** SHA-256 of the file as it lies on disk, hexadecimal; absent for standard input that was not read to its end. */
  readonly sha256?: string;
  readonly damages: readonly CaptureDamage[];
}

/**
 * A stream of packet batches. Points are append-only: an index in a batch stays valid for good.
 * `next` resolves to null at the end. A damaged file is not an error: see `summaries`.
 * @throws {VedetteError} `capture-unreadable` and its kin when nothing can be read at all.
 */
export interface PacketSource {
  readonly points: readonly CapturePoint[];
  next(): Promise<PacketBatch | null>;
  /** Complete after `next` gave null; a snapshot before. One entry a file. */
  summaries(): readonly CaptureSummary[];
  close(): Promise<void>;
}
