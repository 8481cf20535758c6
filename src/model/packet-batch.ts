// What the capture hands to the engine: many packets in one buffer, and where each lies. Nothing is copied.
import type { Bytes } from '../base/bytes.ts';

/** Where packets were taken: one interface of one capture file, or of one live capture. */
export interface CapturePoint {
  /** Data link type of the pcap registry (1 Ethernet, 101 raw IP, 113 Linux cooked v1, 276 v2, 239 NFLOG, …). */
  readonly linkType: number;
  /** File name (or `-`) that the packets came from, as the person typed it. */
  readonly source: string;
  /** Interface name where the format carries one (pcapng if_name), else ''. */
  readonly interfaceName: string;
  /** Snap length in bytes; 0 when unlimited or unknown. */
  readonly snapLength: number;
}

/**
 * Packets in arrival order. The arrays belong to the source and are overwritten by the next batch.
 * Entry `i` is the bytes `[starts[i], starts[i] + captured[i])` of `bytes`.
 */
export interface PacketBatch {
  readonly bytes: Bytes;
  readonly count: number;
  /** Microseconds since the epoch (`EpochMicros`), truncated from finer resolutions as libpcap does. */
  readonly times: Float64Array;
  readonly starts: Uint32Array;
  /** Bytes in the buffer. */
  readonly captured: Uint32Array;
  /** Bytes on the wire; larger than captured when the snap length cut the packet. */
  readonly wire: Uint32Array;
  /** Index into the source's `points`. */
  readonly points: Uint16Array;
  /** 1-based packet number in its own file, as Wireshark counts. */
  readonly numbers: Float64Array;
}
