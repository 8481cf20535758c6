// The content type of a file by its first bytes.
import { archives } from './archives.ts';
import { data } from './data.ts';
import { documents } from './documents.ts';
import { images } from './images.ts';
import { markup } from './markup.ts';
import { media } from './media.ts';
import { programs } from './programs.ts';
import type { Rule } from './rule.ts';
import { text as texts } from './text.ts';

/** Bytes of a file that are looked at; Zeek's `default_file_bof_buffer_size`. */
export const sniffBytes = 4096;

const compare = (a: Rule, b: Rule): number => b.strength - a.strength || (a.type < b.type ? -1 : a.type > b.type ? 1 : 0);
const rules: readonly Rule[] = [archives, data, documents, images, markup, media, programs, texts].flat().sort(compare);

/** For each first byte the rules that can fit, strongest first; put together when a file begins with it. */
const rulesByFirst = new Array<readonly Rule[] | undefined>(256).fill(undefined);

function rulesFor(first: number): readonly Rule[] {
  const known = rulesByFirst[first];
  if (known !== undefined) return known;
  const character = String.fromCharCode(first);
  const made = rules.filter((rule) => rule.first === undefined || rule.first.includes(character));
  rulesByFirst[first] = made;
  return made;
}

/**
 * The type of the strongest rule that fits, undefined when none does.
 * @param text the file's first bytes (at most `sniffBytes`), one ISO 8859-1 character each.
 */
export function fileType(text: string): string | undefined {
  if (text.length === 0) return undefined;
  for (const rule of rulesFor(text.charCodeAt(0))) if (rule.fits(text)) return rule.type;
  return undefined;
}
