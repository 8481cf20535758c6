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

/** A test with what it can begin with. */
export interface LineProbe {
  readonly test: LineTest;
  /** 1 for bytes of which a telling line has one in front, behind blanks. Without such a line the test is not asked. */
  readonly firsts: Uint8Array;
}

/** @param firsts characters that a telling line may begin with, blanks left out; letters stand for both cases */
export function lineProbe(firsts: string, test: LineTest): LineProbe {
  const table = new Uint8Array(256);
  for (const first of firsts.toLowerCase() + firsts.toUpperCase()) table[first.charCodeAt(0)] = 1;
  return { test, firsts: table };
}

/** `\s` of a regular expression, for one character of ISO 8859-1. */
const isBlank = (byte: number): boolean => byte === 0x20 || (byte >= 9 && byte <= 13) || byte === 0xa0;

/** The lines of the last look: several probes in a row ask for the same. Most probes need no more than how they begin. */
const looked = {
  from: null as Uint8Array | null,
  start: 0,
  depth: 0,
  count: 0,
  complete: 0,
  starts: new Int32Array(mostLines),
  ends: new Int32Array(mostLines),
  /** First byte of each line that is no blank; 0 when there is none. */
  firsts: new Uint8Array(mostLines),
  lines: null as readonly string[] | null,
};

/** To be called when bytes may have changed, so that nobody is shown the lines of others. */
export function forgetLines(): void {
  looked.from = null;
}

/** The first byte that is no blank; 0 when there is none. */
function firstOf({ u8 }: Bytes, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(u8[at] ?? 0)) at++;
  return at < end ? (u8[at] ?? 0) : 0;
}

function findLines(bytes: Bytes, start: number, depth: number): void {
  let count = 0;
  let complete = 0;
  for (let at = start; at < depth && complete < mostLines; at++) {
    const from = at;
    at = findLineEnd(bytes, at, depth);
    if (at === from) continue;
    looked.starts[count] = from;
    looked.ends[count] = at;
    looked.firsts[count++] = firstOf(bytes, from, at);
    if (at < depth) complete++;
  }
  looked.from = bytes.u8;
  looked.start = start;
  looked.depth = depth;
  looked.count = count;
  looked.complete = complete;
  looked.lines = null;
}

function lookedLines(bytes: Bytes): readonly string[] {
  const lines: string[] = [];
  for (let i = 0; i < looked.count; i++) lines.push(bytes.latin1(looked.starts[i] ?? 0, looked.ends[i] ?? 0));
  looked.lines = lines;
  return lines;
}

function mayFit(firsts: Uint8Array): boolean {
  for (let i = 0; i < looked.count; i++) if (firsts[looked.firsts[i] ?? 0] === 1) return true;
  return false;
}

/** `yes` when the first lines fit; else `more` until they, or 1024 bytes, are there. Time is linear in the bytes. */
export function probeLines(probe: LineProbe, bytes: Bytes, start: number, end: number): Verdict {
  if (start < end && !isText(bytes.u8[start] ?? 0)) return 'no';
  const depth = Math.min(end, start + probeDepth);
  if (looked.from !== bytes.u8 || looked.start !== start || looked.depth !== depth) findLines(bytes, start, depth);
  if (mayFit(probe.firsts) && probe.test(looked.lines ?? lookedLines(bytes), looked.complete)) return 'yes';
  return looked.complete === mostLines || depth - start >= probeDepth ? 'no' : 'more';
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
