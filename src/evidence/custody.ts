// The custody log: who did what to the bundle, when, on which host. One hash-chained JSON line each; lines are only ever added.
import { type ChainHead, chainLine, checkLine, emptyChain } from '../base/hash-chain.ts';
import { sha256 } from './digest.ts';

/** One line of the log, without what the chain adds. */
export interface CustodyEntry {
  /** ISO 8601, by the clock of `host`. */
  readonly at: string;
  readonly who: string;
  readonly host: string;
  /** `collected`, `sealed`, `time-stamped`, `handed over`, … */
  readonly what: string;
  readonly [fact: string]: unknown;
}

/** The log as far as it is known. */
export interface Custody {
  readonly entries: readonly CustodyEntry[];
  /** Head after each entry. */
  readonly heads: readonly ChainHead[];
  /** Line (from 1) and reason of the first break; nothing after it is read. */
  readonly broken?: { readonly line: number; readonly problem: string };
}

/** Longest log that is read; far beyond what people do. */
export const maxCustodyBytes: number = 16 << 20;

/** Reads and checks a log. */
export function readCustody(text: string): Custody {
  const entries: CustodyEntry[] = [];
  const heads: ChainHead[] = [];
  const lines = text.split('\n');
  const rest = lines.pop();
  let head = emptyChain;
  for (const [i, line] of lines.entries()) {
    const checked = checkLine(head, line, sha256);
    if (checked.problem !== undefined) return { entries, heads, broken: { line: i + 1, problem: checked.problem } };
    ({ head } = checked);
    heads.push(head);
    entries.push(checked.entry as CustodyEntry);
  }
  if (rest !== '') return { entries, heads, broken: { line: lines.length + 1, problem: 'has no end' } };
  return { entries, heads };
}

/** The line to add, with its end. */
export function custodyLine(head: ChainHead, entry: CustodyEntry): { readonly line: string; readonly head: ChainHead } {
  const next = chainLine(head, entry, sha256);
  return { line: `${next.line}\n`, head: next.head };
}
