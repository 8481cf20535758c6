// What was seen of a machine on the wire, before and after it was contained.

/** Where the wire is looked at: before the cloud's firewall (the machine's own device), or after it (the router). */
export interface WirePoint {
  readonly side: 'machine' | 'router';
  readonly interface: string;
  readonly namespace?: string;
}

/** Packets between two ends, as seen at one point. */
export interface WireFlow {
  readonly protocol: string;
  readonly machine: string;
  readonly peer: string;
  /** Whether the machine opened it, by its first packet or, in the middle of one, by the higher port. */
  readonly openedByMachine: boolean;
  readonly fromVm: number;
  readonly toVm: number;
  /** ISO 8601. */
  readonly lastAt: string;
}

export interface WireReport {
  readonly checked: boolean;
  /** Why it was not checked, or what makes the result weak. */
  readonly remarks: readonly string[];
  readonly points: readonly WirePoint[];
  /** Packets that must not be, before the first call: what there was to stop. */
  readonly packetsBefore: number;
  /** And after the last call. */
  readonly packetsAfter: number;
  /** Of the last packet that must not be, after the first call; ISO 8601. Absent when there was none. */
  readonly lastPacketAt?: string;
  /** The flow of that packet. */
  readonly lastFlow?: WireFlow;
  /** Whether the wire stayed silent for the time that was asked for. */
  readonly silent: boolean;
  /** Flows with packets that must not be in the quiet time at the end. */
  readonly survivors: readonly WireFlow[];
  /** Connections that the router still tracked and that were cut, in conntrack's words; at most 100. */
  readonly cut?: readonly string[];
}
