// Port: where packets are written to. Adapter: pcap-file/.

/** One interface of the file. */
export interface WrittenInterface {
  /** Link type of the pcap registry. */
  readonly linkType: number;
  /** Bytes; 0 when unlimited. */
  readonly snapLength: number;
  readonly name?: string;
  readonly description?: string;
}

/** Where a packet lies and what is known of it. */
export interface WrittenPacket {
  /** Number that `addInterface` gave. */
  readonly interfaceIndex: number;
  /** Microseconds since the epoch. */
  readonly time: number;
  /** The packet is `bytes[start, start + captured)`. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly captured: number;
  readonly wire: number;
  readonly comments?: readonly string[];
}

export interface PacketWriter {
  /** Packets written so far. */
  readonly packets: number;
  addInterface(info: WrittenInterface): number;
  /** Bytes are copied before the call returns. @throws {VedetteError} `output-unwritable` */
  write(packet: WrittenPacket): Promise<void>;
  /** Finishes the file and gives it its name. @throws {VedetteError} `output-unwritable` */
  close(): Promise<void>;
  /** Gives up: nothing stays behind. */
  abandon(): Promise<void>;
}
