// Runs the rules over everything that a text may mean.
import { Memo } from '../../base/memo.ts';
import { callbackNear, callbackOf } from './callback-host.ts';
import { type MeantText, mayCarry, meantTexts } from './normalise.ts';
import { HintIndex } from './rules/hint-index.ts';
import { rules } from './rules/index.ts';
import type { Rule } from './rules/rule.ts';
import type { Callback, Place, Sign, Strength } from './sign.ts';

const hintIndex = new HintIndex(rules);
const before = 300;
const behind = 700;
const snippetLead = 60;
const snippetLength = 300;
/** Matches of one rule that are tried when something nearby is missing. */
const maxTries = 8;

/** Printable, one line, bounded. */
export const printable = (text: string): string => text.replace(/[^\x20-\x7e\u00a1-\uffff]+/g, ' ').trim();

function snippetOf(text: string, at: number): string {
  const start = at <= snippetLead * 2 ? 0 : at - snippetLead;
  return printable(text.slice(start, start + snippetLength));
}

interface Hit {
  readonly at: number;
  readonly callback: Callback | undefined;
}

function find(rule: Rule, text: string): Hit | undefined {
  rule.pattern.lastIndex = 0;
  for (let tries = 0; tries < maxTries; tries++) {
    const match = rule.pattern.exec(text);
    if (match === null) return undefined;
    const around = text.slice(Math.max(0, match.index - before), match.index + match[0].length + behind);
    if (rule.nearby !== undefined && !rule.nearby.test(around)) continue;
    return { at: match.index, callback: callbackIn(rule, match, around) };
  }
  return undefined;
}

function callbackIn(rule: Rule, match: RegExpExecArray, around: string): Callback | undefined {
  if (rule.callback === undefined) return undefined;
  const named = callbackOf(rule.callback, match.groups?.['host'], match.groups?.['port']);
  return named ?? (rule.looksAround === true ? callbackNear(rule.callback, around) : undefined);
}

function signsIn(meant: MeantText, place: Place, found: Map<string, Sign>): void {
  const marks = hintIndex.mark(meant.text.toLowerCase());
  if (marks === undefined) return;
  for (const [i, rule] of rules.entries()) {
    if (marks[i] === 0 || rule.places?.includes(place) === false) continue;
    const key = `${rule.family}|${rule.technique}`;
    const known = found.get(key);
    // A later reading may resolve the end that an earlier one only hinted at.
    if (known !== undefined && (known.callback !== undefined || rule.callback === undefined)) continue;
    const hit = find(rule, meant.text);
    if (hit === undefined || (known !== undefined && hit.callback === undefined)) continue;
    found.set(key, {
      family: rule.family,
      technique: rule.technique,
      strength: rule.strength,
      ...(hit.callback !== undefined && { callback: hit.callback }),
      decodedSnippet: snippetOf(meant.text, hit.at),
      steps: meant.steps,
    });
  }
}

const nothing: readonly Sign[] = [];
const strengths: readonly Strength[] = ['probe', 'attack', 'exploit'];
const weight = (sign: Sign): number => 2 * strengths.indexOf(sign.strength) + (sign.callback === undefined ? 0 : 1);

/** What was said of texts, by place: paths, queries and agents repeat themselves. Bounded in number and size. */
const known = new Map<Place, Memo<string, readonly Sign[]>>();
const maxKnown = 512;
const maxKnownLength = 512;

/** Answers for texts of a place. */
function knownIn(place: Place): Memo<string, readonly Sign[]> {
  let answers = known.get(place);
  if (answers === undefined) {
    answers = new Memo(maxKnown);
    known.set(place, answers);
  }
  return answers;
}

/**
 * The attacks that a text carries, gravest first; empty for ordinary text. Bounded: at most 20 readings of 8192 characters,
 * linear patterns.
 */
export function inspectText(text: string, place: Place): readonly Sign[] {
  if (!mayCarry(text, place)) return nothing;
  if (text.length > maxKnownLength) return inspect(text, place);
  const answers = knownIn(place);
  return answers.get(text) ?? answers.set(text, inspect(text, place));
}

function inspect(text: string, place: Place): readonly Sign[] {
  const found = new Map<string, Sign>();
  for (const meant of meantTexts(text)) signsIn(meant, place, found);
  return found.size === 0 ? nothing : [...found.values()].sort((a, b) => weight(b) - weight(a));
}
