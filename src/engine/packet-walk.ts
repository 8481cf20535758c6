// Packets of a capture through the decoder alone: no connections, no records. For jobs that look packets up again.
import type { CapturePoint, PacketBatch } from '../model/packet-batch.ts';
import type { CarrierFlow } from './wire/carrier.ts';
import { Decoder } from './wire/decoder.ts';
import type { Packet } from './wire/packet.ts';

const udp = 17;
/** UDP ports of tunnels besides the configurable ones: GTP, Teredo, AYIYA. */
const fixedPorts = [2152, 2123, 3544, 5072] as const;

export interface PacketWalkOptions {
  /** UDP ports of VXLAN. Default 4789. */
  readonly vxlanPorts?: readonly number[];
  /** UDP ports of Geneve. Default 6081. */
  readonly genevePorts?: readonly number[];
}

/** A datagram that may be a tunnel, judged alone: the end whose port is a tunnel's is taken for the server. */
class LoneDatagram implements CarrierFlow {
  readonly uid = '';
  readonly transport = 'udp';
  serverPort = 0;
  carrierState = 0;
  readonly #ports: ReadonlySet<number>;

  constructor(ports: ReadonlySet<number>) {
    this.#ports = ports;
  }

  of(packet: Packet): LoneDatagram | null {
    if (packet.protocol !== udp || packet.fragment || packet.end < packet.l4Start + 8) return null;
    const { view } = packet.bytes;
    const source = view.getUint16(packet.l4Start);
    const target = view.getUint16(packet.l4Start + 2);
    this.serverPort = !this.#ports.has(target) && this.#ports.has(source) ? source : target;
    this.carrierState = 0;
    return this;
  }

  confirm(): void {}
  reject(): void {}
  weird(): void {}
}

/** Hands out every IP packet of every frame, tunnels followed; copies of mirrored packets once. */
export class PacketWalk {
  readonly #decoder: Decoder;
  readonly #datagram: LoneDatagram;
  /** Whether a frame of a capture point was decoded, by its index. */
  readonly #knownPoints: boolean[] = [];

  constructor(options: PacketWalkOptions = {}) {
    const { vxlanPorts = [4789], genevePorts = [6081] } = options;
    this.#decoder = new Decoder({ events: { weird: () => {} }, vxlanPorts, genevePorts });
    this.#datagram = new LoneDatagram(new Set([...fixedPorts, ...vxlanPorts, ...genevePorts]));
  }

  /**
   * Calls `take` with each packet and the index of its frame in the batch; the packet is valid during the call.
   * @param isNear asked for the time of each frame, when given: the others are passed over without being decoded, but for the first
   * one of each capture point, by which the decoder knows how many there are
   */
  onBatch(
    batch: PacketBatch,
    points: readonly CapturePoint[],
    take: (packet: Packet, index: number) => void,
    isNear?: (at: number) => boolean,
  ): void {
    const decoder = this.#decoder;
    for (let i = 0; i < batch.count; i++) {
      const index = batch.points[i] ?? 0;
      if (isNear !== undefined && this.#knownPoints[index] === true && !isNear(batch.times[i] ?? 0)) continue;
      const point = points[index];
      if (point === undefined) continue;
      this.#knownPoints[index] = true;
      for (let more = decoder.decode(batch, i, point); more; more = decoder.next(this.#datagram.of(decoder.packet), true)) {
        take(decoder.packet, i);
      }
    }
  }

  /** Network context of a packet, as in the `context` column; it may be known only later in the capture. */
  contextOf(packet: Packet): string | undefined {
    return this.#decoder.contexts.text(packet.context);
  }
}
