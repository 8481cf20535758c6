// The packets of findings, from a second reading of the captures that decodes only what lies in the time of a wanted connection.

import type { PacketSource } from '../capture/packet-source.ts';
import { PacketWalk, type PacketWalkOptions } from '../engine/packet-walk.ts';
import type { Packet } from '../engine/wire/packet.ts';
import { packetText, payloadStart } from '../engine/wire/packet-text.ts';
import type { PacketExcerpt } from '../report/investigation.ts';
import { PacketPicker, type WantedConnection } from './packet-picker.ts';
import { TimeSpans } from './time-spans.ts';

/** Packets of one finding, and how many of those may be without payload. */
const maxPackets = 12;
const maxBarePackets = 4;
const maxBytes = 128;
/** Past the last wanted packet, microseconds, reading goes on: captures are not in strict order. */
const disorder = 10e6;
/** Before a wanted connection, microseconds: first fragments of its datagrams, and what tells copies of packets from repetitions. */
const lead = 2e6;

/** What one finding has of packets. */
export interface PacketWant {
  /** Uids of the connections to look in. */
  readonly uids: readonly string[];
  readonly packets: PacketExcerpt[];
  /** Packets without payload that came. */
  bare: number;
}

/** Where packets are looked for. */
export interface PacketPlaces {
  /** Opens the captures again. */
  readonly reopen: () => Promise<PacketSource>;
  readonly walk?: PacketWalkOptions;
  readonly signal?: AbortSignal | undefined;
}

const isFull = ({ packets }: PacketWant): boolean => packets.length >= maxPackets;

/**
 * Fills `wants`. Names of network contexts are learned from all packets, also from those in no wanted time. Where a name decides
 * whether a packet is wanted (two tenants with equal ends at one time), everything is decoded, as in the first reading.
 */
export async function collectPackets(
  wants: readonly PacketWant[],
  connections: ReadonlyMap<string, WantedConnection>,
  places: PacketPlaces,
): Promise<void> {
  if (!wants.some(({ uids }) => uids.some((uid) => connections.has(uid)))) return;
  if (await new Collection(wants, connections, places).read(true)) return;
  for (const want of wants) {
    want.packets.length = 0;
    want.bare = 0;
  }
  await new Collection(wants, connections, places).read(false);
}

/** One reading. */
class Collection {
  readonly #places: PacketPlaces;
  readonly #wantsOf = new Map<string, PacketWant[]>();
  readonly #wanted: readonly WantedConnection[];
  readonly #walk: PacketWalk;
  readonly #picker: PacketPicker;
  #open: number;
  #spans: TimeSpans;

  constructor(wants: readonly PacketWant[], connections: ReadonlyMap<string, WantedConnection>, places: PacketPlaces) {
    this.#places = places;
    for (const want of wants) {
      for (const uid of want.uids) this.#wantsOf.set(uid, [...(this.#wantsOf.get(uid) ?? []), want]);
    }
    this.#wanted = [...this.#wantsOf.keys()].map((uid) => connections.get(uid)).filter((one) => one !== undefined);
    const walk = new PacketWalk(places.walk);
    this.#walk = walk;
    this.#picker = new PacketPicker(this.#wanted, (packet) => walk.contextOf(packet));
    this.#open = wants.length;
    this.#spans = this.#openSpans();
  }

  /** @returns false when it was given up, since passing over packets may have changed what was found */
  async read(isQuick: boolean): Promise<boolean> {
    const { reopen, signal } = this.#places;
    const source = await reopen();
    const isNear = isQuick ? (at: number): boolean => this.#spans.covers(at) : undefined;
    const picker = this.#picker;
    try {
      for (let batch = await source.next(); batch !== null && this.#open > 0 && signal?.aborted !== true; batch = await source.next()) {
        this.#walk.onBatch(batch, source.points, (packet) => this.#take(packet, source), isNear);
        if (isQuick && picker.unsure > 0) return false;
        if ((batch.times[0] ?? 0) > this.#spans.end + disorder) break;
      }
      return true;
    } finally {
      await source.close();
    }
  }

  /** Times of connections that somebody still wants packets of. */
  #openSpans(): TimeSpans {
    const open = this.#wanted.filter(({ uid }) => this.#wantsOf.get(uid)?.some((want) => !isFull(want)) ?? false);
    return new TimeSpans(open.map(({ from, to }) => ({ from: from - lead, to })));
  }

  #take(packet: Packet, { points }: PacketSource): void {
    const connection = this.#picker.pick(packet);
    if (connection === undefined) return;
    for (const want of this.#wantsOf.get(connection.uid) ?? []) {
      if (!keepPacket(want, packet, points[packet.point]?.source ?? '')) continue;
      this.#open--;
      this.#spans = this.#openSpans();
    }
  }
}

/** @returns whether the finding has all its packets now */
function keepPacket(want: PacketWant, packet: Packet, source: string): boolean {
  if (isFull(want)) return false;
  const start = payloadStart(packet);
  const payloadBytes = Math.max(0, packet.end - start);
  if (payloadBytes === 0 && want.bare++ >= maxBarePackets) return false;
  want.packets.push({
    source,
    number: packet.number,
    at: packet.at,
    summary: packetText(packet),
    bytes: packet.bytes.u8.slice(start, Math.min(packet.end, start + maxBytes)),
    payloadBytes,
  });
  return isFull(want);
}
