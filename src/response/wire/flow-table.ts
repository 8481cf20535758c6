// Packets of a machine at its capture points, as flows, and which of them must not be once it is contained.
import type { SeenPacket } from './parse-tcpdump.ts';
import type { WireFlow, WirePoint } from './wire-report.ts';

/** What of the traffic containment ends. */
export interface Forbidden {
  /** Also what comes in; else only what the machine sends of its own accord. */
  readonly inbound: boolean;
  /** Ends that may still talk to it. */
  readonly isInvestigator: (address: string) => boolean;
}

interface Flow {
  readonly side: WirePoint['side'];
  readonly protocol: string;
  readonly machine: string;
  readonly peer: string;
  readonly peerAddress: string;
  readonly openedByMachine: boolean;
  fromVm: number;
  toVm: number;
  /** Milliseconds since the epoch: of the last packet that must not be, and of the last of all. */
  lastForbiddenMs: number;
  lastMs: number;
}

/** Flows that are remembered; a scan makes more, and packets of those beyond are counted without their flow. */
const mostFlows = 2000;

const endText = ({ address, port }: SeenPacket['from']): string => (port === undefined ? address : `${address}:${port}`);

/** Counts what passes. Bounded. */
export class FlowTable {
  /** Flows that were not remembered. */
  dropped = 0;
  readonly #addresses: ReadonlySet<string>;
  readonly #forbidden: Forbidden;
  readonly #flows = new Map<string, Flow>();
  /** Times of packets that must not be; only what is asked for is kept: the first, the last and how many per phase. */
  #lastForbiddenMs = 0;
  #changedMs = Number.POSITIVE_INFINITY;
  #before = 0;
  #after = 0;

  /** @param addresses of the machine */
  constructor(addresses: readonly string[], forbidden: Forbidden) {
    this.#addresses = new Set(addresses);
    this.#forbidden = forbidden;
  }

  /** From now on packets count as after the change. */
  changeAt(atMs: number): void {
    this.#changedMs = atMs;
  }

  /** Of the last packet that must not be, in milliseconds since the epoch; 0 when there was none. */
  get lastForbiddenMs(): number {
    return this.#lastForbiddenMs;
  }

  get packetsBefore(): number {
    return this.#before;
  }

  get packetsAfter(): number {
    return this.#after;
  }

  add(packet: SeenPacket, side: WirePoint['side']): void {
    const isFromVm = this.#addresses.has(packet.from.address);
    if (!isFromVm && !this.#addresses.has(packet.to.address)) return;
    const flow = this.#flowOf(packet, side, isFromVm);
    if (flow === undefined) return;
    if (isFromVm) flow.fromVm += 1;
    else flow.toVm += 1;
    flow.lastMs = packet.atMs;
    if (this.#mayPass(flow, isFromVm)) return;
    flow.lastForbiddenMs = packet.atMs;
    this.#lastForbiddenMs = Math.max(this.#lastForbiddenMs, packet.atMs);
    if (packet.atMs < this.#changedMs) this.#before += 1;
    else this.#after += 1;
  }

  /** Flows with packets that must not be, at this time or later; those whose last came last first. */
  survivors(sinceMs: number): readonly WireFlow[] {
    return [...this.#flows.values()]
      .filter(({ lastForbiddenMs }) => lastForbiddenMs >= sinceMs)
      .toSorted((a, b) => b.lastForbiddenMs - a.lastForbiddenMs)
      .slice(0, 20)
      .map(({ protocol, machine, peer, openedByMachine, fromVm, toVm, lastMs }) => ({
        ...{ protocol, machine, peer, openedByMachine, fromVm, toVm, lastAt: new Date(lastMs).toISOString() },
      }));
  }

  /**
   * Before the firewall the machine may try what it likes; what is delivered to it shows what passed. Behind the firewall it is the
   * other way round: the world may go on sending, and what the machine sends shows what passed.
   */
  #mayPass({ side, openedByMachine, peerAddress }: Flow, isFromVm: boolean): boolean {
    if ((side === 'router') !== isFromVm || this.#forbidden.isInvestigator(peerAddress)) return true;
    return !this.#forbidden.inbound && !openedByMachine;
  }

  #flowOf({ protocol, from, to, opens }: SeenPacket, side: WirePoint['side'], isFromVm: boolean): Flow | undefined {
    const [machine, peer] = isFromVm ? [from, to] : [to, from];
    const key = `${side} ${protocol} ${endText(machine)} ${endText(peer)}`;
    const known = this.#flows.get(key);
    if (known !== undefined) return known;
    if (this.#flows.size >= mostFlows) {
      this.dropped += 1;
      return undefined;
    }
    // In the middle of a connection nothing says who began; the end with the higher port mostly did.
    const higher = (machine.port ?? 0) > (peer.port ?? 0);
    const openedByMachine = opens || protocol === 'icmp' ? isFromVm : protocol === 'tcp' ? higher : isFromVm && higher;
    const counters = { fromVm: 0, toVm: 0, lastForbiddenMs: 0, lastMs: 0 };
    const flow = {
      side,
      protocol,
      machine: endText(machine),
      peer: endText(peer),
      peerAddress: peer.address,
      openedByMachine,
      ...counters,
    };
    this.#flows.set(key, flow);
    return flow;
  }
}
