// One way to recognise a content type by a file's first bytes. Names and strengths are those of Zeek's file framework,
// so that `files.mime_type` reads the same; patterns are anchored at the start of the file.

/** Recognises one type. Text is the file's first bytes, one ISO 8859-1 character each. */
export interface Rule {
  readonly type: string;
  /** Of several rules that fit, the strongest speaks; of equals the alphabetically first type. */
  readonly strength: number;
  /** Characters a file of this type can begin with; undefined when any. */
  readonly first: string | undefined;
  fits(text: string): boolean;
}

/** The file holds `literal` at position `at`. */
export function literal(type: string, strength: number, value: string, at = 0): Rule {
  const first = value.charCodeAt(0);
  return {
    type,
    strength,
    first: at === 0 ? value[0] : undefined,
    fits: (text) => text.charCodeAt(at) === first && text.startsWith(value, at), // the look at one character is the cheaper
  };
}

/** The file holds one of `values` at position `at`. */
export const oneOf = (type: string, strength: number, values: readonly string[], at = 0): Rule => ({
  type,
  strength,
  first: at === 0 ? values.map((value) => value[0] ?? '').join('') : undefined,
  fits: (text) => values.some((value) => text.startsWith(value, at)),
});

/**
 * The file fits a regular expression that begins with `^`; a dot is any byte. It must be linear: no repetition inside a
 * repetition, since the text is hostile.
 * @param first characters that it can begin with; undefined when any.
 */
export function pattern(type: string, strength: number, first: string | undefined, source: string, flags = ''): Rule {
  const regex = new RegExp(source, `s${flags}`);
  return { type, strength, first, fits: (text) => regex.test(text) };
}

/** The file fits a test of its own. */
export const test = (type: string, strength: number, first: string | undefined, fits: (text: string) => boolean): Rule => ({
  type,
  strength,
  first,
  fits,
});
