// Packets of several link types as one pcapng file.
import { joinBytes } from '../build/pcap.ts';
import { TestBlocks } from '../build/pcapng.ts';
import type { RunPacket } from './mutate-packets.ts';

/** The packets with an interface for each link type, in their order. */
export function saveRun(packets: readonly RunPacket[]): Uint8Array {
  const blocks = new TestBlocks();
  const linkTypes = [...new Set(packets.map((packet) => packet.linkType))];
  return joinBytes(
    blocks.section(),
    ...linkTypes.map((linkType) => blocks.interface({ linkType })),
    ...packets.map((packet) =>
      blocks.packet({ ...packet, time: Math.max(0, packet.time) }, { interfaceIndex: linkTypes.indexOf(packet.linkType) }),
    ),
  );
}
