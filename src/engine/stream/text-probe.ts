// Questions to the first bytes of a side, for content probes. Only the first 1024 bytes count, as in Zeek's detection.
import type { Bytes } from '../../base/bytes.ts';
import type { Verdict } from '../analyzers/analyzer.ts';

/** Most bytes of one side that a content probe looks at. */
export const probeDepth = 1024;

/** Patterns of text protocols look at the first lines only. */
const mostLines = 4;

const isText = (byte: number): boolean => (byte >= 0x20 && byte < 0x7f) || (byte >= 9 && byte <= 13);

function hasLines(bytes: Bytes, start: number, end: number): boolean {
  let lines = 0;
  for (let i = start; i < end; i++) if (bytes.u8[i] === 10 && ++lines === mostLines) return true;
  return false;
}

/** `yes` when a pattern of a text protocol is found; else `more` while the first lines, or 1024 bytes, are not complete. */
export function probePattern(pattern: RegExp, bytes: Bytes, start: number, end: number): Verdict {
  if (start < end && !isText(bytes.u8[start] ?? 0)) return 'no';
  const depth = Math.min(end, start + probeDepth);
  if (pattern.test(bytes.latin1(start, depth))) return 'yes';
  return depth - start >= probeDepth || hasLines(bytes, start, depth) ? 'no' : 'more';
}

/** Whether none of the bytes is a line feed, which Zeek's patterns do not let `.` stand for. */
export function lacksLineFeed(bytes: Bytes, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes.u8[i] === 10) return false;
  return true;
}

/** Whether the bytes begin with these; `more` when what is there is a proper beginning of them. */
export function probePrefix(prefix: readonly number[], bytes: Bytes, start: number, end: number): Verdict {
  for (const [i, expected] of prefix.entries()) {
    if (start + i >= end) return 'more';
    if (bytes.u8[start + i] !== expected) return 'no';
  }
  return 'yes';
}
