// What is damaged: real conversations, cut into pieces small enough that damage meets every part of them.
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openCapture } from '../../src/capture/pcap-file/open-capture.ts';

export interface SeedPacket {
  /** Microseconds since the epoch. */
  readonly time: number;
  readonly bytes: Uint8Array;
  /** Bytes on the wire. */
  readonly wire: number;
}

/** Packets that followed each other in one capture, with one link type. */
export interface Conversation {
  readonly source: string;
  readonly linkType: number;
  readonly packets: readonly SeedPacket[];
}

const piecePackets = 200;
/** A capture of many packets tells little more than its beginning. */
const mostPackets = 4000;

const captures = '**/*.{pcap,pcapng,cap,trace}{,.gz,.zst,.lz4}';

/** Paths of captures; a directory stands for those below it. */
export function listCaptures(paths: readonly string[]): string[] {
  return paths.flatMap((path) =>
    statSync(path).isDirectory()
      ? globSync(captures, { cwd: path })
          .toSorted()
          .map((name) => join(path, name))
      : [path],
  );
}

async function readConversations(path: string): Promise<Conversation[]> {
  const source = await openCapture([path], { digest: false });
  const pieces: { source: string; linkType: number; packets: SeedPacket[] }[] = [];
  let read = 0;
  for (let batch = await source.next(); batch !== null && read < mostPackets; batch = await source.next()) {
    for (let i = 0; i < batch.count && read < mostPackets; i++, read++) {
      const linkType = source.points[batch.points[i] ?? 0]?.linkType ?? 1;
      let piece = pieces.at(-1);
      if (piece === undefined || piece.linkType !== linkType || piece.packets.length >= piecePackets) {
        piece = { source: path, linkType, packets: [] };
        pieces.push(piece);
      }
      const start = batch.starts[i] ?? 0;
      const bytes = batch.bytes.u8.slice(start, start + (batch.captured[i] ?? 0));
      piece.packets.push({ time: batch.times[i] ?? 0, bytes, wire: batch.wire[i] ?? 0 });
    }
  }
  await source.close();
  return pieces;
}

/** Reads the captures; those that cannot be read at all are left out. The order is that of the paths. */
export async function readSeeds(paths: readonly string[]): Promise<Conversation[]> {
  const seeds: Conversation[] = [];
  for (const path of listCaptures(paths)) seeds.push(...(await readConversations(path).catch(() => [])));
  return seeds;
}
