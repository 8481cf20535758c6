// The frames of an Initial packet. RFC 9000 §12.4, §19.
import type { Bytes } from '../../../base/bytes.ts';
import { VarintReader } from './long-header.ts';

const Frame = { padding: 0x00, ping: 0x01, ack: 0x02, ackWithCounts: 0x03, crypto: 0x06, connectionClose: 0x1c } as const;

export interface FrameHandler {
  /** CRYPTO data `[start, end)` at `offset` of the stream. */
  onCrypto(offset: number, bytes: Bytes, start: number, end: number): void;
  onConnectionClose(): void;
}

const varint = new VarintReader();

/** Moves over `count` variable-length integers; -1 when they do not fit. */
function skipVarints(bytes: Bytes, at: number, end: number, count: number): number {
  let next = at;
  for (let i = 0; i < count; i++) {
    if (!varint.read(bytes, next, end)) return -1;
    next = varint.next;
  }
  return next;
}

/** ACK: largest, delay, number of ranges, first range, two integers a range, three ECN counts. */
function skipAck(bytes: Bytes, at: number, end: number, hasCounts: boolean): number {
  const ranges = skipVarints(bytes, at, end, 2);
  if (ranges < 0 || !varint.read(bytes, ranges, end) || varint.value > end - varint.next) return -1;
  return skipVarints(bytes, varint.next, end, 1 + 2 * varint.value + (hasCounts ? 3 : 0));
}

function readCrypto(bytes: Bytes, at: number, end: number, handler: FrameHandler): number {
  if (!varint.read(bytes, at, end)) return -1;
  const offset = varint.value;
  if (!varint.read(bytes, varint.next, end) || varint.value > end - varint.next) return -1;
  const start = varint.next;
  const next = start + varint.value;
  handler.onCrypto(offset, bytes, start, next);
  return next;
}

/** CONNECTION_CLOSE: error code, frame type, length and text of the reason. */
function readClose(bytes: Bytes, at: number, end: number, handler: FrameHandler): number {
  const reason = skipVarints(bytes, at, end, 2);
  if (reason < 0 || !varint.read(bytes, reason, end) || varint.value > end - varint.next) return -1;
  const next = varint.next + varint.value;
  handler.onConnectionClose();
  return next;
}

/** Reads all frames; false when one is damaged or does not belong into an Initial packet. */
export function readFrames(bytes: Bytes, handler: FrameHandler): boolean {
  const end = bytes.u8.length;
  for (let at = 0; at < end; ) {
    const type = bytes.view.getUint8(at++);
    if (type === Frame.padding || type === Frame.ping) continue;
    if (type === Frame.ack || type === Frame.ackWithCounts) at = skipAck(bytes, at, end, type === Frame.ackWithCounts);
    else if (type === Frame.crypto) at = readCrypto(bytes, at, end, handler);
    else if (type === Frame.connectionClose) at = readClose(bytes, at, end, handler);
    else return false;
    if (at < 0) return false;
  }
  return true;
}
