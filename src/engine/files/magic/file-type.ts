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

/** For each first byte the rules that can fit, strongest first. */
const rulesByFirst: readonly (readonly Rule[])[] = Array.from({ length: 256 }, (_, byte) =>
  rules.filter((rule) => rule.first === undefined || rule.first.includes(String.fromCharCode(byte))),
);

/**
 * The type of the strongest rule that fits, undefined when none does.
 * @param text the file's first bytes (at most `sniffBytes`), one ISO 8859-1 character each.
 */
export function fileType(text: string): string | undefined {
  if (text.length === 0) return undefined;
  return rulesByFirst[text.charCodeAt(0)]?.find((rule) => rule.fits(text))?.type;
}
