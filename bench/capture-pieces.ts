// The captures that a benchmark is made of, kept in memory as Ethernet frames.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { VedetteError } from '../src/base/errors.ts';
import { openCapture } from '../src/capture/pcap-file/open-capture.ts';
import { ethernetFrame } from './ethernet-frame.ts';

export interface PieceFrame {
  /** Microseconds after the first packet of its capture; never less than that of the frame before. */
  readonly after: number;
  readonly bytes: Uint8Array;
  /** Bytes on the wire. */
  readonly wire: number;
}

/** One capture. */
export interface Piece {
  readonly name: string;
  readonly frames: readonly PieceFrame[];
}

const captureName = /\.(pcap|pcapng|cap|dmp|trace)(\.(gz|zst|lz4))?$/i;

/** Captures below a path, in an order that does not depend on the machine. */
function listCaptures(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => captureName.test(name) && statSync(join(path, name)).isFile())
    .toSorted()
    .map((name) => join(path, name));
}

async function readPiece(path: string): Promise<Piece> {
  const source = await openCapture([path], { digest: false });
  const frames: PieceFrame[] = [];
  let first: number | undefined;
  let after = 0;
  for (let batch = await source.next(); batch !== null; batch = await source.next()) {
    for (let i = 0; i < batch.count; i++) {
      const start = batch.starts[i] ?? 0;
      const captured = batch.captured[i] ?? 0;
      const linkType = source.points[batch.points[i] ?? 0]?.linkType ?? -1;
      const bytes = ethernetFrame(batch.bytes.u8.subarray(start, start + captured), linkType);
      if (bytes === undefined) continue;
      const time = batch.times[i] ?? 0;
      first ??= time;
      after = Math.max(after, time - first);
      frames.push({ after, bytes, wire: Math.max((batch.wire[i] ?? 0) + bytes.length - captured, bytes.length) });
    }
  }
  await source.close();
  return { name: path, frames };
}

/** Reads all captures below the paths; those that are none (test suites have them) are left out. */
export async function readPieces(paths: readonly string[]): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (const path of paths.flatMap(listCaptures)) {
    try {
      const piece = await readPiece(path);
      if (piece.frames.length > 0) pieces.push(piece);
    } catch (error) {
      if (!(error instanceof VedetteError)) throw error;
    }
  }
  return pieces;
}
