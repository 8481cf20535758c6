// One large pcap out of many small captures: copy after copy, each with addresses of its own and later than the one before.
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Piece, PieceFrame } from './capture-pieces.ts';
import { rewriteAddresses } from './rewrite-addresses.ts';

export interface CaptureSize {
  readonly packets: number;
  readonly bytes: number;
}

const chunkBytes = 1 << 22;
const recordHeaderBytes = 16;
const headerBytes = 24;
/** 2026-01-01T00:00:00Z in microseconds. */
const firstAt = 1_767_225_600_000_000;
/** Between two captures, so that the state of one has time to go. */
const pauseMicros = 1_000_000;
/** A capture that ran for days is a few packets an hour: longer silences are shortened to this. */
const longestSilenceMicros = 60_000_000;

class PcapWriter {
  packets = 0;
  bytes = 0;
  readonly #descriptor: number;
  readonly #chunk = Buffer.alloc(chunkBytes);
  #used = 0;

  constructor(path: string) {
    this.#descriptor = openSync(path, 'w');
    const header = this.#chunk;
    header.writeUInt32LE(0xa1b2c3d4, 0);
    header.writeUInt16LE(2, 4);
    header.writeUInt16LE(4, 6);
    header.writeUInt32LE(262144, 16);
    header.writeUInt32LE(1, 20);
    this.#used = headerBytes;
  }

  /** Writes a frame and gives its bytes in the buffer, which may be changed until the next call. */
  add(time: number, frame: PieceFrame): Uint8Array {
    const { bytes } = frame;
    if (this.#used + recordHeaderBytes + bytes.length > chunkBytes) this.#flush();
    const at = this.#used;
    const chunk = this.#chunk;
    chunk.writeUInt32LE(Math.floor(time / 1e6), at);
    chunk.writeUInt32LE(time % 1e6, at + 4);
    chunk.writeUInt32LE(bytes.length, at + 8);
    chunk.writeUInt32LE(frame.wire, at + 12);
    chunk.set(bytes, at + recordHeaderBytes);
    this.#used = at + recordHeaderBytes + bytes.length;
    this.packets++;
    return chunk.subarray(at + recordHeaderBytes, this.#used);
  }

  get written(): number {
    return this.bytes + this.#used;
  }

  close(): void {
    this.#flush();
    closeSync(this.#descriptor);
  }

  #flush(): void {
    for (let done = 0; done < this.#used; ) done += writeSync(this.#descriptor, this.#chunk, done, this.#used - done);
    this.bytes += this.#used;
    this.#used = 0;
  }
}

/** Writes whole copies until the size is reached (either number), at least one. @returns what was written */
export function buildCapture(path: string, pieces: readonly Piece[], size: CaptureSize): CaptureSize & { readonly copies: number } {
  const writer = new PcapWriter(path);
  let at = firstAt;
  let copies = 0;
  try {
    while (copies === 0 || (writer.packets < size.packets && writer.written < size.bytes)) {
      for (const piece of pieces) at = addCopy(writer, piece, copies, at) + pauseMicros;
      copies++;
    }
  } finally {
    writer.close();
  }
  return { packets: writer.packets, bytes: writer.bytes, copies };
}

function addCopy(writer: PcapWriter, piece: Piece, copy: number, start: number): number {
  let at = start;
  let before = 0;
  for (const frame of piece.frames) {
    at += Math.min(frame.after - before, longestSilenceMicros);
    before = frame.after;
    rewriteAddresses(writer.add(at, frame), copy);
  }
  return at;
}
