// The TCP connections of a capture as another path could have carried them: cut elsewhere, out of order, partly twice.
import type { Random } from '../fuzz/random.ts';
import type { Taken } from './frames.ts';
import { withChecksums } from './segments.ts';

type Frame = Required<Taken>;

/** Where things are in an Ethernet frame with IPv4 and TCP. */
interface TcpFrame {
  readonly from: string;
  readonly connection: string;
  readonly l4: number;
  readonly payload: number;
  readonly end: number;
  readonly flags: number;
}

const finOrPush = 0x09;
const synOrReset = 0x06;
const ethernetBytes = 14;

/** Undefined for anything else, for fragments, and for frames that were cut. */
function readTcp({ frame }: Frame): TcpFrame | undefined {
  if (frame.length < 54 || frame[12] !== 8 || frame[13] !== 0 || frame[23] !== 6) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const end = ethernetBytes + view.getUint16(16);
  if ((view.getUint16(20) & 0x3fff) !== 0 || end > frame.length) return undefined;
  const l4 = ethernetBytes + ((frame[14] ?? 0) & 15) * 4;
  const from = `${view.getUint32(26)}:${view.getUint16(l4)}`;
  const to = `${view.getUint32(30)}:${view.getUint16(l4 + 2)}`;
  const connection = [from, to].sort().join('-');
  return { from, connection, l4, payload: l4 + ((frame[l4 + 12] ?? 0) >> 4) * 4, end, flags: frame[l4 + 13] ?? 0 };
}

/** Payload `[start, end)` of a frame as a packet of its own. FIN and PSH belong to its last byte. */
function piece(frame: Frame, read: TcpFrame, start: number, end: number, id: number): Frame {
  const header = frame.frame.subarray(0, read.payload);
  const bytes = new Uint8Array(header.length + end - start);
  bytes.set(header);
  bytes.set(frame.frame.subarray(read.payload + start, read.payload + end), header.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(16, bytes.length - ethernetBytes);
  view.setUint16(18, id);
  view.setUint32(read.l4 + 4, (view.getUint32(read.l4 + 4) + start) >>> 0);
  if (read.payload + end < read.end) bytes[read.l4 + 13] = read.flags & ~finOrPush;
  return { ...frame, frame: withChecksums(bytes), wire: bytes.length };
}

/** Cuts a packet's payload, and sends parts of it once more, not always with the same bounds. */
function pieces(frame: Frame, read: TcpFrame, random: Random): Frame[] {
  const count = read.end - read.payload;
  if (count === 0) return [frame];
  const cut: Frame[] = [];
  const most = random.pick([1, 3, 20, 200, 3000]);
  for (let start = 0; start < count; ) {
    const end = Math.min(count, start + Math.max(1 + random.below(most), Math.ceil(count / 200)));
    cut.push(piece(frame, read, start, end, random.below(0x10000)));
    start = end;
  }
  while (random.chance(0.4)) {
    const start = random.below(count);
    cut.push(piece(frame, read, start, start + 1 + random.below(count - start), random.below(0x10000)));
  }
  return cut;
}

/** Moves packets by a few places, as parallel paths do; nothing overtakes more than `reach` others. */
function reorder(frames: readonly Frame[], random: Random, reach = 6): Frame[] {
  const keyed = frames.map((frame, i) => ({ frame, key: i + (random.chance(0.3) ? random.below(reach) : 0) }));
  return keyed.sort((a, b) => a.key - b.key).map(({ frame }) => frame);
}

/**
 * Re-segments every connection. Only packets of one side that follow each other without a word from the other side are
 * moved: what an acknowledgement follows has been seen. Times do not go back; other packets stay as they are.
 */
export function resegment(frames: readonly Frame[], random: Random): Frame[] {
  const sent: Frame[] = [];
  /** What each connection's last speaker has said since the other was heard. */
  const pending = new Map<string, { from: string; frames: Frame[] }>();
  const flush = (connection: string, at: number): void => {
    const { frames: held = [] } = pending.get(connection) ?? {};
    pending.delete(connection);
    for (const frame of reorder(held, random)) sent.push({ ...frame, at });
  };
  for (const frame of frames) {
    const read = readTcp(frame);
    if (read === undefined) {
      sent.push(frame);
      continue;
    }
    const before = pending.get(read.connection);
    if (before !== undefined && before.from !== read.from) flush(read.connection, frame.at);
    if ((read.flags & synOrReset) !== 0) {
      flush(read.connection, frame.at);
      sent.push(frame);
      continue;
    }
    const held = pending.get(read.connection) ?? { from: read.from, frames: [] };
    held.frames.push(...pieces(frame, read, random));
    pending.set(read.connection, held);
  }
  const end = frames.at(-1)?.at ?? 0;
  for (const connection of [...pending.keys()]) flush(connection, end);
  return sent;
}
