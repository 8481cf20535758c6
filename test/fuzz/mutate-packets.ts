// Damages conversations: single packets, and what comes after what.
import { resize, scramble } from './mutate-bytes.ts';
import type { Random } from './random.ts';
import type { Conversation, SeedPacket } from './seeds.ts';

/** One packet of a run. */
export interface RunPacket extends SeedPacket {
  readonly linkType: number;
}

/** Ports of protocols, so that each analyzer sees what is not its own. */
const ports = [
  20, 21, 22, 25, 53, 67, 68, 80, 88, 102, 110, 123, 137, 139, 143, 161, 389, 443, 445, 502, 514, 587, 1080, 1812, 1883,
] as const;
const morePorts = [3306, 3389, 3478, 4789, 5060, 5353, 5355, 5432, 5900, 6081, 6379, 6667, 8080, 2152, 3544, 20000, 47808] as const;
const allPorts = [...ports, ...morePorts];
const linkTypes = [0, 1, 9, 12, 50, 51, 101, 105, 108, 113, 127, 228, 229, 239, 276, 999] as const;
/** Bytes of link, IP and TCP headers in most packets; damage behind them reaches the analyzers. */
const usualHeaders = 54;
const longestPacket = 70_000;

function portsAt(bytes: Uint8Array): number {
  const isIpv4 = bytes[12] === 8 && bytes[13] === 0;
  const isIpv6 = bytes[12] === 0x86 && bytes[13] === 0xdd;
  const at = isIpv4 ? 14 + ((bytes[14] ?? 0) & 15) * 4 : 54;
  return (isIpv4 || isIpv6) && at + 4 <= bytes.length ? at : -1;
}

/** The same port for the whole conversation, on whichever side had the lower one. */
function redirect(bytes: Uint8Array, port: number): void {
  const at = portsAt(bytes);
  if (at < 0) return;
  const source = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  const target = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
  const place = source < target ? at : at + 2;
  bytes[place] = port >> 8;
  bytes[place + 1] = port & 0xff;
}

function mutatePacket(packet: RunPacket, other: Uint8Array, random: Random): RunPacket {
  const from = random.chance(0.75) ? Math.min(usualHeaders, packet.bytes.length >> 1) : 0;
  let bytes: Uint8Array = packet.bytes.slice();
  if (random.chance(0.25)) bytes = resize(bytes, from, other, random).slice(0, longestPacket);
  if (bytes.length > 0 && random.chance(0.9)) scramble(bytes, from, 1 + random.below(4), random);
  const wire = random.chance(0.9) ? Math.max(bytes.length, packet.wire) : bytes.length + random.length(1 << 16);
  return { ...packet, bytes, wire };
}

/** Loss, copies and disorder. */
function disturb(packets: RunPacket[], random: Random): void {
  const at = random.below(packets.length);
  const packet = packets[at];
  if (packet === undefined) return;
  switch (random.below(4)) {
    case 0:
      packets.splice(at, 1);
      break;
    case 1:
      packets.splice(random.below(packets.length), 0, packet);
      break;
    case 2:
      packets.splice(at, 1);
      packets.splice(random.below(packets.length), 0, packet);
      break;
    default:
      packets[at] = { ...packet, time: packet.time + (random.below(2_000_000) - 1_000_000) * 10 ** random.below(5) };
  }
}

function mutateConversation(conversation: Conversation, others: readonly Conversation[], start: number, random: Random): RunPacket[] {
  const first = conversation.packets[0]?.time ?? 0;
  const linkType = random.chance(0.02) ? random.pick(linkTypes) : conversation.linkType;
  const port = random.chance(0.15) ? random.pick(allPorts) : -1;
  const share = random.pick([0, 0.02, 0.1, 0.3, 0.8]);
  const packets = conversation.packets.map((packet) => {
    let mutated: RunPacket = { ...packet, linkType, time: start + packet.time - first };
    if (random.chance(share)) mutated = mutatePacket(mutated, random.pick(random.pick(others).packets).bytes, random);
    if (port >= 0) {
      mutated = { ...mutated, bytes: mutated.bytes.slice() };
      redirect(mutated.bytes, port);
    }
    return mutated;
  });
  const disturbances = random.chance(0.5) ? 0 : random.below(1 + (packets.length >> 3));
  for (let i = 0; i < disturbances; i++) disturb(packets, random);
  return packets;
}

/** Packets of one run: damaged conversations one after the other, each later than the one before by a second to an hour. */
export function mutatedPackets(seeds: readonly Conversation[], count: number, random: Random): RunPacket[] {
  const packets: RunPacket[] = [];
  let at = 1_700_000_000_000_000;
  while (packets.length < count) {
    const more = mutateConversation(random.pick(seeds), seeds, at, random);
    packets.push(...more);
    at = Math.max(at, more.at(-1)?.time ?? at) + 10 ** (6 + random.below(4));
    if (!(at < 4e15)) at = 1_700_000_000_000_000;
  }
  return packets.slice(0, count);
}
