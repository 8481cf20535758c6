// From a text as it was sent to the texts that it may mean, with the steps taken. Bounded in depth, number and size.
import { decodeBackslash, decodeEntities, decodePercent, decodePlus, foldBlanks } from './decode-text.ts';
import { embeddedTexts } from './embedded-text.ts';
import { resolveLookups } from './lookups.ts';
import { cleanShell } from './shell-syntax.ts';
import type { Place } from './sign.ts';

/** A text that the input may mean. */
export interface MeantText {
  readonly text: string;
  readonly steps: readonly string[];
}

/** Characters of the input that are looked at. */
export const maxInputLength = 8192;
const maxRounds = 4;
const maxDepth = 3;
const maxTexts = 20;

const layers: readonly (readonly [string, (text: string) => string])[] = [
  ['percent', decodePercent],
  ['backslash escapes', decodeBackslash],
  ['character references', decodeEntities],
];

/** Undoes the layers of transport until nothing changes, at most four rounds. */
function peel(input: string): MeantText {
  let text = input;
  const steps: string[] = [];
  for (let round = 0; round < maxRounds; round++) {
    const before = text;
    for (const [step, decode] of layers) {
      const decoded = decode(text);
      if (decoded !== text) steps.push(step);
      text = decoded;
    }
    if (text === before) break;
  }
  return { text: foldBlanks(text), steps };
}

/** Readings of a text that differ from it. */
const readings: readonly (readonly [string, (text: string) => string])[] = [
  ['plus', decodePlus],
  ['look-ups', resolveLookups],
  ['shell syntax', cleanShell],
];

/** A text peeled of its encodings, and the readings of it that differ. */
function readingsOf(raw: string, before: readonly string[]): readonly MeantText[] {
  const peeled = peel(raw.slice(0, maxInputLength));
  let meant: MeantText = { text: peeled.text, steps: [...before, ...peeled.steps] };
  const all = [meant];
  for (const [step, read] of readings) {
    const text = read(meant.text);
    if (text === meant.text) continue;
    meant = { text: foldBlanks(text), steps: [...meant.steps, step] };
    all.push(meant);
  }
  return all;
}

/**
 * Every text that `input` may mean: peeled of its encodings, with look-ups and shell syntax resolved, and what is hidden in base64 or
 * hexadecimal tokens. The plainest comes first. At most 20 texts, three levels of hiding.
 */
export function meantTexts(input: string): readonly MeantText[] {
  const found = new Map<string, MeantText>();
  const hidden: (readonly [text: string, steps: readonly string[], depth: number])[] = [[input, [], 1]];
  for (let next = hidden.shift(); next !== undefined && found.size < maxTexts; next = hidden.shift()) {
    const [raw, steps, depth] = next;
    for (const reading of readingsOf(raw, steps)) {
      if (found.has(reading.text) || found.size >= maxTexts) continue;
      found.set(reading.text, reading);
      if (depth >= maxDepth) continue;
      for (const { text, step } of embeddedTexts(reading.text)) hidden.push([text, [...reading.steps, step], depth + 1]);
    }
  }
  return [...found.values()];
}

/** Syntax without which no payload works, in parameters, paths and bodies. */
const syntax =
  /[$`|;<>(){}'"\\%\s]|\.\.|:\/|=\/\/|\[#|&[&+]|\+(?:or|and|xor|union|order|select|sleep|\||-)|\/(?:bin|etc|proc)\/|\.\/|[A-Za-z0-9+/_-]{20}|classloader|win\.ini|boot\.ini|ld_preload/i;
/** The same for headers, in which blanks, brackets and semicolons are ordinary. */
const headerSyntax =
  /[$`{}<>%\\|'"]|\.\.\/|\/(?:bin|etc|dev|proc)\/|jndi|java\.|__|base64|powershell|cmd\.exe|\b(?:curl|wget|nc|tftp|sleep|select|telnet) |[A-Za-z0-9+/_-]{24}/i;

/** A look that costs little at the texts of ordinary traffic: false when no payload can be in there. */
export const mayCarry = (text: string, place: Place): boolean => (place === 'header' ? headerSyntax : syntax).test(text);
