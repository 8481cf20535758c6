// What the decoder needs of the flow whose packet may be a tunnel: the flow table's flows implement it.

/** A flow as a possible carrier of other packets. */
export interface CarrierFlow {
  readonly uid: string;
  readonly transport: 'tcp' | 'udp';
  /** Server's port after direction repair: it says which tunnel to try, as in Zeek. */
  readonly serverPort: number;
  /** Kept for the decoder, which alone writes it; 0 in a new flow. */
  carrierState: number;
  /** Adds the tunnel's name (`vxlan`, `geneve`, `gtpv1`, `teredo`, `ayiya`) to conn.service, once, and marks the flow as a carrier. */
  confirm(service: string): void;
  /** Not that tunnel after all. */
  reject(reason: string): void;
  weird(name: string, addl?: string): void;
}

/** Bits of `CarrierFlow.carrierState`. */
export const CarrierBit = { confirmed: 1, violated: 2, validFromClient: 4, validFromServer: 8 } as const;
