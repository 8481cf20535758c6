// Lists of which there are very many and which are short: a plain `push` makes room for 16 more with the second element, and so does a spread.

const shortLength = 8;

/** The list with the value at its end; to be stored in place of the old one, which may be the same. */
export function appended<T>(list: T[], value: T): T[] {
  if (list.length < shortLength) return list.concat([value]);
  list.push(value);
  return list;
}

/** None, one, or a list that was made for the second. */
export type Few<T> = T | T[] | undefined;

/** As a list. @param few whose values are no arrays */
export const listed = <T>(few: Few<T>): readonly T[] => (few === undefined ? [] : Array.isArray(few) ? few : [few]);

/** Them and one more, unless there are `most`; to be stored in place of the old ones. */
export function withOne<T>(few: Few<T>, value: T, most: number): Few<T> {
  if (few === undefined) return value;
  if (!Array.isArray(few)) return [few, value];
  return few.length < most ? appended(few, value) : few;
}
