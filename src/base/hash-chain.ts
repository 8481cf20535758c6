// Lines that each hold the hash of the one before: nothing in the middle can be changed, removed or put in without a break.
// A line is JSON on one line; its hash is over its own bytes up to the hash, so that no canonical form is needed.

/** Hexadecimal SHA-256 of a text in UTF-8; given by the caller, because this folder is pure. */
export type TextDigest = (text: string) => string;

/** What the first line names as the hash before it. */
export const chainStart: string = '0'.repeat(64);

/** Fields of a line, by names that begin with a letter; `sequence`, `previous` and `hash` are the chain's own. */
export type ChainEntry = Readonly<Record<string, unknown>>;

/** The end of a chain: how many lines it has, and the hash of the last. */
export interface ChainHead {
  readonly entries: number;
  readonly hash: string;
}

export const emptyChain: ChainHead = { entries: 0, hash: chainStart };

const before = ',"hash":"';
const suffixLength = before.length + 64 + '"}'.length;
const lineShape = /^\{"sequence":(\d{1,15}),"previous":"([0-9a-f]{64})"(?:,.*)?,"hash":"([0-9a-f]{64})"\}$/s;

/** The next line (without its line end) and the head of the chain with it. */
export function chainLine(head: ChainHead, entry: ChainEntry, digest: TextDigest): { readonly line: string; readonly head: ChainHead } {
  const { sequence: _, previous: __, hash: ___, ...fields } = entry;
  const body = JSON.stringify({ sequence: head.entries + 1, previous: head.hash, ...fields });
  const hash = digest(body);
  return { line: `${body.slice(0, -1)}${before}${hash}"}`, head: { entries: head.entries + 1, hash } };
}

/** A line that fits, or what is wrong with it. */
export type CheckedLine =
  | { readonly entry: ChainEntry; readonly head: ChainHead; readonly problem?: undefined }
  | { readonly problem: string };

/** Checks the line that follows `head`. */
export function checkLine(head: ChainHead, line: string, digest: TextDigest): CheckedLine {
  const [, sequence, previous, hash] = lineShape.exec(line) ?? [];
  if (hash === undefined) return { problem: 'is not a line of a hash chain' };
  if (previous !== head.hash) return { problem: 'does not follow the line before it' };
  if (Number(sequence) !== head.entries + 1) return { problem: `has number ${sequence} where ${head.entries + 1} was due` };
  if (digest(`${line.slice(0, -suffixLength)}}`) !== hash) return { problem: 'was changed: its hash is another' };
  try {
    return { entry: JSON.parse(line) as ChainEntry, head: { entries: head.entries + 1, hash } };
  } catch {
    return { problem: 'is not JSON' };
  }
}
