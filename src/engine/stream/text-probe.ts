// Questions to the first bytes of a side, for content probes. Only the first 1024 bytes count, as in Zeek's detection.
import { type Bytes, findLineEnd } from '../../base/bytes.ts';
import type { Verdict } from '../analyzers/analyzer.ts';

/** Most bytes of one side that a content probe looks at. */
export const probeDepth = 1024;

/** Content probes of text protocols look at so many lines; those of Zeek reach no further. */
const mostLines = 3;

const isText = (byte: number): boolean => (byte >= 0x20 && byte < 0x7f) || (byte >= 9 && byte <= 13);

/** What a text protocol asks of the first lines; empty lines are left out, `complete` counts those that ended. */
export type LineTest = (lines: readonly string[], complete: number) => boolean;

/** The lines of the last look: several probes in a row ask for the same. */
const looked: { from: Uint8Array | undefined; start: number; depth: number; lines: readonly string[]; complete: number } = {
  from: undefined,
  start: 0,
  depth: 0,
  lines: [],
  complete: 0,
};

/** To be called when bytes may have changed, so that nobody is shown the lines of others. */
export function forgetLines(): void {
  looked.from = undefined;
}

function readLines(bytes: Bytes, start: number, depth: number): void {
  const lines: string[] = [];
  let complete = 0;
  for (let at = start; at < depth && complete < mostLines; at++) {
    const from = at;
    at = findLineEnd(bytes, at, depth);
    if (at === from) continue;
    lines.push(bytes.latin1(from, at));
    if (at < depth) complete++;
  }
  looked.from = bytes.u8;
  looked.start = start;
  looked.depth = depth;
  looked.lines = lines;
  looked.complete = complete;
}

/** `yes` when the first lines fit; else `more` until they, or 1024 bytes, are there. Time is linear in the bytes. */
export function probeLines(test: LineTest, bytes: Bytes, start: number, end: number): Verdict {
  if (start < end && !isText(bytes.u8[start] ?? 0)) return 'no';
  const depth = Math.min(end, start + probeDepth);
  if (looked.from !== bytes.u8 || looked.start !== start || looked.depth !== depth) readLines(bytes, start, depth);
  const { lines, complete } = looked;
  if (test(lines, complete)) return 'yes';
  return complete === mostLines || depth - start >= probeDepth ? 'no' : 'more';
}

/** `yes` when a pattern is found in the first 1024 bytes. Only for patterns that need time linear in the bytes. */
export function probePattern(pattern: RegExp, bytes: Bytes, start: number, end: number): Verdict {
  if (start < end && !isText(bytes.u8[start] ?? 0)) return 'no';
  const depth = Math.min(end, start + probeDepth);
  if (pattern.test(bytes.latin1(start, depth))) return 'yes';
  return depth - start >= probeDepth ? 'no' : 'more';
}

/** Whether none of the bytes is a line feed, which Zeek's patterns do not let `.` stand for. */
export function lacksLineFeed(bytes: Bytes, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes.u8[i] === 10) return false;
  return true;
}

/** Whether the bytes begin with these; `more` when what is there is a proper beginning of them. */
export function probePrefix(prefix: readonly number[], bytes: Bytes, start: number, end: number): Verdict {
  for (let i = 0; i < prefix.length; i++) {
    if (start + i >= end) return 'more';
    if (bytes.u8[start + i] !== prefix[i]) return 'no';
  }
  return 'yes';
}
