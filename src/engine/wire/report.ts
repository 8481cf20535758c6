// What the decoder tells besides packets: counters, and oddities under Zeek's names.
import type { Packet } from './packet.ts';

/** Told of malformed or odd headers. */
export interface WireEvents {
  /**
   * A `weird` without a connection. `source` is Zeek's name of the analyzer, undefined where Zeek names none.
   * `addressed`: the packet's addresses are set and belong to the row (ports 0); otherwise the row has no `id`.
   */
  weird(name: string, addl: string | undefined, source: string | undefined, packet: Packet, addressed: boolean): void;
}

/** Frames by what became of them; every frame that gives no packet is in one of them. */
export interface WireCounters {
  frames: number;
  /** IP packets handed out, inner ones included. */
  packets: number;
  /** Frames or inner packets given up because a header was damaged or cut. */
  malformed: number;
  /** Protocols below IP that are known and carry no IP: LLC control, spanning tree, PPP control, Wi-Fi management. */
  otherLink: number;
  unknownLinkType: number;
  unknownEtherType: number;
  /** Packets copied from a mirror that were there already, not handed out. */
  duplicates: number;
  arp: number;
  /** ARP of other networks than Ethernet and IPv4, or of other operations than request and reply. */
  otherArp: number;
  /** Multicast group management, which is no connection. */
  igmp: number;
  fragments: number;
  reassembled: number;
  /** Fragments thrown away unassembled: time, number or memory ran out. */
  fragmentsExpired: number;
  encryptedIp: number;
  tunnelled: number;
  /** Inner packets given up because more than the allowed tunnels lay around them. */
  tunnelsTooDeep: number;
  /** Packets whose network context no longer fitted the registry and was taken for its parent's. */
  contextsFull: number;
}

const wireCounters = (): WireCounters => ({
  frames: 0,
  packets: 0,
  malformed: 0,
  otherLink: 0,
  unknownLinkType: 0,
  unknownEtherType: 0,
  duplicates: 0,
  arp: 0,
  otherArp: 0,
  igmp: 0,
  fragments: 0,
  reassembled: 0,
  fragmentsExpired: 0,
  encryptedIp: 0,
  tunnelled: 0,
  tunnelsTooDeep: 0,
  contextsFull: 0,
});

/** Counts and passes on; the readers know nothing else of the outside. */
export class WireReport {
  readonly counters: WireCounters = wireCounters();
  readonly #packet: Packet;
  readonly #events: WireEvents;
  /** Whether the packet's addresses are those of the header around what is being read. */
  addressed = false;

  constructor(packet: Packet, events: WireEvents) {
    this.#packet = packet;
    this.#events = events;
  }

  /** An oddity that does not stop the decoding. */
  weird(name: string, source?: string, addl?: string): void {
    this.#events.weird(name, addl, source, this.#packet, this.addressed);
  }

  /** The end of a frame that is damaged or cut. @returns `Next.stop` */
  malformed(name: string, source?: string, addl?: string): 0 {
    this.counters.malformed++;
    this.#events.weird(name, addl, source, this.#packet, this.addressed);
    return 0;
  }
}
