// LZ4 block format: sequences of literals and matches. github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md

const minMatch = 4;
const extended = 15;

/** What came of a block: bytes up to `end` are good, and `whole` says whether that is all of it. */
export interface DecodedBlock {
  readonly end: number;
  readonly whole: boolean;
}

/**
 * Decodes the block `input[start, end)` into `output` from `at` on; matches may reach back into the bytes before `at`.
 * Stops where the block breaks the format, ends early, or does not fit.
 */
export function decodeLz4Block(input: Uint8Array, start: number, end: number, output: Uint8Array, at: number): DecodedBlock {
  const limit = output.length;
  let from = start;
  let to = at;
  while (from < end) {
    const token = input[from++] ?? 0;
    const literals = lengthAt(token >> 4, input, from, end);
    from += extensionBytes(literals);
    const copied = Math.min(literals, limit - to, Math.max(0, end - from));
    to = copy(input, from, output, to, copied);
    from += copied;
    if (copied < literals) break;
    if (from === end) return { end: to, whole: true };
    const distance = (input[from] ?? 0) | ((input[from + 1] ?? 0) << 8);
    from += 2;
    const extra = lengthAt(token & extended, input, from, end);
    from += extensionBytes(extra);
    const length = extra + minMatch;
    if (from > end || distance === 0 || distance > to || length > limit - to) break;
    to = repeat(output, to, distance, length);
  }
  return { end: to, whole: false };
}

/** A length of 15 goes on in the bytes behind it: each is added, until one is not 255. */
function lengthAt(short: number, input: Uint8Array, from: number, end: number): number {
  if (short < extended) return short;
  let length = extended;
  let at = from;
  while (at < end && input[at] === 255) {
    length += 255;
    at++;
  }
  return length + (at < end ? (input[at] ?? 0) : 0);
}

/** Bytes that the rest of a length took; more than there are when the block ends inside it. */
const extensionBytes = (length: number): number => (length < extended ? 0 : Math.floor((length - extended) / 255) + 1);

function copy(input: Uint8Array, from: number, output: Uint8Array, to: number, length: number): number {
  if (length > 48) output.set(input.subarray(from, from + length), to);
  else for (let i = 0; i < length; i++) output[to + i] = input[from + i] ?? 0;
  return to + length;
}

/** A match may overlap what it writes: then it repeats a pattern and goes byte by byte. */
function repeat(output: Uint8Array, to: number, distance: number, length: number): number {
  const from = to - distance;
  if (length > 48 && distance >= length) output.copyWithin(to, from, from + length);
  else for (let i = 0; i < length; i++) output[to + i] = output[from + i] ?? 0;
  return to + length;
}
