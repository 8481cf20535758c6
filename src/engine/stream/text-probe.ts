// Questions to the first bytes of a side, for content probes. Only the first 1024 bytes count, as in Zeek's detection.
import type { Bytes } from '../../base/bytes.ts';
import type { Verdict } from '../analyzers/analyzer.ts';

/** Most bytes of one side that a content probe looks at. */
export const probeDepth = 1024;

/** The first bytes as text, one character a byte. */
export const headText = (bytes: Bytes, start: number, end: number): string => bytes.latin1(start, Math.min(end, start + probeDepth));

/** `yes` when a pattern is found; else `more` while there is room for it to come. */
export function probePattern(pattern: RegExp, bytes: Bytes, start: number, end: number): Verdict {
  if (pattern.test(headText(bytes, start, end))) return 'yes';
  return end - start >= probeDepth ? 'no' : 'more';
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
