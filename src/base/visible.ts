// Text from the wire, made safe to look at: what a reader could not see, or would see in another order, becomes a visible mark.

/**
 * Control characters (C0, C1), marks of writing direction (a name that reads backwards), characters of no width, line and
 * paragraph separators, tags, surrogates that stand alone. Unicode Technical Report 36 §2.5 and §3.
 */
const unseen =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what we look for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffc]|[\u{e0000}-\u{e0fff}]|\p{Cs}/gu;

const mark = (character: string): string => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;

/** Longest text shown in one place, in UTF-16 units; the records keep the rest. */
const maxShown = 2000;

/** One line of printable text. What was cut ends in `…`. */
export function visible(text: string, limit = maxShown): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}…` : text;
  return cut.replace(unseen, mark);
}
